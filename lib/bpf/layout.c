// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/layout.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

#include "bpf/object.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(btf, struct btf, btf__free)

/* A struct inside of others without names: as many levels as the kernel has. */
enum { DEPTH_MAX = 8 };

static const struct field {
	const char *type, *member;
} rows[] = {
#define FIELD_ROW(type, member) [FIELD_##type##_##member] = { #type, #member },
	KERNEL_FIELDS(FIELD_ROW)
};

/* Return: the offset in bytes of a member, or LAYOUT_NONE. */
static uint32_t find_member(const struct btf *btf, const struct btf_type *t,
			    const char *member, int depth)
{
	const struct btf_member *m = btf_members(t);
	const struct btf_type *inner;
	const char *name;
	uint32_t i, at;

	for (i = 0; i < btf_vlen(t); i++) {
		name = btf__name_by_offset(btf, m[i].name_off);
		if (name && !strcmp(name, member))
			return btf_member_bit_offset(t, i) / 8;
		if (name && *name)
			continue;
		inner = btf__type_by_id(btf, m[i].type);
		at = inner && btf_is_composite(inner) && depth < DEPTH_MAX
			     ? find_member(btf, inner, member, depth + 1)
			     : LAYOUT_NONE;
		if (at != LAYOUT_NONE)
			return at + btf_member_bit_offset(t, i) / 8;
	}
	return LAYOUT_NONE;
}

/* Fills the fields of a type that are not known yet. */
static void note_type(struct layout *layout, const struct btf *btf,
		      const struct btf_type *t)
{
	const char *type = btf__name_by_offset(btf, t->name_off);
	size_t i;

	for (i = 0; type && i < FIELDS; i++) {
		if (rows[i].type[0] != type[0] || strcmp(rows[i].type, type) ||
		    layout->at[i] != LAYOUT_NONE)
			continue;
		layout->at[i] = strcmp(rows[i].member, "SIZE")
					? find_member(btf, t, rows[i].member, 0)
					: t->size;
	}
}

int layout_read(struct dmabuf_ctx *ctx, struct layout *ret)
{
	_cleanup_(btf_cleanup) struct btf *btf = NULL;
	const struct btf_type *t;
	const char *path;
	uint32_t id;
	int r;

	r = bpf_object_btf_path(ctx, &path);
	if (r)
		return r;
	btf = btf__parse(path, NULL);
	if (!btf)
		return error_set_errno(&ctx->error, -errno,
				       "cannot read the kernel's types");
	if (!ret->types)
		memset(ret->at, 0xff, sizeof(ret->at));
	/* A struct that was not copied whole has no members. */
	for (id = ret->types + 1; (t = btf__type_by_id(btf, id)); id++)
		if (btf_is_composite(t) && btf_vlen(t))
			note_type(ret, btf, t);
	ret->types = id - 1;
	/* The copy of the types tells it to programs that may be wrong. */
	ret->word = btf__pointer_size(btf) ?: sizeof(void *);
	return 0;
}

int layout_read_64(struct dmabuf_ctx *ctx, struct layout *ret)
{
	int r = layout_read(ctx, ret);

	return r || ret->word == sizeof(uint64_t)
		       ? r
		       : error_set(&ctx->error, -EOPNOTSUPP,
				   "kernels of 32 bits are not searched");
}

enum kernel_field layout_first_missing(const struct layout *layout,
				       const enum kernel_field *fields)
{
	while (*fields != FIELDS && layout->at[*fields] != LAYOUT_NONE)
		fields++;
	return *fields;
}

bool layout_has(const struct layout *layout, const enum kernel_field *fields)
{
	return layout_first_missing(layout, fields) == FIELDS;
}

const char *layout_type(enum kernel_field field)
{
	return rows[field].type;
}

const char *layout_member(enum kernel_field field)
{
	return rows[field].member;
}
