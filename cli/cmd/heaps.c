// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf heaps: what a program can have buffers made of, and who has it. */
#include <dmabuf/heap.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/view.h"
#include "util/cleanup.h"
#include "util/u64.h"
#include "util/sysroot.h"

/* What a process holds of a heap. */
struct share {
	const struct dmabuf_process *process;
	uint64_t bytes;
};

struct row {
	const struct dmabuf_heap *heap;
	bool knows_buffers, knows_holders;
	uint64_t buffers, bytes;
	struct vec shares; /* struct share, the largest first */
};

struct listing {
	struct dmabuf_heaps *heaps;
	struct view view; /* the buffers that are of any heap */
	struct vec rows; /* struct row */
};

static void listing_fini(struct listing *listing)
{
	struct row *row = NULL;

	while ((row = vec_next(&listing->rows, row)))
		vec_fini(&row->shares);
	vec_fini(&listing->rows);
	view_fini(&listing->view);
	dmabuf_heaps_free(listing->heaps);
}

static bool is_of(const struct dmabuf_buffer *buffer,
		  const struct dmabuf_heap *heap)
{
	const char *exporter = dmabuf_buffer_exporter(buffer), *alias = NULL;

	if (!exporter)
		return false;
	if (!strcmp(exporter, dmabuf_heap_name(heap)))
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

static int add_buffer(struct row *row, struct view *view,
		      const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	struct share share = {};

	(void)dmabuf_buffer_size(buffer, &share.bytes);
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
static int add_buffers(struct row *row, struct view *view)
{
	const struct dmabuf_buffer *buffer = NULL;

	if (!view->snapshot)
		return 0;
	row->knows_buffers = true;
	row->knows_holders = dmabuf_snapshot_holders_collector(view->snapshot);
	while ((buffer = dmabuf_snapshot_next(view->snapshot, buffer)))
		if (is_of(buffer, row->heap) && add_buffer(row, view, buffer))
			return -ENOMEM;
	merge_shares(&row->shares);
	return 0;
}

static int make_rows(struct listing *listing)
{
	struct row row = {};

	while ((row.heap = dmabuf_heaps_next(listing->heaps, row.heap))) {
		row.shares = (struct vec)VEC_OF(struct share);
		if (vec_push(&listing->rows, &row) ||
		    add_buffers(vec_at(&listing->rows, listing->rows.n - 1),
				&listing->view))
			return -ENOMEM;
	}
	return 0;
}

static void take_format(struct value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void take_format(struct value *value, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	value_take_text(value, text);
}

static void get_aliases(const struct dmabuf_heap *heap, bool lists,
			struct value *value)
{
	const char *alias = NULL;
	char *text = NULL;
	size_t size;
	FILE *file;

	if (lists) {
		value->known = true;
		value->list = json_object_new_array();
		while ((alias = dmabuf_heap_next_alias(heap, alias)))
			json_object_array_add(value->list, json_text(alias));
		return;
	}
	if (!dmabuf_heap_next_alias(heap, NULL))
		return;
	file = open_memstream(&text, &size);
	if (!file)
		return;
	while ((alias = dmabuf_heap_next_alias(heap, alias)))
		fprintf(file, "%s%s", ftell(file) ? "," : "", alias);
	fclose(file);
	value_take_text(value, text);
}

static struct json_object *share_json(const struct share *share)
{
	static const enum field_id columns[] = { FIELD_PID, FIELD_COMM,
						 FIELD_BYTES };
	const char *comm = dmabuf_process_comm(share->process);
	const struct value values[] = {
		{ .known = true, .number = dmabuf_process_pid(share->process) },
		{ .known = comm, .text = comm },
		{ .known = true, .number = share->bytes },
	};

	return json_fields(columns, 3, values);
}

/* JSON has the first few, a table the first. */
enum { TOP = 5 };

static void get_top(const struct row *row, bool lists, struct value *value)
{
	const struct share *share = NULL;
	size_t i;

	value->known = row->knows_holders;
	if (!value->known)
		return;
	if (lists) {
		value->list = json_object_new_array();
		for (i = 0; i < row->shares.n && i < TOP; i++)
			json_object_array_add(
				value->list,
				share_json(vec_at(&row->shares, i)));
		return;
	}
	share = vec_next(&row->shares, NULL);
	if (share)
		take_format(value, "%s:%" PRIu32,
			    dmabuf_process_comm(share->process) ?: "?",
			    dmabuf_process_pid(share->process));
	else
		value_set_text(value, "");
}

static void get(const struct rows *rows, size_t i, enum field_id field,
		bool lists, struct value *value)
{
	const struct row *row = vec_at(rows->data, i);
	const struct dmabuf_heap *heap = row->heap;
	unsigned int major, minor;

	switch (field) {
	case FIELD_HEAP:
		value_set_text(value, dmabuf_heap_name(heap));
		break;
	case FIELD_NODE:
		take_format(value, "/dev/dma_heap/%s", dmabuf_heap_name(heap));
		break;
	case FIELD_ALIASES:
		get_aliases(heap, lists, value);
		break;
	case FIELD_DEVICE:
		if (!dmabuf_heap_device(heap, &major, &minor))
			take_format(value, "%u:%u", major, minor);
		break;
	case FIELD_ACCESS:
		value->known = true;
		value->number = !dmabuf_heap_access(heap);
		break;
	case FIELD_REGION:
		value_set_text(value, dmabuf_heap_region(heap));
		break;
	case FIELD_SIZE:
		value->known = !dmabuf_heap_size(heap, &value->number);
		break;
	case FIELD_USED_BYTES:
		value->known = !dmabuf_heap_used(heap, &value->number);
		break;
	case FIELD_FREE_BYTES:
		value->known = !dmabuf_heap_unused(heap, &value->number);
		break;
	case FIELD_LARGEST_RUN:
		value->known = !dmabuf_heap_largest(heap, &value->number);
		break;
	case FIELD_BUFFERS:
		value->known = row->knows_buffers;
		value->number = row->buffers;
		break;
	case FIELD_BYTES:
		value->known = row->knows_buffers;
		value->number = row->bytes;
		break;
	case FIELD_TOP_HOLDERS:
		get_top(row, lists, value);
		break;
	default:
		break;
	}
}

static bool wants(const struct cmd_env *env, const enum field_id *set)
{
	size_t i;

	for (; *set != FIELD_END; set++) {
		if (env->sort == *set)
			return true;
		for (i = 0; i < env->n_columns; i++)
			if (env->columns[i] == *set)
				return true;
	}
	return false;
}

static const enum field_id of_buffers[] = {
	FIELD_BUFFERS,
	FIELD_BYTES,
	FIELD_TOP_HOLDERS,
	FIELD_END,
};

static const enum field_id of_regions[] = {
	FIELD_SIZE,	   FIELD_USED_BYTES, FIELD_FREE_BYTES,
	FIELD_LARGEST_RUN, FIELD_END,
};

/* Heaps are there whether buffers can be seen or not. */
static void look(struct cmd_env *env, struct listing *listing,
		 struct envelope *envelope)
{
	if (wants(env, of_regions)) {
		envelope->notes[0].what = "regions";
		envelope->notes[0].error = *dmabuf_heaps_error(listing->heaps);
	}
	if (!wants(env, of_buffers))
		return;
	listing->view.snapshot = cmd_try_snapshot(env);
	if (!listing->view.snapshot) {
		envelope->notes[1].what = "buffers";
		envelope->notes[1].error = *dmabuf_ctx_error(env->ctx);
	}
}

static int resolve(struct cmd_env *env, const char *heap)
{
	_cleanup_free_ char *node = NULL;

	if (dmabuf_heap_resolve(env->ctx, heap, &node))
		return cmd_failed(env);
	printf("/dev/dma_heap/%s\n", node);
	return STATUS_WHOLE;
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(listing_fini) struct listing listing = {
		.view = VIEW_NONE,
		.rows = VEC_OF(struct row),
	};
	struct envelope envelope = { .command = "heaps",
				     .array = "heaps",
				     .kernel = "" };
	const struct sysroot sysroot = { env->options.root ?: "/" };
	struct rows rows = { .data = &listing.rows, .get = get };
	char kernel[64];

	(void)argc;
	(void)argv;
	if (env->options.resolve)
		return resolve(env, env->options.resolve);
	if (dmabuf_heaps_list(env->ctx, &listing.heaps))
		return cmd_failed(env);
	if (!sysroot_read_line(&sysroot, "proc/sys/kernel/osrelease", kernel,
			       sizeof(kernel)))
		envelope.kernel = kernel;
	look(env, &listing, &envelope);
	if (make_rows(&listing))
		return cmd_no_memory();
	if (listing.view.snapshot)
		view_envelope(&listing.view, &envelope);
	rows.n = listing.rows.n;
	return cmd_rows(env, &rows, &envelope);
}

static const enum field_id all[] = {
	FIELD_HEAP,	   FIELD_NODE,	      FIELD_ALIASES, FIELD_DEVICE,
	FIELD_ACCESS,	   FIELD_REGION,      FIELD_SIZE,    FIELD_USED_BYTES,
	FIELD_FREE_BYTES,  FIELD_LARGEST_RUN, FIELD_BUFFERS, FIELD_BYTES,
	FIELD_TOP_HOLDERS, FIELD_END,
};

static const enum field_id columns[] = {
	FIELD_HEAP,	   FIELD_ALIASES,     FIELD_REGION,  FIELD_SIZE,
	FIELD_FREE_BYTES,  FIELD_LARGEST_RUN, FIELD_BUFFERS, FIELD_BYTES,
	FIELD_TOP_HOLDERS, FIELD_END,
};

static const struct option_spec options[] = {
	{ "resolve", "HEAP", "just the path of this one, such as default-cma",
	  OPTION_RESOLVE },
	{},
};

const struct cmd cmd_heaps = {
	.name = "heaps",
	.summary = "what buffers can be made of, and who has it",
	.flags = CMD_ROWS | CMD_ROOT,
	.options = options,
	.array = "heaps",
	.fields = all,
	.columns = columns,
	.json_fields = all,
	.sort = "heap",
	.run = run,
};
