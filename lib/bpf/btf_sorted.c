// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/btf_sorted.h"

/*
 * A search of less than this, or of a module, compares all types: it costs
 * little, and there would be few names to tell from whether they are sorted.
 */
enum { BYTES_LEAST = 1 << 16 };

/* How many names tell that all are sorted. */
enum { SAMPLES = 256 };

static const struct btf_type *first_of(const struct btf_source *source,
				       size_t group)
{
	return (const void *)(source->data + source->groups[group].place);
}

static const char *name_of(const struct btf_source *source,
			   const struct btf_type *t)
{
	return btf_source_string(source, t->name_off);
}

static size_t count_groups(const struct btf_source *source)
{
	return (source->n + BTF_GROUP_TYPES - 1) / BTF_GROUP_TYPES;
}

/* Other BTF begins with the first type of a program, which has a name. */
static bool may_be_sorted(const struct btf_source *source)
{
	const struct btf_type *first =
		(const void *)(source->data + source->types);

	return !source->base && !first->name_off &&
	       source->types_end - source->types >= BYTES_LEAST;
}

static bool is_sorted(const struct btf_source *source)
{
	const size_t n = count_groups(source);
	const size_t step = n / SAMPLES ?: 1;
	const char *before = "", *name;
	size_t i;

	for (i = 0; i < n; i += step, before = name) {
		name = name_of(source, first_of(source, i));
		if (strcmp(before, name) > 0)
			return false;
	}
	return true;
}

/* Return: the last group that begins before a name, or the first group. */
static size_t group_before(const struct btf_source *source, const char *name)
{
	size_t low = 0, high = count_groups(source), middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (strcmp(name_of(source, first_of(source, middle)), name) < 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Calls @found for the types of a name whose kind has this set. */
static int find_name(const struct btf_source *source, const char *name,
		     const struct btf_names *set,
		     const struct btf_names *const wanted[BTF_KINDS],
		     btf_source_found *found, void *arg)
{
	uint32_t i = group_before(source, name) * BTF_GROUP_TYPES;
	const struct btf_type *t = first_of(source, i / BTF_GROUP_TYPES);
	int r = 0, order;

	for (; !r && i < source->n; i++, t = btf_source_next(t)) {
		order = strcmp(name_of(source, t), name);
		if (order > 0)
			break;
		if (!order && wanted[btf_type_kind(t)] == set)
			r = found(arg, source, t, source->first + i);
	}
	return r;
}

static int find_names(const struct btf_source *source,
		      const struct btf_names *set,
		      const struct btf_names *const wanted[BTF_KINDS],
		      btf_source_found *found, void *arg)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < set->n; i++)
		r = find_name(source, set->sorted[i], set, wanted, found, arg);
	return r;
}

/* Whether an earlier kind has the same set. */
static bool is_repeated(const struct btf_names *const wanted[BTF_KINDS],
			int kind)
{
	int i;

	for (i = 0; i < kind; i++)
		if (wanted[i] == wanted[kind])
			return true;
	return false;
}

int btf_sorted_search(struct btf_source *source,
		      const struct btf_names *const wanted[BTF_KINDS],
		      btf_source_found *found, void *arg)
{
	static const struct btf_names *const nothing[BTF_KINDS];
	int kind, r;

	if (!may_be_sorted(source))
		return btf_source_search(source, wanted, found, arg);
	/* Finds only where the types are. */
	r = btf_source_search(source, nothing, NULL, NULL);
	if (!r && !is_sorted(source))
		return btf_source_search(source, wanted, found, arg);
	for (kind = 0; !r && kind < BTF_KINDS; kind++)
		if (wanted[kind] && !is_repeated(wanted, kind))
			r = find_names(source, wanted[kind], wanted, found,
				       arg);
	return r;
}
