/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the kernel aligns memory of CMA regions: CONFIG_CMA_ALIGNMENT. */
#ifndef HEAP_ALIGNMENT_H
#define HEAP_ALIGNMENT_H

#include "heap/number.h"

/*
 * Finds the order of the largest alignment in the configuration of the kernel,
 * /proc/config.gz or /boot/config-RELEASE. @ret is unknown where neither tells.
 * Return: 0 or -ENOMEM.
 */
int alignment_read(const struct sysroot *sysroot, struct opt_u64 *ret);

#endif
