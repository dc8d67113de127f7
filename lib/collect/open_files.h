/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COLLECT_OPEN_FILES_H
#define COLLECT_OPEN_FILES_H

#include <stdint.h>

/*
 * Return: how many files are open in the whole system, 0 when unknown. No more
 * buffers can exist, because each has a file.
 */
uint64_t count_open_files(void);

#endif
