// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ui/suggest.h"
#include "util/cleanup.h"
#include "util/vec.h"
#include "walk/btf_check.h"
#include "walk/btf_read.h"
#include "walk/types.h"

struct types {
	struct sysroot sysroot;
	struct vec btfs; /* struct btf *, the kernel's first */
	bool modules; /* are they there? */
};

DEFINE_CLEANUP(types, struct types, types_free)

static struct btf *btf_at(const struct types *types, size_t i)
{
	return *(struct btf **)vec_at(&types->btfs, i);
}

static int add(struct types *types, struct btf *btf, struct dmabuf_error *error)
{
	if (!vec_push(&types->btfs, &btf))
		return 0;
	btf__free(btf);
	return error_no_memory(error);
}

static int load(struct types *types, const char *name,
		struct dmabuf_error *error)
{
	struct btf *base = types->btfs.n ? btf_at(types, 0) : NULL, *btf;

	return btf_read(&types->sysroot, name, base, &btf, error)
		       ?: add(types, btf, error);
}

/* Those of modules are numbered for the kernel's own types. */
static int load_kernel(struct types *types, const char *given,
		       struct dmabuf_error *error)
{
	struct btf *btf;
	bool own;
	int r;

	if (!sysroot_is_live(&types->sysroot)) {
		r = load(types, "vmlinux", error);
		return r == -ENOENT
			       ? error_hint(error, "boot a kernel built with "
						   "CONFIG_DEBUG_INFO_BTF=y")
			       : r;
	}
	r = btf_read_kernel(given, &btf, &own, error);
	if (r)
		return r;
	types->modules = !own;
	r = add(types, btf, error);
	if (!r && btf__pointer_size(btf) != sizeof(uint64_t))
		r = error_set(error, -EOPNOTSUPP,
			      "kernels of 32 bits cannot be walked");
	return r;
}

int types_open(const struct sysroot *sysroot, const char *given,
	       struct types **ret, struct dmabuf_error *error)
{
	_cleanup_(types_cleanup) struct types *types = NULL;
	int r;

	types = malloc(sizeof(*types));
	if (!types)
		return error_no_memory(error);
	*types = (struct types){
		.sysroot = *sysroot,
		.btfs = VEC_OF(struct btf *),
	};
	r = load_kernel(types, given, error);
	if (!r)
		*ret = take_ptr(types);
	return r;
}

void types_free(struct types *types)
{
	size_t i;

	if (!types)
		return;
	/* Those of modules refer to the kernel's. */
	for (i = types->btfs.n; i--;)
		btf__free(btf_at(types, i));
	vec_fini(&types->btfs);
	free(types);
}

/*
 * Loads those of modules. One that goes away meanwhile is not missed. Return: 0
 * or -ENOMEM.
 */
static int load_modules(struct types *types)
{
	_cleanup_closedir_ DIR *dir = NULL;
	struct dmabuf_error error;
	struct dirent *entry;
	int r;

	if (types->modules)
		return 0;
	types->modules = true;
	r = sysroot_opendir(&types->sysroot, SYSROOT_TOP, BTF_DIR, &dir);
	if (r)
		return r == -ENOMEM ? r : 0;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    strcmp(entry->d_name, "vmlinux") &&
		    load(types, entry->d_name, &error) == -ENOMEM)
			return -ENOMEM;
	return 0;
}

static bool is_named_composite(const struct btf *btf,
			       const struct btf_type *type, const char **name)
{
	if (!btf_is_composite(type))
		return false;
	*name = btf__name_by_offset(btf, type->name_off);
	return *name && **name;
}

static bool find_in(const struct btf *btf, const char *name, size_t length,
		    const char *member, struct type *ret)
{
	const char *is = NULL;
	struct member unused;
	uint32_t id;

	for (id = btf_first_id(btf); id < btf__type_cnt(btf); id++) {
		struct type type = { btf, id };

		if (is_named_composite(btf, type_get(type), &is) &&
		    !strncmp(is, name, length) && !is[length] &&
		    (!member ||
		     type_member(type, member, strcspn(member, ".[{}:-"),
				 &unused))) {
			*ret = type;
			return true;
		}
	}
	return false;
}

static void try_nearest(void *data, const char *name, struct type type)
{
	(void)type;
	suggest_try(data, name);
}

int types_find(struct types *types, const char *name, size_t length,
	       const char *member, struct type *ret, struct dmabuf_error *error)
{
	char hint[SUGGEST_HINT];
	struct suggestion near;
	size_t i;

	for (i = 0; i < types->btfs.n; i++) {
		if (find_in(btf_at(types, i), name, length, member, ret))
			return 0;
		if (load_modules(types))
			return error_no_memory(error);
	}
	/* Then let it be said which members the first of them has. */
	for (i = 0; member && i < types->btfs.n; i++)
		if (find_in(btf_at(types, i), name, length, NULL, ret))
			return 0;

	error_set(error, -ENOENT, "this kernel's BTF has no struct '%.*s'",
		  (int)length, name);
	suggest_begin(&near, name, length);
	if (types_each(types, try_nearest, &near))
		return error_no_memory(error);
	/* More likely than a slip of that many letters. */
	if (types->btfs.n == 1 && (!near.name[0] || near.distance > 2))
		return error_hint(error,
				  "types of modules are in kernels since "
				  "5.11 built with "
				  "CONFIG_DEBUG_INFO_BTF_MODULES=y");
	return error_hint(error, "%s", suggest_hint(&near, "", hint));
}

int types_complete(struct types *types, struct type *type,
		   struct dmabuf_error *error)
{
	struct type plain = type_plain(*type);
	const struct btf_type *t = type_get(plain);
	const char *name = type_name(plain);

	if (!t || !btf_is_fwd(t))
		return 0;
	return types_find(types, name, strlen(name), NULL, type, error);
}

int types_each(struct types *types,
	       void (*each)(void *data, const char *name, struct type type),
	       void *data)
{
	const char *name = NULL;
	uint32_t id;
	size_t i;

	if (load_modules(types))
		return -ENOMEM;
	for (i = 0; i < types->btfs.n; i++) {
		struct btf *btf = btf_at(types, i);

		for (id = btf_first_id(btf); id < btf__type_cnt(btf); id++) {
			struct type type = { btf, id };

			if (is_named_composite(btf, type_get(type), &name))
				each(data, name, type);
		}
	}
	return 0;
}

struct iterators {
	const char *name; /* of the struct */
	char *to;
	size_t size, used;
};

/* The context of an iterator points at the object after the meta data. */
static void try_iterator(void *data, const char *name, struct type type)
{
	static const char prefix[] = "bpf_iter__";
	struct iterators *iterators = data;
	const struct btf_type *t = type_get(type);
	const struct btf_member *member = btf_members(t);
	struct type object;

	/* Of two objects, such as a task and its file, it is the latter's. */
	if (strncmp(name, prefix, strlen(prefix)) || btf_vlen(t) != 2 ||
	    strstr(name + strlen(prefix), "__"))
		return;
	object = (struct type){ type.btf, member[1].type };
	for (t = type_get(object); t && btf_is_composite(t) && btf_vlen(t);
	     t = type_get(object))
		object.id = btf_members(t)->type;
	if (!type_is_pointer(object) ||
	    strcmp(type_name(type_plain(type_target(object))), iterators->name))
		return;
	iterators->used +=
		snprintf(iterators->to + iterators->used,
			 iterators->size - iterators->used, "%siter/%s",
			 iterators->used ? ", " : "", name + strlen(prefix));
	if (iterators->used >= iterators->size)
		iterators->used = iterators->size - 1;
}

int types_iterators(struct types *types, const char *name, char *to,
		    size_t size)
{
	struct iterators iterators = { .name = name, .to = to, .size = size };

	to[0] = 0;
	return types_each(types, try_iterator, &iterators);
}

const struct btf_type *type_get(struct type type)
{
	return type.btf ? btf__type_by_id(type.btf, type.id) : NULL;
}

/* Not btf__resolve_type(), to which a struct that is only declared is void. */
struct type type_plain(struct type type)
{
	const struct btf_type *t = type_get(type);

	while (t && btf_is_alias(t, &type.id))
		t = type_get(type);
	return type;
}

struct type type_target(struct type type)
{
	const struct btf_type *t;

	type = type_plain(type);
	t = type_get(type);
	if (t && btf_is_chained(t, &type.id))
		return type;
	return (struct type){};
}

bool type_is_void(struct type type)
{
	return !type_plain(type).id;
}

bool type_is_pointer(struct type type)
{
	const struct btf_type *t = type_get(type_plain(type));

	return t && btf_is_ptr(t);
}

bool type_is_composite(struct type type)
{
	const struct btf_type *t = type_get(type_plain(type));

	return t && btf_is_composite(t);
}

bool type_is_array(struct type type, uint32_t *count)
{
	const struct btf_type *t = type_get(type_plain(type));

	if (!t || !btf_is_array(t))
		return false;
	if (count)
		*count = btf_array(t)->nelems;
	return true;
}

bool type_is_called(struct type type, const char *name)
{
	return type_is_composite(type) &&
	       !strcmp(type_name(type_plain(type)), name);
}

const char *type_name(struct type type)
{
	const struct btf_type *t = type.id ? type_get(type) : NULL;
	const char *name =
		t ? btf__name_by_offset(type.btf, t->name_off) : NULL;

	return name ?: "";
}

size_t type_size(struct type type)
{
	int64_t size;

	if (!type.btf || type_is_void(type))
		return 0;
	size = btf__resolve_size(type.btf, type.id);
	return size > 0 ? size : 0;
}

/* Members of anonymous structs belong to the struct that they are in. */
bool type_member(struct type type, const char *name, size_t length,
		 struct member *ret)
{
	const struct btf_type *t = type_get(type_plain(type));
	const struct btf_member *member;
	uint32_t i;

	if (!t || !btf_is_composite(t))
		return false;
	member = btf_members(t);
	for (i = 0; i < btf_vlen(t); i++, member++) {
		struct type of = { type.btf, member->type };
		const char *is =
			btf__name_by_offset(type.btf, member->name_off);

		if (is && *is) {
			if (strncmp(is, name, length) || is[length])
				continue;
			*ret = (struct member){
				.type = of,
				.bit_offset = btf_member_bit_offset(t, i),
				.bits = btf_member_bitfield_size(t, i),
			};
			return true;
		}
		if (type_member(of, name, length, ret)) {
			ret->bit_offset += btf_member_bit_offset(t, i);
			return true;
		}
	}
	return false;
}

void type_each_member(struct type type,
		      void (*each)(void *data, const char *name,
				   struct type type),
		      void *data)
{
	const struct btf_type *t = type_get(type_plain(type));
	const struct btf_member *member;
	uint32_t i;

	if (!t || !btf_is_composite(t))
		return;
	member = btf_members(t);
	for (i = 0; i < btf_vlen(t); i++, member++) {
		struct type of = { type.btf, member->type };
		const char *is =
			btf__name_by_offset(type.btf, member->name_off);

		if (is && *is)
			each(data, is, of);
		else
			type_each_member(of, each, data);
	}
}

static const char *kind_word(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
		return "struct ";
	case BTF_KIND_UNION:
		return "union ";
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return "enum ";
	case BTF_KIND_FWD:
		return btf_kflag(t) ? "union " : "struct ";
	}
	return "";
}

void type_describe(struct type type, char *to, size_t size)
{
	const struct btf_type *t = type_get(type);
	char inner[96];

	while (t && btf_is_mod(t)) {
		type.id = t->type;
		t = type_get(type);
	}
	if (!t || !type.id) {
		snprintf(to, size, "void");
	} else if (btf_is_ptr(t)) {
		type_describe(type_target(type), inner, sizeof(inner));
		snprintf(to, size, "%s%s*", inner,
			 inner[strlen(inner) - 1] == '*' ? "" : " ");
	} else if (btf_is_array(t)) {
		type_describe(type_target(type), inner, sizeof(inner));
		snprintf(to, size, "%s[%u]", inner, btf_array(t)->nelems);
	} else if (btf_is_func_proto(t)) {
		snprintf(to, size, "function");
	} else {
		snprintf(to, size, "%s%s", kind_word(t),
			 type_name(type)[0] ? type_name(type) : "{...}");
	}
}
