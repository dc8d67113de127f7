// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf heaps: what a program can have buffers made of, and who has it. */
#include <dmabuf/heap.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view.h"
#include "ui/json.h"
#include "ui/privileges.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/sysroot.h"
#include "util/u64.h"

/* What a process holds of a heap. */
struct share {
	const struct dmabuf_process *process;
	uint64_t bytes;
};

struct heap_row {
	const struct dmabuf_heap *heap;
	bool knows_buffers, knows_sizes, knows_holders;
	uint64_t buffers, bytes;
	struct vec shares; /* struct share, the largest first */
};

struct listing {
	struct dmabuf_heaps *heaps;
	struct view view; /* the buffers that are of any heap */
	struct vec rows; /* struct heap_row */
};

static void listing_fini(struct listing *listing)
{
	struct heap_row *row = NULL;

	while ((row = vec_next(&listing->rows, row)))
		vec_fini(&row->shares);
	vec_fini(&listing->rows);
	view_fini(&listing->view);
	dmabuf_heaps_free(listing->heaps);
}

/* What v5.10 calls the exporter of all heaps. */
#define SOME_HEAP "heap_helpers"

/* @only: there is no other heap. */
static bool is_of(const struct dmabuf_buffer *buffer,
		  const struct dmabuf_heap *heap, bool only)
{
	const char *exporter = dmabuf_buffer_exporter(buffer), *alias = NULL;

	if (!exporter)
		return false;
	if (!strcmp(exporter, dmabuf_heap_name(heap)))
		return true;
	if (only && !strcmp(exporter, SOME_HEAP))
		return true;
	while ((alias = dmabuf_heap_next_alias(heap, alias)))
		if (!strcmp(exporter, alias))
			return true;
	return false;
}

static int compare_pids(const void *left, const void *right)
{
	const struct share *a = left, *b = right;

	return u64_compare(dmabuf_process_pid(a->process),
			   dmabuf_process_pid(b->process));
}

static int compare_bytes(const void *left, const void *right)
{
	const struct share *a = left, *b = right;

	return u64_compare(b->bytes, a->bytes) ?: compare_pids(a, b);
}

/* Makes the shares of each process one. */
static void merge_shares(struct vec *shares)
{
	struct share *to = NULL, *from = NULL;
	size_t n = 0;

	vec_sort(shares, compare_pids);
	while ((from = vec_next(shares, from))) {
		if (to && to->process == from->process) {
			to->bytes = u64_sat_add(to->bytes, from->bytes);
		} else {
			to = vec_at(shares, n++);
			*to = *from;
		}
	}
	shares->n = n;
	vec_sort(shares, compare_bytes);
}

static int add_buffer(struct heap_row *row, struct view *view,
		      const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	struct share share = {};
	uint64_t processes;

	row->knows_sizes &= !dmabuf_buffer_size(buffer, &share.bytes);
	row->knows_holders &=
		!dmabuf_buffer_processes(view->snapshot, buffer, &processes);
	row->buffers++;
	row->bytes = u64_sat_add(row->bytes, share.bytes);
	while ((holder = dmabuf_buffer_next_holder(view->snapshot, buffer,
						   holder))) {
		share.process = dmabuf_holder_process(view->snapshot, holder);
		if (vec_push(&row->shares, &share))
			return -ENOMEM;
	}
	return vec_push(&view->buffers, &buffer);
}

/* Buffers are counted under the heap that their exporter names. */
static int add_buffers(struct heap_row *row, struct view *view, bool only)
{
	const struct dmabuf_buffer *buffer = NULL;

	if (!view->snapshot)
		return 0;
	row->knows_buffers = row->knows_sizes = true;
	row->knows_holders = dmabuf_snapshot_holders_collector(view->snapshot);
	while ((buffer = dmabuf_snapshot_next(view->snapshot, buffer))) {
		row->knows_buffers &= !!dmabuf_buffer_exporter(buffer);
		if (is_of(buffer, row->heap, only) &&
		    add_buffer(row, view, buffer))
			return -ENOMEM;
	}
	while ((buffer = dmabuf_snapshot_next_released(view->snapshot, buffer)))
		if (is_of(buffer, row->heap, only) &&
		    vec_push(&view->released, &buffer))
			return -ENOMEM;
	row->knows_holders &= row->knows_buffers && row->knows_sizes;
	merge_shares(&row->shares);
	return 0;
}

/*
 * With several heaps, buffers of SOME_HEAP are in the totals only, and what
 * each heap has is not known. @ret: whether there are any.
 */
static int add_of_some_heap(struct listing *listing, bool *ret)
{
	const struct dmabuf_buffer *buffer = NULL;
	struct view *view = &listing->view;
	struct heap_row *row = NULL;
	const char *exporter;
	bool found = false;

	while (view->snapshot && listing->rows.n > 1 &&
	       (buffer = dmabuf_snapshot_next(view->snapshot, buffer))) {
		exporter = dmabuf_buffer_exporter(buffer);
		if (!exporter || strcmp(exporter, SOME_HEAP))
			continue;
		if (vec_push(&view->buffers, &buffer))
			return -ENOMEM;
		found = true;
	}
	while (found && (row = vec_next(&listing->rows, row)))
		row->knows_buffers = row->knows_sizes = row->knows_holders =
			false;
	*ret = found;
	return 0;
}

static int make_rows(struct listing *listing)
{
	struct heap_row row = {};
	bool only;

	row.heap = dmabuf_heaps_next(listing->heaps, NULL);
	only = row.heap && !dmabuf_heaps_next(listing->heaps, row.heap);
	for (; row.heap;
	     row.heap = dmabuf_heaps_next(listing->heaps, row.heap)) {
		row.shares = (struct vec)VEC_OF(struct share);
		if (vec_push(&listing->rows, &row) ||
		    add_buffers(vec_at(&listing->rows, listing->rows.n - 1),
				&listing->view, only))
			return -ENOMEM;
	}
	return 0;
}

static const struct dmabuf_heap *heap_of(const struct cell *cell)
{
	const struct heap_row *row = cell->row;

	return row->heap;
}

static void get_heap(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_heap_name(heap_of(cell)));
}

static void get_node(const struct cell *cell, struct value *value)
{
	value_printf(value, "/dev/dma_heap/%s",
		     dmabuf_heap_name(heap_of(cell)));
}

static void get_aliases(const struct cell *cell, struct value *value)
{
	const struct dmabuf_heap *heap = heap_of(cell);
	const char *alias = NULL;
	struct strbuf buf = {};

	if (!dmabuf_heap_next_alias(heap, NULL))
		return;
	while ((alias = dmabuf_heap_next_alias(heap, alias)))
		strbuf_printf(&buf, "%s%s", buf.n ? "," : "", alias);
	value_take_text(value, strbuf_take(&buf));
}

static void put_aliases(const struct cell *cell, struct json *json)
{
	const char *alias = NULL;

	json_begin_array(json);
	while ((alias = dmabuf_heap_next_alias(heap_of(cell), alias)))
		json_text(json, alias);
	json_end_array(json);
}

static void get_device(const struct cell *cell, struct value *value)
{
	unsigned int major, minor;

	if (!dmabuf_heap_device(heap_of(cell), &major, &minor))
		value_printf(value, "%u:%u", major, minor);
}

static void get_access(const struct cell *cell, struct value *value)
{
	value_set_number(value, !dmabuf_heap_access(heap_of(cell)));
}

static void get_region(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_heap_region(heap_of(cell)));
}

static void get_size(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_heap_size(heap_of(cell), &value->number);
}

static void get_used_bytes(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_heap_used(heap_of(cell), &value->number);
}

static void get_free_bytes(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_heap_unused(heap_of(cell), &value->number);
}

static void get_largest_run(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_heap_largest(heap_of(cell), &value->number);
}

static void get_largest_alloc(const struct cell *cell, struct value *value)
{
	value->known =
		!dmabuf_heap_largest_alloc(heap_of(cell), &value->number);
}

static void get_buffers(const struct cell *cell, struct value *value)
{
	const struct heap_row *row = cell->row;

	value->known = row->knows_buffers;
	value->number = row->buffers;
}

static void get_bytes(const struct cell *cell, struct value *value)
{
	const struct heap_row *row = cell->row;

	value->known = row->knows_buffers && row->knows_sizes;
	value->number = row->bytes;
}

/* JSON has the first few, a table the first. */
enum { TOP = 5 };

static void get_top(const struct cell *cell, struct value *value)
{
	const struct heap_row *row = cell->row;
	const struct share *share = vec_next(&row->shares, NULL);
	const char *comm;

	if (!row->knows_holders)
		return;
	if (!share) {
		value_set_text(value, "");
		return;
	}
	comm = dmabuf_process_comm(share->process);
	value_printf(value, "%s:%" PRIu32, comm ?: "?",
		     dmabuf_process_pid(share->process));
}

static void put_share(struct json *json, const struct share *share)
{
	json_begin_object(json);
	json_member_u64(json, fields[FIELD_PID].name,
			dmabuf_process_pid(share->process));
	json_member_text(json, fields[FIELD_COMM].name,
			 dmabuf_process_comm(share->process));
	json_member_u64(json, fields[FIELD_BYTES].name, share->bytes);
	json_end_object(json);
}

static void put_top(const struct cell *cell, struct json *json)
{
	const struct heap_row *row = cell->row;
	size_t i;

	if (!row->knows_holders) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	for (i = 0; i < row->shares.n && i < TOP; i++)
		put_share(json, vec_at(&row->shares, i));
	json_end_array(json);
}

static const struct column columns[] = {
	COLUMN(HEAP, COLUMN_BOTH, get_heap),
	COLUMN(NODE, COLUMN_JSON, get_node),
	LIST_COLUMN(ALIASES, COLUMN_BOTH, get_aliases, put_aliases),
	COLUMN(DEVICE, COLUMN_JSON, get_device),
	COLUMN(ACCESS, COLUMN_JSON, get_access),
	COLUMN(REGION, COLUMN_BOTH, get_region),
	COLUMN(SIZE, COLUMN_BOTH | NEEDS_REGIONS, get_size),
	COLUMN(USED_BYTES, COLUMN_JSON | NEEDS_REGIONS, get_used_bytes),
	COLUMN(FREE_BYTES, COLUMN_BOTH | NEEDS_REGIONS, get_free_bytes),
	COLUMN(LARGEST_RUN, COLUMN_JSON | NEEDS_REGIONS, get_largest_run),
	COLUMN(LARGEST_ALLOC, COLUMN_BOTH | NEEDS_REGIONS | NEEDS_BITMAPS,
	       get_largest_alloc),
	COLUMN(BUFFERS, COLUMN_BOTH | NEEDS_BUFFERS, get_buffers),
	COLUMN(BYTES, COLUMN_BOTH | NEEDS_BUFFERS, get_bytes),
	LIST_COLUMN(TOP_HOLDERS, COLUMN_BOTH | NEEDS_BUFFERS | NEEDS_HOLDERS,
		    get_top, put_top),
	{},
};

static const void *row_at(const void *of, size_t i)
{
	return vec_at(of, i);
}

/*
 * Heaps are there whether buffers can be seen or not. Return: 0, or the exit
 * status when there was no memory to see them, which was said.
 */
static int look(struct cmd_env *env, struct listing *listing,
		struct envelope *envelope)
{
	if (cmd_needs(env, NEEDS_REGIONS)) {
		envelope->notes[0].what = "regions";
		envelope->notes[0].error = *dmabuf_heaps_error(listing->heaps);
	}
	if (cmd_needs(env, NEEDS_BITMAPS)) {
		envelope->notes[2].what = fields[FIELD_LARGEST_ALLOC].name;
		envelope->notes[2].error =
			*dmabuf_heaps_alloc_error(listing->heaps);
	}
	if (!cmd_needs(env, NEEDS_BUFFERS))
		return 0;
	listing->view.snapshot = cmd_try_snapshot(env);
	if (listing->view.snapshot)
		return 0;
	envelope->notes[1].what = "buffers";
	envelope->notes[1].error = *dmabuf_ctx_error(env->ctx);
	return envelope->notes[1].error.err == -ENOMEM ? cmd_no_memory() : 0;
}

struct heaps_options {
	const char *resolve; /* a heap's purpose or name */
};

static const struct option_spec options[] = {
	{ "resolve", 0, "HEAP",
	  "just the path of this one, such as default-cma",
	  TO_TEXT(struct heaps_options, resolve) },
	{},
};

static int resolve(struct cmd_env *env, const char *heap)
{
	_cleanup_free_ char *node = NULL;

	if (dmabuf_heap_resolve(env->ctx, heap, &node))
		return cmd_failed(env);
	fprintf(env->out, "/dev/dma_heap/%s\n", node);
	return STATUS_WHOLE;
}

static const struct note some_heap = {
	.what = "buffers",
	.error = {
		.err = -ENODATA,
		.text = "this kernel calls the exporter of every heap "
			"'" SOME_HEAP "'",
	},
};

static int run(struct cmd_env *env, int argc, char **argv)
{
	const struct heaps_options *own = env->own;
	_cleanup_(listing_fini) struct listing listing = {
		.view = VIEW_NONE,
		.rows = VEC_OF(struct heap_row),
	};
	char kernel[64];
	struct envelope envelope = { .command = "heaps",
				     .array = "heaps",
				     .kernel = kernel };
	const struct sysroot sysroot = { env->options.root ?: "/" };
	struct rows rows = { .of = &listing.rows, .at = row_at };
	bool unknown = false;
	int status;

	(void)argc;
	(void)argv;
	/* Whether a heap may be opened is a column. */
	privileges_raise(PRIVILEGES_LOOK | PRIVILEGES_ALLOC);
	if (own->resolve)
		return resolve(env, own->resolve);
	if (dmabuf_heaps_list(env->ctx, &listing.heaps))
		return cmd_failed(env);
	sysroot_kernel_release(&sysroot, kernel, sizeof(kernel));
	status = look(env, &listing, &envelope);
	privileges_drop(0);
	if (status)
		return status;
	if (make_rows(&listing) || add_of_some_heap(&listing, &unknown))
		return cmd_no_memory();
	if (unknown)
		envelope.notes[1] = some_heap;
	if (listing.view.snapshot)
		view_envelope(&listing.view, &envelope);
	rows.n = listing.rows.n;
	return cmd_rows(env, &rows, &envelope);
}

const struct cmd cmd_heaps = {
	.name = "heaps",
	.summary = "DMA heaps: size, free space, users",
	.flags = CMD_ROWS | CMD_ROOT,
	.options = options,
	.options_size = sizeof(struct heaps_options),
	.array = "heaps",
	.columns = columns,
	.sort = "heap",
	.run = run,
};
