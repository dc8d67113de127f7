// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf show: one buffer, and every reference to it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/operand.h"
#include "cli/rows/birth.h"
#include "cli/rows/buffer.h"
#include "cli/rows/kinds.h"
#include "cli/rows/verdict.h"
#include "cli/rows/via.h"
#include "ui/json.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

struct refs {
	const struct dmabuf_snapshot *snapshot;
	const struct vec *all; /* const struct dmabuf_ref * */
};

static void get_type(const struct cell *cell, struct value *value)
{
	const enum dmabuf_ref_type type = dmabuf_ref_type(cell->row);

	value_set_text(value, dmabuf_ref_type_name(type));
}

static void get_pid(const struct cell *cell, struct value *value)
{
	value->number = dmabuf_ref_pid(cell->row);
	value->known = value->number;
}

static void get_tid(const struct cell *cell, struct value *value)
{
	value->number = dmabuf_ref_tid(cell->row);
	value->known =
		value->number && value->number != dmabuf_ref_pid(cell->row);
}

static void get_comm(const struct cell *cell, struct value *value)
{
	const struct refs *refs = cell->of;
	const struct dmabuf_process *process = dmabuf_snapshot_find_process(
		refs->snapshot, dmabuf_ref_pid(cell->row));

	if (process)
		value_set_text(value, dmabuf_process_comm(process));
}

static bool is_map(const struct dmabuf_ref *ref)
{
	return dmabuf_ref_type(ref) == DMABUF_REF_MAP;
}

static void get_place(const struct cell *cell, struct value *value)
{
	value->known = !is_map(cell->row);
	value->number = dmabuf_ref_place(cell->row);
}

static void get_start(const struct cell *cell, struct value *value)
{
	value->known = is_map(cell->row);
	value->number = dmabuf_ref_place(cell->row);
}

static void get_length(const struct cell *cell, struct value *value)
{
	value->known = is_map(cell->row);
	value->number = dmabuf_ref_bytes(cell->row);
}

static void get_offset(const struct cell *cell, struct value *value)
{
	value->number = dmabuf_ref_offset(cell->row);
	value->known = is_map(cell->row) && value->number != UINT64_MAX;
}

static void get_refs(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_ref_count(cell->row));
}

static void get_node(const struct cell *cell, struct value *value)
{
	const struct refs *refs = cell->of;
	const struct dmabuf_keeper *keeper =
		dmabuf_ref_keeper(refs->snapshot, cell->row);
	const char *node = keeper ? dmabuf_keeper_node(keeper) : NULL;

	if (node)
		value_printf(value, "/dev/%s", node);
}

static void get_via(const struct cell *cell, struct value *value)
{
	const struct refs *refs = cell->of;
	struct strbuf buf = {};

	if (!dmabuf_ref_keeper(refs->snapshot, cell->row))
		return;
	via_say(&buf, refs->snapshot, cell->row);
	value_take_text(value, strbuf_take(&buf));
}

static const struct column columns[] = {
	COLUMN(TYPE, COLUMN_BOTH, get_type),
	COLUMN(PID, COLUMN_BOTH, get_pid),
	COLUMN(COMM, COLUMN_BOTH, get_comm),
	COLUMN(TID, COLUMN_BOTH, get_tid),
	COLUMN(PLACE, COLUMN_BOTH, get_place),
	COLUMN(START, COLUMN_BOTH, get_start),
	COLUMN(LENGTH, COLUMN_BOTH, get_length),
	COLUMN(OFFSET, COLUMN_JSON, get_offset),
	COLUMN(REFS, COLUMN_BOTH, get_refs),
	COLUMN(NODE, COLUMN_JSON, get_node),
	COLUMN(VIA, COLUMN_BOTH, get_via),
	{},
};

static const void *ref_at(const void *of, size_t i)
{
	const struct refs *refs = of;

	return *(const struct dmabuf_ref **)vec_at(refs->all, i);
}

/* Leaves the first of @buffers with this number. Return: how many have it. */
static size_t pick_from(struct vec *buffers, uint64_t ino)
{
	const struct dmabuf_buffer **buffer = buffers->data;
	uint64_t number;
	size_t i, n = 0;

	for (i = 0; i < buffers->n; i++)
		if (!dmabuf_buffer_ino(buffer[i], &number) && number == ino &&
		    !n++)
			buffer[0] = buffer[i];
	buffers->n = !!n;
	return n;
}

/* Leaves the buffer with this number; v5.10 may have several. */
static int pick(struct view *view, uint64_t ino, size_t *n)
{
	size_t released = pick_from(&view->released, ino);

	*n = pick_from(&view->buffers, ino);
	if (*n)
		view->released.n = 0;
	*n += released;
	return *n ? 0 : -ENOENT;
}

/* The buffer that is shown. */
static const struct dmabuf_buffer *shown(const struct view *view)
{
	return view_any(view, 0);
}

static void say_text(struct strbuf *buf, const char *label, const char *text)
{
	char safe[256];

	if (!text)
		return;
	locale_printable(text, safe);
	strbuf_printf(buf, "%s%s", label, safe);
}

static void say_ledger(struct strbuf *buf, const struct view *view,
		       const struct dmabuf_buffer *buffer)
{
	uint64_t refs, explained, unexplained;

	if (dmabuf_buffer_released(buffer)) {
		strbuf_puts(buf, "0 references, not in the list of the kernel");
		return;
	}
	if (dmabuf_buffer_refs(buffer, &refs))
		strbuf_puts(buf, "references unknown");
	else
		strbuf_printf(buf, "%" PRIu64 " reference%s", refs,
			      refs == 1 ? "" : "s");
	if (!dmabuf_buffer_explained(view->snapshot, buffer, &explained))
		strbuf_printf(buf, ", %" PRIu64 " explained", explained);
	if (!dmabuf_buffer_unexplained(view->snapshot, buffer, &unexplained))
		strbuf_printf(buf, ", %" PRIu64 " unexplained", unexplained);
}

/* The lines above the table, which the caller frees; NULL without memory. */
static char *head_lines(const struct view *view, size_t n)
{
	const struct dmabuf_buffer *buffer = shown(view);
	const char *name = dmabuf_buffer_name(buffer);
	_cleanup_(strbuf_fini) struct strbuf buf = {};
	_cleanup_free_ char *verdict = NULL, *safe = NULL;
	char bytes[16] = "size unknown";
	uint64_t ino = 0, size, unexplained;
	bool certain;

	(void)dmabuf_buffer_ino(buffer, &ino);
	if (!dmabuf_buffer_size(buffer, &size))
		human_bytes(size, bytes);
	strbuf_printf(&buf, "buffer %" PRIu64 ", %s", ino, bytes);
	say_text(&buf, " of ", dmabuf_buffer_exporter(buffer));
	if (name && name[0])
		say_text(&buf, ", named ", name);
	if (n > 1)
		strbuf_printf(&buf, " (the first of %zu with this number)", n);
	strbuf_puts(&buf, "\n");
	say_ledger(&buf, view, buffer);
	if (birth_say(&buf, view, buffer))
		return NULL;
	verdict = verdict_make(view, buffer, &certain);
	safe = verdict ? malloc(4 * strlen(verdict) + 1) : NULL;
	if (!safe)
		return NULL;
	locale_printable(verdict, safe);
	strbuf_printf(&buf, "\n%s", safe);
	if (!dmabuf_buffer_unexplained(view->snapshot, buffer, &unexplained) &&
	    unexplained) {
		strbuf_puts(&buf, "\n");
		kinds_say_searched(&buf, view);
	}
	return strbuf_take(&buf);
}

/* @data: the view. */
static void put_head(const void *data, struct json *json)
{
	_cleanup_free_ char *verdict = NULL;
	const struct view *view = data;
	const struct dmabuf_buffer *buffer = shown(view);
	bool certain = false;

	verdict = verdict_make(view, buffer, &certain);
	if (!verdict)
		json_fail(json, -ENOMEM);
	json_key(json, "buffer");
	columns_put_json(buffer_columns, COLUMN_JSON, view, buffer, json);
	json_member_text(json, "verdict", verdict);
	json_member_bool(json, "certain", certain);
	stack_put(view->snapshot, dmabuf_buffer_birth(view->snapshot, buffer),
		  json);
	kinds_put_searched(view, json);
}

/* Finds the names of the calls that made the buffer, and of no others. */
static int name_stack(struct cmd_env *env, const struct view *view)
{
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(view->snapshot, shown(view));
	uint32_t stack = 0;

	if (birth)
		(void)dmabuf_birth_stack(birth, &stack);
	return cmd_name_stacks(env, view->snapshot, &stack, !!stack);
}

static int list_refs(const struct view *view, struct vec *refs)
{
	const struct dmabuf_ref *ref = NULL;

	while ((ref = dmabuf_buffer_next_ref(view->snapshot, shown(view), ref)))
		if (vec_push(refs, &ref))
			return -ENOMEM;
	return 0;
}

static int show(struct cmd_env *env, const struct view *view, size_t n)
{
	_cleanup_free_ char *above = NULL;
	_cleanup_(vec_fini) struct vec all = VEC_OF(const struct dmabuf_ref *);
	struct refs refs = { view->snapshot, &all };
	struct envelope envelope = { .command = "show",
				     .array = "holders",
				     .put_extra = put_head,
				     .data = view };
	struct rows rows = { .of = &refs, .at = ref_at };

	if (list_refs(view, &all))
		return cmd_no_memory();
	rows.n = all.n;
	view_envelope(view, &envelope);
	envelope.above = above = head_lines(view, n);
	if (!above)
		return cmd_no_memory();
	return cmd_rows(env, &rows, &envelope);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	uint64_t ino;
	char name[32];
	size_t n;
	int status;

	if (argc != 1)
		return cmd_usage(env, argc ? "'show' takes one buffer"
					   : "'show' needs an inode number; "
					     "'dmabuf list' has them");
	status = operand_number(env, "inode number", argv[0], UINT64_MAX, &ino);
	if (!status)
		status = view_take(env, &view);
	if (status)
		return status;
	if (pick(&view, ino, &n)) {
		snprintf(name, sizeof(name), "buffer %" PRIu64, ino);
		cmd_failed_at(name, "no dma-buf found with this inode number",
			      "see 'dmabuf list'");
		envelope_print_gaps(
			&(struct envelope){ .snapshot = view.snapshot });
		return STATUS_FAILED;
	}
	return name_stack(env, &view) ?: show(env, &view, n);
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "INO",
	.summary = "one buffer, and what every reference to it is",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_HOLDERS |
		 CMD_STACKS,
	.array = "holders",
	.columns = columns,
	.run = run,
};
