/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a BTF file: the kernel's, or that of one of its modules. */
#ifndef BPF_BTF_SOURCE_H
#define BPF_BTF_SOURCE_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/btf_names.h"

/*
 * The fields of btf_type.info, as wide as in the newest kernel: the bits that
 * an older kernel does not use are 0 there.
 */
#define BTF_KIND_MASK 0x7f
#define BTF_VLEN_MASK 0xffffffU

enum { BTF_KINDS = BTF_KIND_MASK + 1 };

/* The place of each type would be 4 bytes for each of 100,000 types. */
enum { BTF_GROUP_TYPES = 32 };

/**
 * struct btf_group - so many types in a row
 * @place: offset in btf_source.data of the first of them
 * @copied: for struct btf_copy: its list of those that it copies, 0 for none
 */
struct btf_group {
	uint32_t place, copied;
};

/**
 * struct btf_source - a BTF file in memory
 * @base: for a module, the kernel's, whose ids and strings come first
 * @data: the file, mapped, or in a mapping of its own
 * @size: bytes of @data
 * @types: offset of the types in @data
 * @types_end: offset of their end
 * @strings: offset of the strings in @data
 * @strings_size: bytes of the strings
 * @first: id of the first type
 * @first_string: offset that the first string has in names
 * @n: number of types
 * @groups: the types, by index
 */
struct btf_source {
	const struct btf_source *base;
	char *data;
	size_t size;
	uint32_t types, types_end, strings, strings_size;
	uint32_t first, first_string, n;
	struct btf_group *groups;
};

/*
 * Reads a file into @source, whose @base, @first and @first_string are set and
 * whose other members are 0. Return: 0, or -errno; -EBADMSG when it is not BTF.
 *
 * Ownership: the caller ends @source with btf_source_fini(), on failure too.
 */
int btf_source_read(struct btf_source *source, int fd);
void btf_source_fini(struct btf_source *source);

/* Called for a type and its id. Return: 0, or -errno to end the search. */
typedef int btf_source_found(void *arg, const struct btf_source *source,
			     const struct btf_type *t, uint32_t id);

/*
 * Goes through all types once. Calls @found for each type whose kind has a set
 * in @wanted and whose name passes the prefilter of this set. Return: 0,
 * -EBADMSG, or what @found returned.
 */
int btf_source_search(struct btf_source *source,
		      const struct btf_names *const wanted[BTF_KINDS],
		      btf_source_found *found, void *arg);

/* Return: the string at an offset, "" when there is no such offset. */
const char *btf_source_string(const struct btf_source *source, uint32_t offset);

/* Return: the type of an id, or NULL. */
const struct btf_type *btf_source_type(const struct btf_source *source,
				       uint32_t id);

/* Return: the type behind another one, or the end of all. */
const struct btf_type *btf_source_next(const struct btf_type *t);

/* Return: the group of an id of @source or its base, found in a search. */
struct btf_group *btf_source_group(const struct btf_source *source,
				   uint32_t id);

/* Return: whether a name may be in the set, by its first bytes. */
bool btf_source_may_have(const struct btf_source *source,
			 const struct btf_names *names, uint32_t name);

static inline uint32_t btf_type_kind(const struct btf_type *t)
{
	return t->info >> 24 & BTF_KIND_MASK;
}

static inline uint32_t btf_type_vlen(const struct btf_type *t)
{
	return t->info & BTF_VLEN_MASK;
}

#endif
