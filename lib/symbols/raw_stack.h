/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stacks as BPF programs get them. */
#ifndef SYMBOLS_RAW_STACK_H
#define SYMBOLS_RAW_STACK_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Return: how many frames of @each bytes there are, none for an error. @most:
 * how many there is room for
 */
static inline size_t raw_stack_count(int16_t bytes, size_t each, size_t most)
{
	const size_t n = bytes > 0 ? bytes / each : 0;

	return n < most ? n : most;
}

/*
 * Without frame pointers, callers are sought in other data. The kernel takes a
 * small number for a place before the beginning of the first file.
 */
static inline bool raw_stack_is_no_code(const struct bpf_stack_build_id *at)
{
	return at->status == BPF_STACK_BUILD_ID_VALID && at->offset > INT64_MAX;
}

#endif
