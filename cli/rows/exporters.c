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
	to->attached += from->attached;
	to->knows_attached &= from->knows_attached;
	to->kernel_only = u64_sat_add(to->kernel_only, from->kernel_only);
	to->knows_kernel_only &= from->knows_kernel_only;
	if (to->largest < from->largest)
		to->largest = from->largest;
}

static struct exporter one_of(const struct view *view,
			      const struct dmabuf_buffer *buffer)
{
	struct exporter one = {
		.name = dmabuf_buffer_exporter(buffer),
		.buffers = 1,
	};
	bool kernel_only;
	uint64_t n;

	if (!dmabuf_buffer_size(buffer, &one.bytes))
		one.largest = one.bytes;
	one.knows_attached = !dmabuf_buffer_attachments(buffer, &n);
	one.attached = one.knows_attached && n;
	one.knows_kernel_only = !dmabuf_buffer_kernel_only(
		view->snapshot, buffer, &kernel_only);
	if (one.knows_kernel_only && kernel_only)
		one.kernel_only = one.bytes;
	return one;
}

/* One for each buffer, then sorted, and equal neighbours made one. */
int exporters_sum(const struct view *view, struct vec *exporters)
{
	struct exporter one, *to, *from;
	size_t i, n = 0;

	if (vec_reserve(exporters, view->buffers.n))
		return -ENOMEM;
	for (i = 0; i < view->buffers.n; i++) {
		one = one_of(view, view_buffer(view, i));
		if (vec_push(exporters, &one))
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
