// SPDX-License-Identifier: GPL-2.0-or-later
/* Events for programs: an object a line. */
#include <stdlib.h>

#include "cli/rows/stack.h"
#include "cli/trace/format.h"
#include "ui/json.h"

struct writer {
	const struct rows_view *view;
	struct json json;
};

static void *begin(FILE *file, const struct trace_setup *setup)
{
	struct writer *w = malloc(sizeof(*w));

	if (!w)
		return NULL;
	w->view = setup->view;
	json_init(&w->json, file);
	return w;
}

static void put_lost(struct json *json, const struct dmabuf_event *event)
{
	json_member_u64(json, "time_ns", event->time_ns);
	json_member_text(json, "event", dmabuf_event_name(event->kind));
	json_member_u64(json, "lost", event->lost);
	json_member_text(json, "cause", event->cause);
}

static int put(void *data, const struct dmabuf_event *event)
{
	struct writer *w = data;
	struct cell cell = { .row = event };
	size_t i;

	json_begin_object(&w->json);
	if (event->kind == DMABUF_EVENT_LOST)
		put_lost(&w->json, event);
	else
		for (i = 0; i < w->view->n; i++) {
			cell.column = w->view->columns[i];
			cell_put_member(&cell, &w->json);
		}
	if (event->stack)
		stack_put_event(event, &w->json);
	json_end_object(&w->json);
	return w->json.err;
}

static int flush(void *data)
{
	struct writer *w = data;

	return json_finish(&w->json);
}

static int end(void *data, uint64_t time_ns)
{
	(void)time_ns;
	return flush(data);
}

const struct trace_format trace_format_json = {
	.name = "json",
	.columns = COLUMN_JSON,
	.begin = begin,
	.put = put,
	.flush = flush,
	.end = end,
	.free = free,
};
