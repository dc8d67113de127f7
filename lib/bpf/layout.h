/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where members of the kernel's structs are, from its BTF. */
#ifndef BPF_LAYOUT_H
#define BPF_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/fields.h"
#include "core/context.h"

#define LAYOUT_NONE UINT32_MAX

/**
 * struct layout - offsets of members
 * @at: for each enum kernel_field, its offset in bytes, or the size of the
 *	struct; LAYOUT_NONE when this kernel does not have it
 * @types: how many types were read
 * @word: bytes of the kernel's pointers and longs
 */
struct layout {
	uint32_t at[FIELDS];
	uint32_t types;
	uint32_t word;
};

/*
 * Makes the layout of the running kernel from an empty one, or adds the types
 * of modules that were added to the context since. Return: 0, or -errno with
 * the reason in @ctx->error.
 */
int layout_read(struct dmabuf_ctx *ctx, struct layout *ret);

/*
 * The same, for callers that read words of 64 bits: -EOPNOTSUPP on a kernel of
 * 32 bits.
 */
int layout_read_64(struct dmabuf_ctx *ctx, struct layout *ret);

/* Whether all of these members are known. @fields ends with FIELDS. */
bool layout_has(const struct layout *layout, const enum kernel_field *fields);

/* Return: the first of these members that is not known, or FIELDS. */
enum kernel_field layout_first_missing(const struct layout *layout,
				       const enum kernel_field *fields);

/* Return: the names of a struct and its member; "SIZE" is its size. */
const char *layout_type(enum kernel_field field);
const char *layout_member(enum kernel_field field);

/* The offset of a member, of a struct layout pointer. */
#define AT(layout, type, member) ((layout)->at[FIELD_##type##_##member])

#define HAS(layout, type, member) (AT(layout, type, member) != LAYOUT_NONE)

#endif
