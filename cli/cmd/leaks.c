// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf leaks: buffers no process holds, and references nothing explains. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rows/birth.h"
#include "cli/rows/buffer.h"
#include "cli/rows/kinds.h"
#include "cli/rows/verdict.h"
#include "ui/json.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/u64.h"

/* Buffers that are alike in all that is shown of them but the number. */
struct leak {
	const struct dmabuf_buffer *buffer; /* the first of them */
	const struct dmabuf_birth *birth; /* the earliest; NULL: none known */
	char *devices; /* NULL when not known */
	char *verdict;
	bool certain;
	uint64_t size, buffers, bytes, unexplained;
	uint32_t stack; /* from which they were made; 0 when not known */
	bool shared; /* other processes made some of them */
	size_t first; /* index of its first in struct leaks::inos */
};

struct leaks {
	const struct view *view;
	struct vec all; /* struct leak */
	struct vec inos; /* uint64_t, those of a leak side by side */
};

static void leaks_fini(struct leaks *leaks)
{
	struct leak *leak = NULL;

	while ((leak = vec_next(&leaks->all, leak))) {
		free(leak->devices);
		free(leak->verdict);
	}
	vec_fini(&leaks->all);
	vec_fini(&leaks->inos);
}

/* Whether its memory is held by nobody who can use it, or by the unknown. */
static bool is_leak(const struct view *view, const struct dmabuf_buffer *buffer)
{
	uint64_t unexplained = 0;
	bool kernel_only = false;

	if (dmabuf_buffer_released(buffer))
		return true;
	(void)dmabuf_buffer_kernel_only(view->snapshot, buffer, &kernel_only);
	(void)dmabuf_buffer_unexplained(view->snapshot, buffer, &unexplained);
	return kernel_only || unexplained;
}

static int compare_texts(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !!a - !!b;
}

static int compare_kinds(const struct leak *a, const struct leak *b)
{
	return u64_compare(a->size, b->size)
		       ?: compare_texts(dmabuf_buffer_exporter(a->buffer),
					dmabuf_buffer_exporter(b->buffer))
		       ?: compare_texts(dmabuf_buffer_name(a->buffer),
					dmabuf_buffer_name(b->buffer))
		       ?: compare_texts(a->devices, b->devices)
		       ?: strcmp(a->verdict, b->verdict)
		       ?: u64_compare(!!a->birth, !!b->birth)
		       ?: u64_compare(a->stack, b->stack);
}

/* Of one kind, by number: the order of the snapshot. */
static int compare_leaks(const void *left, const void *right)
{
	const struct leak *a = left, *b = right;

	return compare_kinds(a, b)
		       ?: u64_compare((uintptr_t)a->buffer,
				      (uintptr_t)b->buffer);
}

static int add(struct leaks *leaks, const struct dmabuf_buffer *buffer)
{
	struct leak leak = { .buffer = buffer, .buffers = 1 };
	const struct view *view = leaks->view;
	int r;

	leak.birth = dmabuf_buffer_birth(view->snapshot, buffer);
	if (leak.birth)
		(void)dmabuf_birth_stack(leak.birth, &leak.stack);
	r = buffer_devices(view, buffer, &leak.devices);
	leak.verdict = verdict_make(view, buffer, &leak.certain);
	(void)dmabuf_buffer_size(buffer, &leak.size);
	leak.bytes = leak.size;
	(void)dmabuf_buffer_unexplained(view->snapshot, buffer,
					&leak.unexplained);
	if (!r && leak.verdict && !vec_push(&leaks->all, &leak))
		return 0;
	free(leak.verdict);
	free(leak.devices);
	return -ENOMEM;
}

/* Keeps the earlier birth. */
static void merge_births(struct leak *to, const struct leak *from)
{
	uint32_t a = 0, b = 0;

	if (!from->birth)
		return;
	if (!to->birth) {
		to->birth = from->birth;
		return;
	}
	(void)dmabuf_birth_pid(to->birth, &a);
	(void)dmabuf_birth_pid(from->birth, &b);
	to->shared |= from->shared || a != b;
	if (dmabuf_birth_age_ns(from->birth) > dmabuf_birth_age_ns(to->birth))
		to->birth = from->birth;
}

static void merge(struct leak *to, struct leak *from)
{
	merge_births(to, from);
	to->buffers++;
	to->bytes = u64_sat_add(to->bytes, from->bytes);
	to->unexplained = u64_sat_add(to->unexplained, from->unexplained);
	free(from->devices);
	free(from->verdict);
}

static int group(struct leaks *leaks)
{
	struct leak *from, *to;
	uint64_t ino;
	size_t i, n = 0;
	int r = 0;

	vec_sort(&leaks->all, compare_leaks);
	for (i = 0; i < leaks->all.n; i++) {
		from = vec_at(&leaks->all, i);
		to = n ? vec_at(&leaks->all, n - 1) : NULL;
		ino = 0;
		(void)dmabuf_buffer_ino(from->buffer, &ino);
		from->first = leaks->inos.n;
		r = r ?: vec_push(&leaks->inos, &ino);
		if (to && !compare_kinds(to, from))
			merge(to, from);
		else
			memmove(vec_at(&leaks->all, n++), from, sizeof(*from));
	}
	leaks->all.n = n;
	return r;
}

static int gather(struct leaks *leaks)
{
	const struct dmabuf_buffer *buffer;
	size_t i;

	for (i = 0; i < view_count_all(leaks->view); i++) {
		buffer = view_any(leaks->view, i);
		if (is_leak(leaks->view, buffer) && add(leaks, buffer))
			return -ENOMEM;
	}
	return group(leaks);
}

static void get_bytes(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;
	uint64_t size;

	/* All are of one size. */
	value->known = !dmabuf_buffer_size(leak->buffer, &size);
	value->number = leak->bytes;
}

static void get_buffers(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_number(value, leak->buffers);
}

static void get_size(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value->known = !dmabuf_buffer_size(leak->buffer, &value->number);
}

static void get_exporter(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_text(value, dmabuf_buffer_exporter(leak->buffer));
}

static void get_name(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_text(value, dmabuf_buffer_name(leak->buffer));
}

static void get_devices(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_text(value, leak->devices);
}

static void put_devices(const struct cell *cell, struct json *json)
{
	const struct leak *leak = cell->row;
	const struct leaks *leaks = cell->of;
	const struct dmabuf_attachment *att = NULL;

	if (!leak->devices) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	while ((att = dmabuf_buffer_next_attachment(leaks->view->snapshot,
						    leak->buffer, att)))
		json_text(json, dmabuf_attachment_device(att));
	json_end_array(json);
}

static const uint64_t *inos_of(const struct cell *cell)
{
	const struct leaks *leaks = cell->of;
	const struct leak *leak = cell->row;

	return vec_at(&leaks->inos, leak->first);
}

/* No buffer has number 0: that stands for one that is not known. */
static void get_inos(const struct cell *cell, struct value *value)
{
	enum { SHOWN = 3 };
	const struct leak *leak = cell->row;
	const uint64_t *inos = inos_of(cell);
	char text[SHOWN * 24 + 8], *end = text;
	size_t i;

	for (i = 0; i < leak->buffers && i < SHOWN; i++) {
		end = i ? stpcpy(end, ",") : end;
		end = inos[i] ? number_put(end, inos[i]) : stpcpy(end, "-");
	}
	strcpy(end, leak->buffers > SHOWN ? ",..." : "");
	value->number = inos[0];
	value_take_text(value, strdup(text));
}

static void put_inos(const struct cell *cell, struct json *json)
{
	const struct leak *leak = cell->row;
	const uint64_t *inos = inos_of(cell);
	size_t i;

	json_begin_array(json);
	for (i = 0; i < leak->buffers; i++) {
		if (inos[i])
			json_u64(json, inos[i]);
		else
			json_null(json);
	}
	json_end_array(json);
}

static void get_kernel_only(const struct cell *cell, struct value *value)
{
	const struct leaks *leaks = cell->of;
	const struct leak *leak = cell->row;
	bool flag = false;

	value->known = !dmabuf_buffer_kernel_only(leaks->view->snapshot,
						  leak->buffer, &flag);
	value->number = flag;
}

static void get_released(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_number(value, dmabuf_buffer_released(leak->buffer));
}

static void get_unexplained(const struct cell *cell, struct value *value)
{
	const struct leaks *leaks = cell->of;
	const struct leak *leak = cell->row;
	uint64_t one;

	value->known = !dmabuf_buffer_unexplained(leaks->view->snapshot,
						  leak->buffer, &one);
	value->number = leak->unexplained;
}

static void get_certain(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_number(value, leak->certain);
}

static void get_verdict(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value_set_text(value, leak->verdict);
}

/* "camera-hal:812 and others, the first 3h ago in frame_new, called by main" */
static char *made_text(const struct leaks *leaks, const struct leak *leak)
{
	struct strbuf buf = {};
	char age[DURATION_TEXT];

	birth_say_maker(&buf, leak->birth);
	human_duration(dmabuf_birth_age_ns(leak->birth), age);
	strbuf_printf(&buf, "%s%s %s ago", leak->shared ? " and others" : "",
		      leak->buffers > 1 ? ", the first" : "", age);
	stack_say_where(&buf, leaks->view->snapshot, leak->birth);
	return strbuf_take(&buf);
}

static void get_made(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	if (leak->birth)
		value_take_text(value, made_text(cell->of, leak));
}

/* All buffers of a leak have a birth, or none has. */
static void get_oldest_age(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	if (leak->birth)
		value_set_number(value, dmabuf_birth_age_ns(leak->birth));
}

static void get_stack(const struct cell *cell, struct value *value)
{
	const struct leak *leak = cell->row;

	value->known = leak->stack;
	value->number = leak->stack;
}

static const struct column columns[] = {
	COLUMN(BYTES, COLUMN_BOTH, get_bytes),
	COLUMN(BUFFERS, COLUMN_BOTH, get_buffers),
	COLUMN(SIZE, COLUMN_JSON, get_size),
	COLUMN(EXPORTER, COLUMN_BOTH, get_exporter),
	COLUMN(NAME, COLUMN_BOTH, get_name),
	LIST_COLUMN(DEVICES, COLUMN_JSON, get_devices, put_devices),
	LIST_COLUMN(INOS, COLUMN_BOTH, get_inos, put_inos),
	COLUMN(KERNEL_ONLY, COLUMN_JSON, get_kernel_only),
	COLUMN(RELEASED, COLUMN_JSON, get_released),
	COLUMN(UNEXPLAINED, COLUMN_JSON, get_unexplained),
	COLUMN(CERTAIN, COLUMN_BOTH, get_certain),
	COLUMN(VERDICT, COLUMN_BOTH, get_verdict),
	COLUMN(MADE, COLUMN_JSON, get_made),
	COLUMN(OLDEST_AGE, COLUMN_JSON, get_oldest_age),
	COLUMN(STACK, COLUMN_JSON, get_stack),
	{},
};

static const void *leak_at(const void *of, size_t i)
{
	const struct leaks *leaks = of;

	return vec_at(&leaks->all, i);
}

/* What is shown in place of rows. */
static const char *nothing(const struct cmd_env *env, const struct view *view,
			   const struct total *total)
{
	const char *unknown = view_cannot_tell(view);

	if (unknown)
		return unknown;
	if (!view_is_whole(view) || view_lacks_buffers(view))
		return "no leak found, but not everything could be seen";
	if (!total[TOTAL_UNEXPLAINED].known)
		return "each buffer is held by a process; cannot tell whether "
		       "every reference is explained";
	return view_is_filtered(env)
		       ? "of the buffers that match, each is held by a "
			 "process, "
			 "and every reference is explained"
		       : "every dma-buf is held by a process, and every "
			 "reference is explained";
}

/* Whether a verdict says that references were not found. */
static bool lacks_references(const struct leaks *leaks)
{
	const struct leak *leak = NULL;

	while ((leak = vec_next(&leaks->all, leak)))
		if (leak->unexplained)
			return true;
	return false;
}

static int compare_stacks(const void *left, const void *right)
{
	const struct leak *a = left, *b = right;

	return u64_compare(a->stack, b->stack)
		       ?: u64_compare(a->first, b->first);
}

/*
 * Adds a line, when it is known who made the buffers of a leak. Return: 0 or
 * -ENOMEM.
 */
static int say_made(struct strbuf *buf, const struct leaks *leaks,
		    const struct leak *leak)
{
	_cleanup_free_ char *made = leak->birth ? made_text(leaks, leak) : NULL;
	_cleanup_free_ char *safe = made ? malloc(4 * strlen(made) + 1) : NULL;
	const uint64_t *ino = vec_at(&leaks->inos, leak->first);

	if (!leak->birth)
		return 0;
	if (!safe)
		return -ENOMEM;
	locale_printable(made, safe);
	strbuf_puts(buf, buf->n ? "\n" : "");
	if (leak->buffers > 1)
		strbuf_printf(buf, "%" PRIu64 " buffers like %" PRIu64,
			      leak->buffers, *ino);
	else
		strbuf_printf(buf, "buffer %" PRIu64, *ino);
	strbuf_printf(buf, ": made by %s", safe);
	return 0;
}

/* The largest first, as in the table. */
static int compare_sizes(const void *left, const void *right)
{
	const struct leak *a = left, *b = right;

	return u64_compare(b->bytes, a->bytes)
		       ?: u64_compare(a->first, b->first);
}

/* Makes one of all leaks of a stack. Return: 0 or -ENOMEM. */
static int merge_stacks(const struct leaks *leaks, struct vec *to)
{
	_cleanup_(vec_fini) struct vec all = VEC_OF(struct leak);
	struct leak *leak = NULL, *last = NULL;

	while ((leak = vec_next(&leaks->all, leak)))
		if (vec_push(&all, leak))
			return -ENOMEM;
	vec_sort(&all, compare_stacks);
	leak = NULL;
	while ((leak = vec_next(&all, leak))) {
		if (!last || !leak->stack || last->stack != leak->stack) {
			if (vec_push(to, leak))
				return -ENOMEM;
			last = vec_at(to, to->n - 1);
			continue;
		}
		merge_births(last, leak);
		last->buffers += leak->buffers;
		last->bytes = u64_sat_add(last->bytes, leak->bytes);
	}
	return 0;
}

/* Adds a line for all leaks of each stack. Return: 0 or -ENOMEM. */
static int say_makers(struct strbuf *buf, const struct leaks *leaks)
{
	_cleanup_(vec_fini) struct vec made = VEC_OF(struct leak);
	const struct leak *leak = NULL;
	int r = merge_stacks(leaks, &made);

	vec_sort(&made, compare_sizes);
	while (!r && (leak = vec_next(&made, leak)))
		r = say_made(buf, leaks, leak);
	return r;
}

/*
 * The lines below the table, which the caller frees: who made what is in it,
 * and what was searched. Return: 0 or -ENOMEM.
 */
static int lines_below(const struct leaks *leaks, char **ret)
{
	struct strbuf buf = {};

	*ret = NULL;
	if (say_makers(&buf, leaks)) {
		strbuf_fini(&buf);
		return -ENOMEM;
	}
	if (lacks_references(leaks)) {
		if (buf.n)
			strbuf_puts(&buf, "\n");
		kinds_say_searched(&buf, leaks->view);
	}
	if (!buf.n && !buf.failed)
		return 0;
	*ret = strbuf_take(&buf);
	return *ret ? 0 : -ENOMEM;
}

/* Finds the names of the calls that are shown. */
static int name_stacks(struct cmd_env *env, const struct leaks *leaks)
{
	_cleanup_(vec_fini) struct vec stacks = VEC_OF(uint32_t);
	const struct leak *leak = NULL;
	const uint32_t none = 0;

	while ((leak = vec_next(&leaks->all, leak)))
		if (leak->stack && vec_push(&stacks, &leak->stack))
			return cmd_no_memory();
	return cmd_name_stacks(env, leaks->view->snapshot, stacks.data ?: &none,
			       stacks.n);
}

/* @data: the view. */
static void put_searched(const void *data, struct json *json)
{
	kinds_put_searched(data, json);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(view_fini) struct view view = VIEW_NONE;
	_cleanup_(leaks_fini) struct leaks leaks = { &view, VEC_OF(struct leak),
						     VEC_OF(uint64_t) };
	struct envelope envelope = { .command = "leaks",
				     .array = "leaks",
				     .put_extra = put_searched,
				     .data = &view };
	struct rows rows = { .of = &leaks, .at = leak_at };
	_cleanup_free_ char *below = NULL;
	int status;

	(void)argc;
	(void)argv;
	status = view_take_held(env, &view);
	if (status)
		return status;
	if (gather(&leaks))
		return cmd_no_memory();
	status = name_stacks(env, &leaks);
	if (status)
		return status;
	if (lines_below(&leaks, &below))
		return cmd_no_memory();
	rows.n = leaks.all.n;
	view_envelope(&view, &envelope);
	envelope.lacks_rows |= view_lacks_holders(&view);
	envelope.below = below;
	if (!rows.n)
		envelope.above = nothing(env, &view, envelope.totals);
	return cmd_rows(env, &rows, &envelope);
}

const struct cmd cmd_leaks = {
	.name = "leaks",
	.summary = "buffers no process holds, unexplained references",
	.flags = CMD_ROWS | CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_HOLDERS |
		 CMD_FILTER | CMD_STACKS,
	.array = "leaks",
	.columns = columns,
	.sort = "-bytes",
	.run = run,
};
