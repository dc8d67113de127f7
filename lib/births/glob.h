/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a pattern of exporters one that a BPF program can match. */
#ifndef BIRTHS_GLOB_H
#define BIRTHS_GLOB_H

#include "abi/births.h"

/*
 * Makes @ret of a pattern, which matches what glob_matches() does.
 * Return: 0, -E2BIG when it has TRACK_GLOB_LEN bytes or more, or -EILSEQ when
 * brackets in it have bytes that are not ASCII.
 */
int glob_compile(const char *pattern, struct track_glob *ret);

#endif
