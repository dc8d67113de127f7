// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events in the Trace Event Format, which chrome://tracing and Perfetto read: a
 * slice for the life of each buffer, a counter of bytes for each exporter, if
 * all that changes it is traced. Both are of buffers that were made while this
 * traced. What is kept in memory is the buffers that are alive, and the
 * exporters.
 *
 * Stacks are arguments: Perfetto does not import the format's "stackFrames",
 * and chrome://tracing fails to import its "stack".
 */
#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rows/stack.h"
#include "cli/trace/format.h"
#include "ui/json.h"
#include "util/array.h"

/* Processes of which the name is known; another one takes its place. */
enum { PROCESSES = 1024 };

struct exporter {
	char *name; /* first: see compare_exporters() */
	uint64_t bytes;
};

/* A buffer that is alive. */
struct slice {
	uint64_t address; /* first: see compare_slices() */
	uint64_t number, bytes;
	uint32_t pid, tid;
	struct exporter *exporter;
};

struct process {
	uint32_t pid;
	char comm[16];
};

struct writer {
	struct json json;
	void *slices, *exporters; /* trees of tsearch(3) */
	uint64_t number; /* of the last slice */
	bool counts; /* the bytes of exporters */
	struct process processes[PROCESSES];
};

static int compare_slices(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	return (a->address > b->address) - (a->address < b->address);
}

static int compare_exporters(const void *left, const void *right)
{
	const struct exporter *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static void free_exporter(void *data)
{
	struct exporter *exporter = data;

	free(exporter->name);
	free(exporter);
}

static void free_writer(void *data)
{
	struct writer *w = data;

	tdestroy(w->slices, free);
	tdestroy(w->exporters, free_exporter);
	free(w);
}

static void *begin(FILE *file, const struct trace_setup *setup)
{
	struct writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->counts = !setup->lacks_bytes;
	json_init(&w->json, file);
	json_begin_object(&w->json);
	json_member_text(&w->json, "displayTimeUnit", "ns");
	json_key(&w->json, "otherData");
	json_begin_object(&w->json);
	json_member_text(&w->json, "clock", "CLOCK_BOOTTIME");
	if (setup->lacks_bytes)
		json_member_text(&w->json, "no_counters", setup->lacks_bytes);
	json_end_object(&w->json);
	json_key(&w->json, "traceEvents");
	json_begin_lines(&w->json);
	return w;
}

/* What all records of the format have; the times are microseconds. */
static void begin_record(struct json *json, const char *phase, const char *name,
			 uint64_t time_ns, uint32_t pid, uint32_t tid)
{
	json_begin_object(json);
	json_member_text(json, "ph", phase);
	json_member_text(json, "cat", "dma-buf");
	json_member_text(json, "name", name);
	json_key(json, "ts");
	json_thousandths(json, time_ns);
	json_member_u64(json, "pid", pid);
	json_member_u64(json, "tid", tid);
}

static void begin_args(struct json *json)
{
	json_key(json, "args");
	json_begin_object(json);
}

static void end_args(struct json *json)
{
	json_end_object(json);
	json_end_object(json);
}

/* @event: NULL if none was seen */
static void put_stacks(struct json *json, const struct dmabuf_event *event)
{
	if (event && event->stack)
		stack_put_event_lines(event, json);
}

static void put_process(struct writer *w, const struct dmabuf_event *event)
{
	struct process *process = &w->processes[event->pid % PROCESSES];

	if (process->pid == event->pid && !strcmp(process->comm, event->comm))
		return;
	process->pid = event->pid;
	strncpy(process->comm, event->comm, sizeof(process->comm) - 1);
	begin_record(&w->json, "M", "process_name", event->time_ns, event->pid,
		     event->tid);
	begin_args(&w->json);
	json_member_text(&w->json, "name", event->comm);
	end_args(&w->json);
}

static void put_counter(struct writer *w, const struct exporter *exporter,
			uint64_t time_ns)
{
	struct json *json = &w->json;
	char name[64];

	if (!w->counts)
		return;
	snprintf(name, sizeof(name), "bytes of %s", exporter->name);
	begin_record(json, "C", name, time_ns, 0, 0);
	begin_args(json);
	json_member_u64(json, "bytes", exporter->bytes);
	end_args(json);
}

/*
 * Begins the record of a slice's begin or end, up to its arguments. Viewers put
 * slices of the same name side by side, and an end belongs to a begin of the
 * same process.
 */
static void begin_slice(struct json *json, const char *phase,
			const struct slice *slice, uint64_t time_ns)
{
	char id[24];

	begin_record(json, phase, slice->exporter->name, time_ns, slice->pid,
		     slice->tid);
	snprintf(id, sizeof(id), "%" PRIu64, slice->number);
	json_member_text(json, "id", id);
	begin_args(json);
}

/* @freed: the event, or NULL when it was not seen */
static void end_slice(struct writer *w, const struct slice *slice,
		      const struct dmabuf_event *freed, uint64_t time_ns)
{
	begin_slice(&w->json, "e", slice, time_ns);
	if (freed) {
		json_member_text(&w->json, "freed_by", freed->comm);
		json_member_u64(&w->json, "freed_by_pid", freed->pid);
	}
	json_member_bool(&w->json, "freed", freed);
	put_stacks(&w->json, freed);
	end_args(&w->json);
	slice->exporter->bytes -= slice->bytes;
	put_counter(w, slice->exporter, time_ns);
}

static struct slice *find_slice(struct writer *w, uint64_t address)
{
	const struct slice wanted = { .address = address };
	struct slice **found = tfind(&wanted, &w->slices, compare_slices);

	return found ? *found : NULL;
}

static void drop_slice(struct writer *w, struct slice *slice)
{
	tdelete(slice, &w->slices, compare_slices);
	free(slice);
}

/* Return: the exporter of an event, or NULL without memory. */
static struct exporter *get_exporter(struct writer *w, const char *name)
{
	struct exporter wanted = { .name = (char *)name }, *made;
	struct exporter **found =
		tfind(&wanted, &w->exporters, compare_exporters);

	if (found)
		return *found;
	made = calloc(1, sizeof(*made));
	if (!made)
		return NULL;
	made->name = strdup(name);
	if (made->name && tsearch(made, &w->exporters, compare_exporters))
		return made;
	free_exporter(made);
	return NULL;
}

/* Return: 0 or -ENOMEM. */
static int add_slice(struct writer *w, const struct dmabuf_event *event)
{
	struct exporter *exporter = get_exporter(w, event->exporter);
	struct slice *slice = calloc(1, sizeof(*slice));

	if (!exporter || !slice) {
		free(slice);
		return -ENOMEM;
	}
	*slice = (struct slice){
		.address = event->address,
		.number = ++w->number,
		.bytes = event->bytes,
		.pid = event->pid,
		.tid = event->tid,
		.exporter = exporter,
	};
	if (!tsearch(slice, &w->slices, compare_slices)) {
		free(slice);
		return -ENOMEM;
	}
	begin_slice(&w->json, "b", slice, event->time_ns);
	json_member_u64(&w->json, "ino", event->ino);
	json_member_u64(&w->json, "size", event->bytes);
	json_member_text(&w->json, "exporter", event->exporter);
	put_stacks(&w->json, event);
	end_args(&w->json);
	exporter->bytes += event->bytes;
	put_counter(w, exporter, event->time_ns);
	return 0;
}

/* An event without a length. */
static void put_instant(struct writer *w, const struct dmabuf_event *event)
{
	begin_record(&w->json, "i", dmabuf_event_name(event->kind),
		     event->time_ns, event->pid, event->tid);
	json_member_text(&w->json, "s", "t");
	begin_args(&w->json);
	if (event->ino)
		json_member_u64(&w->json, "ino", event->ino);
	json_member_u64(&w->json, "size", event->bytes);
	json_member_text(&w->json, "exporter", event->exporter);
	json_member_text(&w->json, "buffer_name", event->name);
	if (event->device)
		json_member_text(&w->json, "importer", event->device);
	if (event->fd >= 0)
		json_member_u64(&w->json, "fd", event->fd);
	put_stacks(&w->json, event);
	end_args(&w->json);
}

static void put_lost(struct writer *w, const struct dmabuf_event *event)
{
	char text[64];

	snprintf(text, sizeof(text), TRACE_LOST, TRACE_LOST_OF(event->lost));
	begin_record(&w->json, "i", text, event->time_ns, 0, 0);
	json_member_text(&w->json, "s", "g");
	begin_args(&w->json);
	json_member_u64(&w->json, "lost", event->lost);
	json_member_text(&w->json, "cause", event->cause);
	end_args(&w->json);
}

static int put_event(struct writer *w, const struct dmabuf_event *event)
{
	struct slice *slice = find_slice(w, event->address);
	const bool made = event->kind == DMABUF_EVENT_MADE;

	put_process(w, event);
	if (slice && (made || event->kind == DMABUF_EVENT_FREED)) {
		/* Made once more: that it was freed is lost. */
		end_slice(w, slice, made ? NULL : event, event->time_ns);
		drop_slice(w, slice);
	} else if (!made) {
		put_instant(w, event);
	}
	return made ? add_slice(w, event) : 0;
}

static int put(void *data, const struct dmabuf_event *event)
{
	struct writer *w = data;

	if (event->kind == DMABUF_EVENT_LOST)
		put_lost(w, event);
	else if (put_event(w, event))
		json_fail(&w->json, -ENOMEM);
	return w->json.err;
}

static int flush(void *data)
{
	struct writer *w = data;

	return w->json.err;
}

/* Ends the slices of buffers that are alive. */
static int end(void *data, uint64_t time_ns)
{
	struct writer *w = data;
	struct slice *slice;

	while (w->slices) {
		/* The root of the tree is a pointer to its key. */
		slice = *(struct slice **)w->slices;
		end_slice(w, slice, NULL, time_ns);
		drop_slice(w, slice);
	}
	json_end_array(&w->json);
	json_end_object(&w->json);
	return json_finish(&w->json);
}

const struct trace_format trace_format_chrome = {
	.name = "chrome",
	.counts_bytes = true,
	.begin = begin,
	.put = put,
	.flush = flush,
	.end = end,
	.free = free_writer,
};
