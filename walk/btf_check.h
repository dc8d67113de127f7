/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that BTF, which anybody may have written, can be followed to an end. */
#ifndef WALK_BTF_CHECK_H
#define WALK_BTF_CHECK_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

/* Limits, far above what a kernel has. */
enum {
	/* typedefs, qualifiers, pointers and arrays, each of the next */
	BTF_CHAIN_MAX = 32,
	/* structs, each inside another one */
	BTF_NESTED_MAX = 64,
	/* members of all structs, those of anonymous structs inside included */
	BTF_MEMBERS_MAX = 1 << 24,
};

/*
 * Tests the types of the file @path from @first on. Those before were tested:
 * they are of the BTF that this one is split from. Return: 0; -EBADMSG when a
 * type that another one refers to does not exist, or a type contains itself or
 * exceeds a limit; -ENOMEM. The reason is in @error.
 */
int btf_check(const struct btf *btf, uint32_t first, const char *path,
	      struct dmabuf_error *error);

/*
 * Whether a type is another name of a type, with qualifiers or without, or a
 * pointer to it or an array of it. @ret takes the id of that type.
 */
bool btf_is_alias(const struct btf_type *t, uint32_t *ret);
bool btf_is_chained(const struct btf_type *t, uint32_t *ret);

#endif
