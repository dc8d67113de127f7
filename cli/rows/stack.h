/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls from which a buffer was made, as lines and as JSON. */
#ifndef CLI_ROWS_STACK_H
#define CLI_ROWS_STACK_H

#include <dmabuf/trace.h>

#include "cli/view.h"
#include "util/strbuf.h"

/* A row is a struct dmabuf_buffer of a struct view. */
void stack_get(const struct cell *cell, struct value *value);

/* Adds lines to the text of a buffer: both stacks, when they are known. */
void stack_say(struct strbuf *buf, const struct dmabuf_snapshot *snapshot,
	       const struct dmabuf_birth *birth);

/*
 * Adds " in FUNCTION, called by FUNCTION, FUNCTION": the innermost calls of
 * user space that are not those of the C library. Adds nothing when none is
 * known. Names may have any byte.
 */
void stack_say_where(struct strbuf *buf, const struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_birth *birth);

/* Writes a member "stacks": both stacks, or null. @birth: may be NULL. */
void stack_put(const struct dmabuf_snapshot *snapshot,
	       const struct dmabuf_birth *birth, struct json *json);

/* The same for an event that has stacks: indented lines, each with its end. */
void stack_say_event(struct strbuf *buf, const struct dmabuf_event *event);
void stack_put_event(const struct dmabuf_event *event, struct json *json);

/*
 * Writes members "kernel_stack" and "user_stack" with what
 * stack_say_event() says, a string a frame.
 */
void stack_put_event_lines(const struct dmabuf_event *event, struct json *json);

#endif
