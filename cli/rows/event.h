/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of events. */
#ifndef CLI_ROWS_EVENT_H
#define CLI_ROWS_EVENT_H

#include "cli/fields.h"

/* All columns; a row is a struct dmabuf_event that is not of lost events. */
extern const struct column event_columns[];

#endif
