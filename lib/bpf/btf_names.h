/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sets of names: those that our BPF programs use of the kernel's BTF. A
 * prefilter rejects most other names by their first bytes.
 */
#ifndef BPF_BTF_NAMES_H
#define BPF_BTF_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * struct btf_names - a set of names
 * @sorted: the names, in the order of strcmp()
 * @n: how many
 * @mask: selects the bytes of a name that every name has, its NUL included
 * @passes: for each hash of these bytes, whether a name of the set has it
 * @starts: for each hash of the first bytes, those behind a NUL as 0, the same
 */
struct btf_names {
	const char *const *sorted;
	size_t n;
	uint64_t mask;
	bool passes[8192], starts[8192];
};

/* Structs and unions of the BPF programs. */
void btf_names_init_structs(struct btf_names *names);

/* Members of these structs. */
void btf_names_init_members(struct btf_names *names);

/*
 * Functions of the kernel: those that the programs attach to or call, and those
 * that btf_subset_function() is called for.
 */
void btf_names_init_functions(struct btf_names *names);

/* Return: the index of a name in @names->sorted, or -1. */
ptrdiff_t btf_names_find(const struct btf_names *names, const char *name);

/* Every type of the kernel is tested: these two are inline for speed. */
static inline uint32_t btf_names_hash(uint64_t mask, const char *name)
{
	uint64_t word;

	memcpy(&word, name, sizeof(word));
	return (word & mask) * 0x9e3779b97f4a7c15ULL >> 51;
}

/*
 * Return: false when the name that begins at @name is not in the set. @name
 * points to at least sizeof(names->mask) readable bytes.
 */
static inline bool btf_names_may_have(const struct btf_names *names,
				      const char *name)
{
	return names->passes[btf_names_hash(names->mask, name)];
}

#endif
