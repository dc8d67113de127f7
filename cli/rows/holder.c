// SPDX-License-Identifier: GPL-2.0-or-later
#include <dmabuf/dmabuf.h>

#include "cli/fields.h"
#include "cli/rows/holder.h"

static const struct dmabuf_process *process_of(const struct cell *cell)
{
	return dmabuf_holder_process(cell->of, cell->row);
}

static void get_pid(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_process_pid(process_of(cell)));
}

static void get_comm(const struct cell *cell, struct value *value)
{
	value_set_text(value, dmabuf_process_comm(process_of(cell)));
}

static void get_fds(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_holder_fds(cell->row));
}

static void get_maps(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_holder_maps(cell->row));
}

static void get_handles(const struct cell *cell, struct value *value)
{
	value_set_number(value, dmabuf_holder_handles(cell->row));
}

static void get_pss(const struct cell *cell, struct value *value)
{
	value->known = !dmabuf_holder_pss(cell->row, &value->number);
}

static void get_no_pss(const struct cell *cell, struct value *value)
{
	(void)cell;
	value->known = false;
}

#define HOLDER_COLUMNS(pss)                                                    \
	COLUMN(PID, COLUMN_JSON, get_pid),                                     \
		COLUMN(COMM, COLUMN_JSON, get_comm),                           \
		COLUMN(FDS, COLUMN_JSON, get_fds),                             \
		COLUMN(MAPS, COLUMN_JSON, get_maps),                           \
		COLUMN(HANDLES, COLUMN_JSON, get_handles),                     \
		COLUMN(PSS, COLUMN_JSON, pss),                                 \
	{                                                                      \
	}

const struct column holder_columns[] = { HOLDER_COLUMNS(get_pss) };

const struct column found_holder_columns[] = { HOLDER_COLUMNS(get_no_pss) };
