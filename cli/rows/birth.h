/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rows of buffers tell of a buffer's birth. */
#ifndef CLI_ROWS_BIRTH_H
#define CLI_ROWS_BIRTH_H

#include "cli/rows/stack.h"
#include "cli/view.h"
#include "util/strbuf.h"

/* A row is a struct dmabuf_buffer of a struct view. */
void birth_get_age(const struct cell *cell, struct value *value);
void birth_get_by(const struct cell *cell, struct value *value);
void birth_get_uid(const struct cell *cell, struct value *value);
void birth_get_cgroup(const struct cell *cell, struct value *value);

/*
 * Adds lines to the text of a buffer: who made it, and from where in the code,
 * when that is known. Return: 0 or -ENOMEM.
 */
int birth_say(struct strbuf *buf, const struct view *view,
	      const struct dmabuf_buffer *buffer);

/* Adds who made a buffer: "camera-hal:812", with any byte in the name. */
void birth_say_maker(struct strbuf *buf, const struct dmabuf_birth *birth);

#define BIRTH_COLUMNS                                                          \
	COLUMN(AGE, COLUMN_JSON | NEEDS_BIRTHS, birth_get_age),                \
		COLUMN(BORN_BY, COLUMN_JSON | NEEDS_BIRTHS, birth_get_by),     \
		COLUMN(BORN_UID, COLUMN_JSON | NEEDS_BIRTHS, birth_get_uid),   \
		COLUMN(BORN_CGROUP, COLUMN_JSON | NEEDS_BIRTHS,                \
		       birth_get_cgroup),                                      \
		COLUMN(STACK, COLUMN_JSON | NEEDS_BIRTHS, stack_get)

#endif
