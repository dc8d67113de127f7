/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns of names. */
#ifndef UTIL_GLOB_H
#define UTIL_GLOB_H

#include <stdbool.h>

/*
 * Whether a name matches a pattern of glob(7), byte by byte: the kernel's names
 * have no encoding, and BPF programs, which match some of them, no locale.
 */
bool glob_matches(const char *pattern, const char *name);

#endif
