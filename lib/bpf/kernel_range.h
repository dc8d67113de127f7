/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BPF_KERNEL_RANGE_H
#define BPF_KERNEL_RANGE_H

#include <stdint.h>

/*
 * Return: the lowest address of the kernel, 0 where it is not known. v5.10 and
 * v6.1 do not recognize some non-canonical addresses on CPUs with LA57, and
 * warn about the fault.
 */
uint64_t kernel_lowest_address(void);

#endif
