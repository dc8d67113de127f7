/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How /proc is mounted. */
#ifndef COLLECT_PROC_MOUNTS_H
#define COLLECT_PROC_MOUNTS_H

#include <stdbool.h>

#include "util/sysroot.h"

/*
 * Tests whether /proc hides processes from us by hidepid. A reader who can open
 * the first process sees all of them. @ret is untouched when this is unknown.
 * Return: 0 or -ENOMEM.
 */
int proc_is_hidden(const struct sysroot *sysroot, bool *ret);

#endif
