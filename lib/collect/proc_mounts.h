/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How /proc is mounted. */
#ifndef COLLECT_PROC_MOUNTS_H
#define COLLECT_PROC_MOUNTS_H

#include <stdbool.h>

#include "util/sysroot.h"

/*
 * Whether /proc is mounted with hidepid and hides processes from us. Who can
 * see into the first process can see all of them. @ret is untouched when that
 * is not known. Return: 0 or -ENOMEM.
 */
int proc_is_hidden(const struct sysroot *sysroot, bool *ret);

#endif
