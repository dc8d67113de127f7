// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A type that is only pointed to becomes void, and a struct that is not named
 * keeps its size and loses its members: relocations of a BPF program need no
 * more, and libbpf compares each name in the BTF with each of the program's.
 */
#include "bpf/btf_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/btf_sorted.h"

#define IS(kind) (1U << BTF_KIND_##kind)
#define ALIASES                                                                \
	(IS(TYPEDEF) | IS(VOLATILE) | IS(CONST) | IS(RESTRICT) | IS(TYPE_TAG))

/*
 * A type to copy. Its id in the copy is its place in the queue, from 1 on:
 * @next is such an id, of another type of the same group, 0 at the end.
 */
struct queued {
	uint32_t id, next;
};

static int add_bytes(struct vec *to, const void *bytes, size_t n)
{
	int r = 0;

	if (to->n + n > to->room)
		r = vec_reserve(to, (to->n + n) * 2);
	if (r)
		return r;
	memcpy((char *)to->data + to->n, bytes, n);
	to->n += n;
	return 0;
}

int btf_copy_init(struct btf_copy *copy)
{
	*copy = (struct btf_copy){
		.types = VEC_OF(char),
		.strings = VEC_OF(char),
		.queue = VEC_OF(struct queued),
	};
	btf_names_init_structs(&copy->structs);
	btf_names_init_members(&copy->members);
	btf_names_init_functions(&copy->functions);
	copy->found = calloc(copy->structs.n, sizeof(*copy->found));
	copy->function_ids =
		calloc(copy->functions.n, sizeof(*copy->function_ids));
	copy->struct_ids = calloc(copy->structs.n, sizeof(*copy->struct_ids));
	if (!copy->found || !copy->function_ids || !copy->struct_ids)
		return -ENOMEM;
	/* The string of a type without a name. */
	return add_bytes(&copy->strings, "", 1);
}

void btf_copy_fini(struct btf_copy *copy)
{
	vec_fini(&copy->types);
	vec_fini(&copy->strings);
	vec_fini(&copy->queue);
	free(copy->found);
	free(copy->function_ids);
	free(copy->struct_ids);
}

/* Gives the id of a type in the copy; queues the type if it has no id yet. */
static int copy_id(struct btf_copy *copy, const struct btf_source *source,
		   uint32_t id, uint32_t *ret)
{
	struct btf_group *group = btf_source_group(source, id);
	const struct queued *queued;
	int r;

	for (*ret = group->copied; *ret; *ret = queued->next) {
		queued = vec_at(&copy->queue, *ret - 1);
		if (queued->id == id)
			return 0;
	}
	r = vec_push(&copy->queue,
		     &(struct queued){ .id = id, .next = group->copied });
	if (r)
		return r;
	*ret = group->copied = copy->queue.n;
	return 0;
}

/* The same for the type of a member, with typedefs and qualifiers skipped. */
static int copy_inner(struct btf_copy *copy, const struct btf_source *source,
		      uint32_t id, uint32_t *ret)
{
	const struct btf_type *t = btf_source_type(source, id);
	int depth;

	for (depth = 0; t && 1U << btf_type_kind(t) & ALIASES; depth++) {
		if (depth == 32)
			return -EBADMSG;
		id = t->type;
		t = btf_source_type(source, id);
	}
	*ret = 0;
	return t && id ? copy_id(copy, source, id, ret) : 0;
}

static int add_string(struct btf_copy *copy, const char *text, uint32_t *ret)
{
	*ret = 0;
	if (!*text)
		return 0;
	*ret = copy->strings.n;
	return add_bytes(&copy->strings, text, strlen(text) + 1);
}

/* A member without a name is copied: it may contain a wanted one. */
static bool is_wanted(const struct btf_copy *copy,
		      const struct btf_source *source,
		      const struct btf_member *member)
{
	const char *name;

	if (!btf_source_may_have(source, &copy->members, member->name_off))
		return !*btf_source_string(source, member->name_off);
	name = btf_source_string(source, member->name_off);
	return !*name || btf_names_find(&copy->members, name) >= 0;
}

/* Copies the wanted members of @t, which is the last type in the copy. */
static int copy_members(struct btf_copy *copy, const struct btf_source *source,
			const struct btf_type *t)
{
	const struct btf_member *member = (const void *)(t + 1);
	const size_t head = copy->types.n - sizeof(*t);
	struct btf_member m;
	uint32_t i, n = 0;
	int r = 0;

	for (i = 0; !r && i < btf_type_vlen(t); i++) {
		m = member[i];
		if (!is_wanted(copy, source, &m))
			continue;
		r = add_string(copy, btf_source_string(source, m.name_off), &m.name_off)
			    ?: copy_inner(copy, source, m.type, &m.type)
			    ?: add_bytes(&copy->types, &m, sizeof(m));
		n++;
	}
	((struct btf_type *)((char *)copy->types.data + head))->info =
		(t->info & ~BTF_VLEN_MASK) | n;
	return r;
}

/*
 * Whether libbpf needs a type, to derive the size of the kernel's pointers from
 * it. Without one it takes that of this program, which is wrong for 32 bits on
 * a kernel of 64.
 */
static bool needs_name(const char *name)
{
	return sizeof(void *) < sizeof(uint64_t) &&
	       (!strcmp(name, "long unsigned int") ||
		!strcmp(name, "long int"));
}

static int copy_type(struct btf_copy *copy, const struct btf_source *source,
		     const struct btf_type *t)
{
	const char *name = btf_source_string(source, t->name_off);
	const uint32_t kind = btf_type_kind(t);
	struct btf_array array;
	struct btf_type out = *t;
	int r;

	out.name_off = 0;
	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (*name && btf_names_find(&copy->structs, name) < 0) {
			out.info &= ~BTF_VLEN_MASK;
			return add_bytes(&copy->types, &out, sizeof(out));
		}
		return add_string(copy, name, &out.name_off)
			       ?: add_bytes(&copy->types, &out, sizeof(out))
			       ?: copy_members(copy, source, t);
	case BTF_KIND_ARRAY:
		memcpy(&array, t + 1, sizeof(array));
		r = copy_inner(copy, source, array.type, &array.type)
			    ?: copy_inner(copy, source, array.index_type,
					  &array.index_type);
		return r ?: add_bytes(&copy->types, &out, sizeof(out))
			       ?: add_bytes(&copy->types, &array,
					    sizeof(array));
	case BTF_KIND_INT:
		r = needs_name(name) ? add_string(copy, name, &out.name_off)
				     : 0;
		return r ?: add_bytes(&copy->types, &out, sizeof(out))
			       ?: add_bytes(&copy->types, t + 1, sizeof(__u32));
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FLOAT:
		out.info &= ~BTF_VLEN_MASK;
		return add_bytes(&copy->types, &out, sizeof(out));
	default:
		/* A pointer to anything, or a type without a size. */
		out.info = BTF_KIND_PTR << 24;
		out.type = 0;
		return add_bytes(&copy->types, &out, sizeof(out));
	}
}

static int copy_queue(struct btf_copy *copy, const struct btf_source *source)
{
	uint32_t id;
	int r = 0;

	for (; !r && copy->copied < copy->queue.n; copy->copied++) {
		id = ((struct queued *)vec_at(&copy->queue, copy->copied))->id;
		r = copy_type(copy, source, btf_source_type(source, id));
	}
	return r;
}

/*
 * Queues a struct that is wanted, unless an earlier source has it, and notes
 * its id.
 */
static int add_struct(struct btf_copy *copy, const struct btf_source *source,
		      const char *name, uint32_t id)
{
	const ptrdiff_t i = btf_names_find(&copy->structs, name);
	uint32_t new_id;

	if (i < 0 || (copy->found[i] && copy->found[i] != copy->sources))
		return 0;
	if (!source->base)
		copy->struct_ids[i] = copy->found[i] ? 0 : id;
	copy->found[i] = copy->sources;
	return copy_id(copy, source, id, &new_id);
}

/* Does so, or notes the id of a function. */
static int add_found(void *arg, const struct btf_source *source,
		     const struct btf_type *t, uint32_t id)
{
	const char *name = btf_source_string(source, t->name_off);
	struct btf_copy *copy = arg;
	ptrdiff_t function;

	if (btf_type_kind(t) != BTF_KIND_FUNC)
		return add_struct(copy, source, name, id);
	function = btf_names_find(&copy->functions, name);
	if (function >= 0 && !source->base)
		copy->function_ids[function] = id;
	return 0;
}

/* Sizes of a copy before a source is added. */
struct mark {
	size_t types, strings, queue, copied;
};

static struct mark mark_of(const struct btf_copy *copy)
{
	return (struct mark){
		.types = copy->types.n,
		.strings = copy->strings.n,
		.queue = copy->queue.n,
		.copied = copy->copied,
	};
}

/* Removes the types that the last source added, those of @base included. */
static void go_back(struct btf_copy *copy, const struct btf_source *base,
		    const struct mark *mark)
{
	const struct queued *queued = copy->queue.data;
	size_t i;

	/* The last one of a group is the first of its list. */
	for (i = copy->queue.n; i-- > mark->queue;)
		if (base && queued[i].id - base->first < base->n)
			btf_source_group(base, queued[i].id)->copied =
				queued[i].next;
	copy->types.n = mark->types;
	copy->strings.n = mark->strings;
	copy->queue.n = mark->queue;
	copy->copied = mark->copied;
	for (i = 0; i < copy->structs.n; i++)
		if (copy->found[i] == copy->sources)
			copy->found[i] = 0;
}

static int read_and_copy(struct btf_copy *copy, struct btf_source *source,
			 int fd)
{
	const struct btf_names *const wanted[BTF_KINDS] = {
		[BTF_KIND_STRUCT] = &copy->structs,
		[BTF_KIND_UNION] = &copy->structs,
		[BTF_KIND_FUNC] = &copy->functions,
	};

	return btf_source_read(source, fd)
		       ?: btf_sorted_search(source, wanted, add_found, copy)
		       ?: copy_queue(copy, source);
}

int btf_copy_add(struct btf_copy *copy, struct btf_source *source, int fd)
{
	const struct mark mark = mark_of(copy);
	int r;

	copy->sources++;
	r = read_and_copy(copy, source, fd);
	if (r)
		go_back(copy, source->base, &mark);
	return r;
}
