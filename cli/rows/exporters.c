// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/rows/exporters.h"

static int compare_text(const char *a, const char *b)
{
	if (a == b)
		return 0;
	/* Not known is not the same as empty. */
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

static int compare_names(const void *left, const void *right)
{
	const struct exporter *a = left, *b = right;

	return compare_text(a->name, b->name);
}

/*
 * Finds an exporter among the last ones: a system has few, and buffers of one
 * are made in series. Return: it, or NULL.
 */
static struct exporter *find_among_last(const struct vec *exporters,
					const char *name)
{
	enum { LAST = 4 };
	const size_t end = exporters->n > LAST ? exporters->n - LAST : 0;
	struct exporter *exporter;
	size_t i;

	for (i = exporters->n; i-- > end;) {
		exporter = vec_at(exporters, i);
		if (!compare_text(exporter->name, name))
			return exporter;
	}
	return NULL;
}

/* The rest is as in struct exporter. */
static struct exporter *add_exporter(struct vec *exporters, const char *name,
				     bool lacks_buffers)
{
	const struct exporter exporter = {
		.name = name,
		.sums = { .size = sizeof(exporter.sums) },
		.lacks_buffers = lacks_buffers,
	};

	if (vec_push(exporters, &exporter))
		return NULL;
	return vec_at(exporters, exporters->n - 1);
}

struct dmabuf_sums exporters_total(const struct vec *exporters)
{
	const struct exporter *exporter = NULL;
	struct dmabuf_sums all = { .size = sizeof(all) };

	while ((exporter = vec_next(exporters, exporter)))
		(void)dmabuf_sums_add(&all, &exporter->sums);
	return all;
}

/* Sorts exporters by name and joins equal ones. */
static void join(struct vec *exporters)
{
	struct exporter *to, *from;
	size_t i, n = 0;

	vec_sort(exporters, compare_names);
	for (i = 0; i < exporters->n; i++) {
		from = vec_at(exporters, i);
		to = n ? vec_at(exporters, n - 1) : NULL;
		if (to && !compare_names(to, from))
			(void)dmabuf_sums_add(&to->sums, &from->sums);
		else
			memmove(vec_at(exporters, n++), from, sizeof(*from));
	}
	exporters->n = n;
}

int exporters_sum(const struct view *view, struct vec *exporters)
{
	const bool lacks = view_lacks_buffers(view);
	const struct dmabuf_buffer *buffer;
	struct exporter *exporter;
	const char *name;
	size_t i;

	for (i = 0; i < view->buffers.n; i++) {
		buffer = view_buffer(view, i);
		name = dmabuf_buffer_exporter(buffer);
		exporter = find_among_last(exporters, name)
				   ?: add_exporter(exporters, name, lacks);
		if (!exporter)
			return -ENOMEM;
		(void)dmabuf_buffer_sum(view->snapshot, buffer,
					&exporter->sums);
	}
	join(exporters);
	return 0;
}

static void get_exporter(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value_set_text(value, exporter->name);
}

static void get_buffers(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value_set_number(value, exporter->sums.buffers);
}

static void get_size(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = !exporter->sums.lacks_bytes;
	value->number = exporter->sums.bytes;
}

static void get_largest(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = !exporter->sums.lacks_bytes;
	value->number = exporter->sums.largest;
}

static void get_attached(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = !exporter->sums.lacks_attached;
	value->number = exporter->sums.attached;
}

static void get_kernel_only_bytes(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known =
		!exporter->sums.lacks_kernel_only && !exporter->lacks_buffers;
	value->number = exporter->sums.kernel_only;
}

const struct column exporter_columns[] = {
	COLUMN(EXPORTER, COLUMN_BOTH, get_exporter),
	COLUMN(BUFFERS, COLUMN_BOTH, get_buffers),
	COLUMN(SIZE, COLUMN_BOTH, get_size),
	COLUMN(LARGEST, COLUMN_BOTH, get_largest),
	COLUMN(ATTACHED, COLUMN_BOTH, get_attached),
	COLUMN(KERNEL_ONLY_BYTES, COLUMN_BOTH | NEEDS_HOLDERS,
	       get_kernel_only_bytes),
	{},
};

static const void *at(const void *of, size_t i)
{
	return vec_at(of, i);
}

struct rows exporter_rows(const struct vec *exporters)
{
	return (struct rows){
		.of = exporters,
		.n = exporters->n,
		.at = at,
	};
}
