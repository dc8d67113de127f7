// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/rows/exporters.h"
#include "util/u64.h"

static int compare_names(const void *left, const void *right)
{
	const struct exporter *a = left, *b = right;

	/* Not known is not the same as empty. */
	if (!a->name || !b->name)
		return !!a->name - !!b->name;
	return strcmp(a->name, b->name);
}

static void merge(struct exporter *to, const struct exporter *from)
{
	to->buffers += from->buffers;
	to->bytes = u64_sat_add(to->bytes, from->bytes);
	to->knows_sizes &= from->knows_sizes;
	to->attached += from->attached;
	to->knows_attached &= from->knows_attached;
	to->kernel_only = u64_sat_add(to->kernel_only, from->kernel_only);
	to->knows_kernel_only &= from->knows_kernel_only;
	if (to->largest < from->largest)
		to->largest = from->largest;
}

/* @lacks: there may be other buffers, which no process holds. */
static struct exporter one_of(const struct view *view,
			      const struct dmabuf_buffer *buffer, bool lacks)
{
	struct exporter one = {
		.name = dmabuf_buffer_exporter(buffer),
		.buffers = 1,
	};
	bool kernel_only;
	uint64_t n;

	one.knows_sizes = !dmabuf_buffer_size(buffer, &one.bytes);
	one.largest = one.bytes;
	one.knows_attached = !dmabuf_buffer_attachments(buffer, &n);
	one.attached = one.knows_attached && n;
	one.knows_kernel_only = !dmabuf_buffer_kernel_only(
		view->snapshot, buffer, &kernel_only);
	if (one.knows_kernel_only && kernel_only) {
		one.kernel_only = one.bytes;
		one.knows_kernel_only = one.knows_sizes;
	}
	one.knows_kernel_only &= !lacks;
	return one;
}

/*
 * Adds a buffer to one of the last exporters: a system has few, and buffers of
 * one are made in series. Return: whether it is one of these.
 */
static bool merge_with_last(const struct vec *exporters,
			    const struct exporter *one)
{
	enum { LAST = 4 };
	const size_t end = exporters->n > LAST ? exporters->n - LAST : 0;
	size_t i;

	for (i = exporters->n; i-- > end;)
		if (!compare_names(vec_at(exporters, i), one)) {
			merge(vec_at(exporters, i), one);
			return true;
		}
	return false;
}

/* Finds exporters among the last ones, then sorts them and joins equal ones. */
int exporters_sum(const struct view *view, struct vec *exporters)
{
	const bool lacks = view_lacks_buffers(view);
	struct exporter one, *to, *from;
	size_t i, n = 0;

	for (i = 0; i < view->buffers.n; i++) {
		one = one_of(view, view_buffer(view, i), lacks);
		if (!merge_with_last(exporters, &one) &&
		    vec_push(exporters, &one))
			return -ENOMEM;
	}

	vec_sort(exporters, compare_names);
	for (i = 0; i < exporters->n; i++) {
		from = vec_at(exporters, i);
		to = n ? vec_at(exporters, n - 1) : NULL;
		if (to && !compare_names(to, from))
			merge(to, from);
		else
			memmove(vec_at(exporters, n++), from, sizeof(*from));
	}
	exporters->n = n;
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

	value_set_number(value, exporter->buffers);
}

static void get_size(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = exporter->knows_sizes;
	value->number = exporter->bytes;
}

static void get_largest(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = exporter->knows_sizes;
	value->number = exporter->largest;
}

static void get_attached(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = exporter->knows_attached;
	value->number = exporter->attached;
}

static void get_kernel_only_bytes(const struct cell *cell, struct value *value)
{
	const struct exporter *exporter = cell->row;

	value->known = exporter->knows_kernel_only;
	value->number = exporter->kernel_only;
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
