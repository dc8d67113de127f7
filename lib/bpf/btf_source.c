// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/btf_source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "util/io.h"

#define HEAD sizeof(struct btf_type)

/*
 * A type of unknown kind ends after the end of any file. With 32 bits the sum
 * of an address and the size must not overflow: Linux maps files at least 128
 * MiB below the last address.
 */
#define UNKNOWN (UINTPTR_MAX > UINT32_MAX ? UINT32_MAX : 64U << 20)

/* Bytes of a type without its members, and of each member. */
static const struct {
	uint32_t own, each;
} sizes[BTF_KINDS] = {
	[BTF_KIND_UNKN] = { HEAD, 0 },
	[BTF_KIND_INT] = { HEAD + sizeof(__u32), 0 },
	[BTF_KIND_PTR] = { HEAD, 0 },
	[BTF_KIND_ARRAY] = { HEAD + sizeof(struct btf_array), 0 },
	[BTF_KIND_STRUCT] = { HEAD, sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { HEAD, sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { HEAD, sizeof(struct btf_enum) },
	[BTF_KIND_FWD] = { HEAD, 0 },
	[BTF_KIND_TYPEDEF] = { HEAD, 0 },
	[BTF_KIND_VOLATILE] = { HEAD, 0 },
	[BTF_KIND_CONST] = { HEAD, 0 },
	[BTF_KIND_RESTRICT] = { HEAD, 0 },
	[BTF_KIND_FUNC] = { HEAD, 0 },
	[BTF_KIND_FUNC_PROTO] = { HEAD, sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { HEAD + sizeof(struct btf_var), 0 },
	[BTF_KIND_DATASEC] = { HEAD, sizeof(struct btf_var_secinfo) },
	[BTF_KIND_FLOAT] = { HEAD, 0 },
	[BTF_KIND_DECL_TAG] = { HEAD + sizeof(struct btf_decl_tag), 0 },
	[BTF_KIND_TYPE_TAG] = { HEAD, 0 },
	[BTF_KIND_ENUM64] = { HEAD, sizeof(struct btf_enum64) },
	[BTF_KIND_ENUM64 + 1 ... BTF_KINDS - 1] = { UNKNOWN, 0 },
};

static inline size_t size_of(const struct btf_type *t)
{
	const uint32_t kind = btf_type_kind(t);

	return sizes[kind].own + (size_t)btf_type_vlen(t) * sizes[kind].each;
}

const struct btf_type *btf_source_next(const struct btf_type *t)
{
	return (const void *)((const char *)t + size_of(t));
}

/* Bytes that are missing in the end are an error. */
static int fill(const struct btf_source *source, int fd)
{
	size_t got = 0;
	ssize_t n;

	do {
		n = read_retry(fd, source->data + got, source->size - got);
		got += n > 0 ? n : 0;
	} while (n > 0 && got < source->size);
	if (n < 0)
		return n;
	return got == source->size ? 0 : -EBADMSG;
}

/* Since Linux v6.17 the kernel's own BTF can be mapped, but not a module's. */
static int read_file(int fd, struct btf_source *ret)
{
	void *data;
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!st.st_size)
		return -EBADMSG;
	if (st.st_size > UNKNOWN)
		return -EFBIG;
	ret->size = st.st_size;
	data = mmap(NULL, ret->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data != MAP_FAILED) {
		ret->data = data;
		return 0;
	}
	data = mmap(NULL, ret->size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED)
		return -ENOMEM;
	ret->data = data;
	return fill(ret, fd);
}

static int read_head(struct btf_source *source)
{
	struct btf_header head;
	uint64_t types, strings;

	if (source->size < sizeof(head))
		return -EBADMSG;
	memcpy(&head, source->data, sizeof(head));
	types = (uint64_t)head.hdr_len + head.type_off;
	strings = (uint64_t)head.hdr_len + head.str_off;
	if (head.magic != BTF_MAGIC || head.version != BTF_VERSION ||
	    types % sizeof(uint32_t) || types + head.type_len > source->size ||
	    strings + head.str_len > source->size || head.type_len < HEAD ||
	    head.str_len < sizeof(uint32_t) ||
	    source->data[strings + head.str_len - 1])
		return -EBADMSG;
	source->types = types;
	source->types_end = types + head.type_len;
	source->strings = strings;
	source->strings_size = head.str_len;
	return 0;
}

int btf_source_read(struct btf_source *source, int fd)
{
	size_t most;
	int r;

	r = read_file(fd, source) ?: read_head(source);
	if (r)
		return r;
	most = (source->types_end - source->types) / HEAD;
	source->groups = reallocarray(NULL, most / BTF_GROUP_TYPES + 1,
				      sizeof(*source->groups));
	return source->groups ? 0 : -ENOMEM;
}

void btf_source_fini(struct btf_source *source)
{
	if (source->data)
		munmap(source->data, source->size);
	free(source->groups);
}

const char *btf_source_string(const struct btf_source *source, uint32_t offset)
{
	if (offset < source->first_string)
		return btf_source_string(source->base, offset);
	offset -= source->first_string;
	return offset < source->strings_size
		       ? source->data + source->strings + offset
		       : "";
}

struct btf_group *btf_source_group(const struct btf_source *source, uint32_t id)
{
	if (id < source->first)
		source = source->base;
	return &source->groups[(id - source->first) / BTF_GROUP_TYPES];
}

const struct btf_type *btf_source_type(const struct btf_source *source,
				       uint32_t id)
{
	const char *at;

	if (id < source->first)
		return source->base ? btf_source_type(source->base, id) : NULL;
	if (id - source->first >= source->n)
		return NULL;
	at = source->data + btf_source_group(source, id)->place;
	for (id = (id - source->first) % BTF_GROUP_TYPES; id; id--)
		at += size_of((const void *)at);
	return (const void *)at;
}

/* Whether a name may be in the set, by its first bytes. */
bool btf_source_may_have(const struct btf_source *source,
			 const struct btf_names *names, uint32_t name)
{
	if (name < source->first_string)
		return btf_source_may_have(source->base, names, name);
	name -= source->first_string;
	/* Names at the very end have too few bytes to test. */
	return (uint64_t)name + sizeof(names->mask) > source->strings_size ||
	       btf_names_may_have(names, source->data + source->strings + name);
}

/*
 * What the search needs of a type, by the highest byte of its info. This byte
 * times @each is not masked in the product with info: @own makes up for it.
 */
struct shapes {
	const struct btf_names *wanted[256];
	struct {
		uint32_t each, own;
	} sizes[256];
};

static void shapes_init(struct shapes *shapes,
			const struct btf_names *const wanted[BTF_KINDS])
{
	uint32_t i, kind;

	for (i = 0; i < 256; i++) {
		kind = i & BTF_KIND_MASK;
		shapes->wanted[i] = wanted[kind];
		shapes->sizes[i].each = sizes[kind].each;
		shapes->sizes[i].own =
			sizes[kind].own - (i << 24) * sizes[kind].each;
	}
}

/* Where a search is: at the type with index @n, which begins at @at. */
struct cursor {
	const char *at;
	uint32_t n;
};

/*
 * Goes on to a type that may be wanted, at most to the next group or the end.
 * All types pass through this loop: it has no call and writes no memory.
 * Inlined it would have too few registers. Return: whether the type there may
 * be wanted; names without enough bytes for the prefilter, or of the base, need
 * btf_source_may_have().
 */
static bool skip_unwanted(const struct btf_source *source,
			  const struct shapes *shapes, struct cursor *cursor)
{
	const char *const strings = source->data + source->strings;
	const uint32_t first = source->first_string;
	const uint32_t word = sizeof(shapes->wanted[0]->mask);
	const uint32_t full = source->strings_size < word
				      ? 0
				      : source->strings_size - word + 1;
	const char *const last = source->data + source->types_end - HEAD;
	uint32_t left = BTF_GROUP_TYPES - cursor->n % BTF_GROUP_TYPES;
	const char *at = cursor->at;
	const struct btf_names *names;
	const struct btf_type *t;
	uint32_t kind, name;

	cursor->n += left;
	do {
		t = (const void *)at;
		kind = t->info >> 24;
		names = shapes->wanted[kind];
		if (names) {
			name = t->name_off - first;
			if (name >= full ||
			    btf_names_may_have(names, strings + name))
				break;
		}
		at += t->info * shapes->sizes[kind].each +
		      shapes->sizes[kind].own;
	} while (--left && at <= last);
	cursor->n -= left;
	cursor->at = at;
	return left && at <= last;
}

int btf_source_search(struct btf_source *source,
		      const struct btf_names *const wanted[BTF_KINDS],
		      btf_source_found *found, void *arg)
{
	const char *const end = source->data + source->types_end;
	struct cursor c = { .at = source->data + source->types };
	const struct btf_type *t;
	struct shapes shapes;
	int r = 0;

	shapes_init(&shapes, wanted);
	while (!r && c.at <= end - HEAD) {
		if (c.n % BTF_GROUP_TYPES == 0)
			source->groups[c.n / BTF_GROUP_TYPES] =
				(struct btf_group){ c.at - source->data, 0 };
		if (!skip_unwanted(source, &shapes, &c))
			continue;
		t = (const void *)c.at;
		if (btf_source_may_have(source, wanted[btf_type_kind(t)],
					t->name_off))
			r = found(arg, source, t, source->first + c.n);
		c.at += size_of(t);
		c.n++;
	}
	if (r)
		return r;
	source->n = c.n;
	/* Else the last type has fewer bytes than it says. */
	return c.at == end ? 0 : -EBADMSG;
}
