// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/btf_source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "util/io.h"

#define HEAD sizeof(struct btf_type)

/* Bytes of a type without its members, and of each member; 0: unknown kind. */
static const struct {
	uint8_t own, each;
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
};

/* Since Linux v6.17 the kernel's own BTF can be mapped, but not a module's. */
static int read_file(int fd, struct btf_source *ret)
{
	struct stat st;
	size_t got = 0;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	ret->size = st.st_size;
	ret->data = mmap(NULL, ret->size, PROT_READ, MAP_PRIVATE, fd, 0);
	ret->is_mapped = ret->data != MAP_FAILED;
	if (ret->is_mapped)
		return 0;

	ret->data = malloc(ret->size + 1);
	if (!ret->data)
		return -ENOMEM;
	do {
		n = read_retry(fd, ret->data + got, ret->size - got);
		got += n > 0 ? n : 0;
	} while (n > 0 && got < ret->size);
	ret->size = got;
	return n < 0 ? n : 0;
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
	source->places = reallocarray(NULL, most + 1, sizeof(uint32_t));
	source->copies = calloc(most + 1, sizeof(uint32_t));
	return source->places && source->copies ? 0 : -ENOMEM;
}

void btf_source_fini(struct btf_source *source)
{
	if (source->is_mapped)
		munmap(source->data, source->size);
	else
		free(source->data);
	free(source->places);
	free(source->copies);
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

const struct btf_type *btf_source_type(const struct btf_source *source,
				       uint32_t id)
{
	if (id < source->first)
		return source->base ? btf_source_type(source->base, id) : NULL;
	id -= source->first;
	return id < source->n
		       ? (const void *)(source->data + source->places[id])
		       : NULL;
}

/* Whether a name may be in the set, by its first bytes. */
static inline bool may_have(const struct btf_source *source,
			    const struct btf_names *names, uint32_t name)
{
	if (name < source->first_string)
		return may_have(source->base, names, name);
	name -= source->first_string;
	/* Names at the very end have too few bytes to test. */
	return (uint64_t)name + sizeof(names->mask) > source->strings_size ||
	       btf_names_may_have(names, source->data + source->strings + name);
}

bool btf_source_may_have(const struct btf_source *source,
			 const struct btf_names *names, uint32_t name)
{
	return may_have(source, names, name);
}

int btf_source_search(struct btf_source *source,
		      const struct btf_names *const wanted[BTF_KINDS],
		      btf_source_found *found, void *arg)
{
	const char *const begin = source->data, *at = begin + source->types;
	const char *const end = begin + source->types_end;
	uint32_t *place = source->places, kind;
	const struct btf_type *t;
	size_t size;
	int r;

	for (; at <= end - HEAD; at += size) {
		t = (const void *)at;
		kind = btf_type_kind(t);
		size = sizes[kind].own +
		       (size_t)btf_type_vlen(t) * sizes[kind].each;
		if (!size)
			return -EBADMSG;
		*place++ = at - begin;
		if (!wanted[kind] ||
		    !may_have(source, wanted[kind], t->name_off))
			continue;
		r = found(arg, source, t,
			  source->first + (place - source->places) - 1);
		if (r)
			return r;
	}
	source->n = place - source->places;
	/* Else the last type has fewer bytes than it says. */
	return at == end ? 0 : -EBADMSG;
}
