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

/* Most names differ in the first letter: that saves a call for each. */
static bool is_same(const char *a, const char *b)
{
	return a[0] == b[0] && !strcmp(a, b);
}

/* Notes one member. @type: of the fields; @base: offset of the member. */
static void note(struct layout *layout, const char *type, const char *member,
		 uint32_t base)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (layout->at[i] == LAYOUT_NONE &&
		    is_same(rows[i].member, member) &&
		    is_same(rows[i].type, type))
			layout->at[i] = base;
}

/* Notes the members of a struct that is @base bytes inside of @type. */
static void note_members(struct layout *layout, const struct btf *btf,
			 const char *type, const struct btf_type *t,
			 uint32_t base, int depth)
{
	const struct btf_member *m = btf_members(t);
	const struct btf_type *inner;
	const char *name;
	uint32_t i, at;

	for (i = 0; i < btf_vlen(t); i++) {
		at = base + btf_member_bit_offset(t, i) / 8;
		name = btf__name_by_offset(btf, m[i].name_off);
		if (name && *name) {
			note(layout, type, name, at);
			continue;
		}
		inner = btf__type_by_id(btf, m[i].type);
		if (inner && btf_is_composite(inner) && depth < DEPTH_MAX)
			note_members(layout, btf, type, inner, at, depth + 1);
	}
}

static bool is_wanted(const char *type)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (is_same(rows[i].type, type))
			return true;
	return false;
}

int layout_read(struct dmabuf_ctx *ctx, struct layout *ret)
{
	_cleanup_(btf_cleanup) struct btf *btf = NULL;
	const struct btf_type *t;
	const char *path, *type;
	uint32_t id;
	int r;

	r = bpf_object_btf_path(ctx, &path);
	if (r)
		return r;
	btf = btf__parse(path, NULL);
	if (!btf)
		return error_set(&ctx->error, -errno,
				 "cannot read the kernel's types: %s",
				 strerror(errno));
	memset(ret->at, 0xff, sizeof(ret->at));
	for (id = 1; (t = btf__type_by_id(btf, id)); id++) {
		type = btf_is_composite(t)
			       ? btf__name_by_offset(btf, t->name_off)
			       : NULL;
		if (!type || !is_wanted(type) || !btf_vlen(t))
			continue;
		note(ret, type, "SIZE", t->size);
		note_members(ret, btf, type, t, 0, 0);
	}
	return 0;
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
