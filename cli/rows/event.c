// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/event.h"

#include <dmabuf/trace.h>
#include <inttypes.h>

static void get_time(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_printf(value, "%" PRIu64 ".%06" PRIu64,
		     event->time_ns / 1000000000,
		     event->time_ns / 1000 % 1000000);
}

static void get_time_ns(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_number(value, event->time_ns);
}

static void get_event(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_text(value, dmabuf_event_name(event->kind));
}

/* A number that is 0 when it is not known. */
static void set_known(struct value *value, uint64_t number)
{
	if (number)
		value_set_number(value, number);
}

/* The idle task is process 0, but does nothing to buffers. */
static void get_pid(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	set_known(value, event->pid);
}

static void get_thread(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	set_known(value, event->tid);
}

static void get_comm(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_text(value, event->comm);
}

static void get_ino(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	set_known(value, event->ino);
}

static void get_size(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_number(value, event->bytes);
}

static void get_exporter(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_text(value, event->exporter);
}

static void get_name(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_text(value, event->name);
}

static void get_fd(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	if (event->fd >= 0)
		value_set_number(value, event->fd);
}

static void get_importer(const struct cell *cell, struct value *value)
{
	const struct dmabuf_event *event = cell->row;

	value_set_text(value, event->device);
}

const struct column event_columns[] = {
	COLUMN(TIME, COLUMN_TABLE, get_time),
	COLUMN(TIME_NS, COLUMN_JSON, get_time_ns),
	COLUMN(EVENT, COLUMN_BOTH, get_event),
	COLUMN(PID, COLUMN_BOTH, get_pid),
	COLUMN(THREAD, COLUMN_JSON, get_thread),
	COLUMN(COMM, COLUMN_BOTH, get_comm),
	COLUMN(INO, COLUMN_BOTH, get_ino),
	COLUMN(SIZE, COLUMN_BOTH, get_size),
	COLUMN(EXPORTER, COLUMN_BOTH, get_exporter),
	COLUMN(NAME, COLUMN_BOTH, get_name),
	COLUMN(FD, COLUMN_BOTH, get_fd),
	COLUMN(IMPORTER, COLUMN_BOTH, get_importer),
	{},
};
