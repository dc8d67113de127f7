// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cgroup.h"
#include "cli/rows/processes.h"
#include "util/u64.h"

static struct dmabuf_usage usage_of(const struct dmabuf_process *process)
{
	struct dmabuf_usage usage = { .size = sizeof(usage) };

	(void)dmabuf_process_usage(process, &usage);
	return usage;
}

int processes_list(const struct dmabuf_snapshot *snapshot, struct vec *ret)
{
	const struct dmabuf_process *process = NULL;

	while ((process = dmabuf_snapshot_next_process(snapshot, process)))
		if (usage_of(process).buffers && vec_push(ret, &process))
			return -ENOMEM;
	return 0;
}

const struct dmabuf_process *processes_at(const struct vec *processes, size_t i)
{
	return *(const struct dmabuf_process **)vec_at(processes, i);
}

int processes_compare_pss(const void *left, const void *right)
{
	const struct dmabuf_process *const *a = left, *const *b = right;

	return u64_compare(usage_of(*b).pss, usage_of(*a).pss)
		       ?: u64_compare(dmabuf_process_pid(*a),
				      dmabuf_process_pid(*b));
}

static void get_number(const struct dmabuf_process *process,
		       enum field_id field, struct value *value)
{
	const struct dmabuf_usage usage = usage_of(process);

	value->known = true;
	switch (field) {
	case FIELD_PID:
		value->number = dmabuf_process_pid(process);
		break;
	case FIELD_BUFFERS:
		value->number = usage.buffers;
		break;
	case FIELD_FDS:
		value->number = usage.fds;
		break;
	case FIELD_MAPS:
		value->number = usage.maps;
		break;
	case FIELD_HANDLES:
		value->number = usage.handles;
		break;
	case FIELD_RSS:
		value->number = usage.rss;
		break;
	case FIELD_PSS:
		value->number = usage.pss;
		break;
	default:
		value->known = false;
	}
}

static void get(const struct dmabuf_process *process, enum field_id field,
		struct value *value)
{
	const char *cgroup = dmabuf_process_cgroup(process);

	switch (field) {
	case FIELD_COMM:
		value_set_text(value, dmabuf_process_comm(process));
		break;
	case FIELD_CGROUP:
		value_set_text(value, cgroup);
		break;
	case FIELD_UNIT:
		value_take_text(value, cgroup ? cgroup_unit(cgroup) : NULL);
		break;
	case FIELD_CONTAINER:
		value_take_text(value,
				cgroup ? cgroup_container(cgroup) : NULL);
		break;
	default:
		get_number(process, field, value);
	}
}

void processes_get(const struct rows *rows, size_t row, enum field_id field,
		   bool lists, struct value *value)
{
	(void)lists;
	get(processes_at(rows->data, row), field, value);
}

const enum field_id processes_fields[] = {
	FIELD_PID,    FIELD_COMM,    FIELD_BUFFERS,   FIELD_FDS,
	FIELD_MAPS,   FIELD_HANDLES, FIELD_RSS,	      FIELD_PSS,
	FIELD_CGROUP, FIELD_UNIT,    FIELD_CONTAINER, FIELD_END,
};

const enum field_id processes_columns[] = {
	FIELD_PID,     FIELD_COMM, FIELD_BUFFERS, FIELD_FDS, FIELD_MAPS,
	FIELD_HANDLES, FIELD_RSS,  FIELD_PSS,	  FIELD_END,
};

struct json_object *processes_json(const struct vec *processes, size_t i)
{
	enum {
		COLUMNS = sizeof(processes_columns) /
				  sizeof(processes_columns[0]) -
			  1
	};
	struct value values[COLUMNS] = {};
	size_t c;

	for (c = 0; c < COLUMNS; c++)
		get(processes_at(processes, i), processes_columns[c],
		    &values[c]);
	return json_fields(processes_columns, COLUMNS, values);
}
