// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/stack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/utf8.h"
#include "util/array.h"
#include "util/build_id.h"
#include "util/cleanup.h"

/* Bytes of the longest name of the library, and four for each as text. */
enum { NAME_MOST = 127, SAFE_TEXT = 4 * NAME_MOST + 1 };

/* The stacks of a birth, or of an event. */
struct stacks {
	const struct dmabuf_snapshot *snapshot;
	const struct dmabuf_birth *birth;
	const struct dmabuf_stack *event; /* NULL: of a birth */
};

/* Return: the next frame of the kernel, or of user space. */
static const struct dmabuf_frame *next(const struct stacks *of,
				       const struct dmabuf_frame *frame,
				       bool user)
{
	do
		frame = of->event ? dmabuf_stack_next_frame(of->event, frame)
				  : dmabuf_birth_next_frame(of->snapshot,
							    of->birth, frame);
	while (frame && dmabuf_frame_is_user(frame) != user);
	return frame;
}

void stack_get(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(view->snapshot, cell->row);
	uint32_t stack;

	if (birth && !dmabuf_birth_stack(birth, &stack))
		value_set_number(value, stack);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void say_safe(struct strbuf *buf, const char *text)
{
	char safe[SAFE_TEXT];

	locale_printable(text, safe);
	strbuf_puts(buf, safe);
}

/* "FUNCTION+0x12 (FILE)", "FILE+0x1234", or as much as is known. */
static void say_frame(struct strbuf *buf, const struct dmabuf_frame *frame)
{
	const char *file = dmabuf_frame_file(frame), *symbol;
	char id[BUILD_ID_TEXT];
	const uint8_t *build_id;
	uint64_t at = 0, address;

	symbol = dmabuf_frame_symbol(frame, &at);
	if (symbol) {
		say_safe(buf, symbol);
		strbuf_printf(buf, "+0x%" PRIx64, at);
		if (file) {
			strbuf_puts(buf, " (");
			say_safe(buf, file);
			strbuf_puts(buf, ")");
		}
		return;
	}
	build_id = dmabuf_frame_build_id(frame, &at);
	if (build_id && file) {
		say_safe(buf, base_name(file));
		strbuf_printf(buf, "+0x%" PRIx64, at);
	} else if (build_id) {
		strbuf_printf(buf,
			      "+0x%" PRIx64 " of a file that was not found; "
			      "build ID %s",
			      at, build_id_text(build_id, id));
	} else if (!dmabuf_frame_address(frame, &address)) {
		strbuf_printf(buf, "0x%" PRIx64 " (no build ID was found)",
			      address);
	} else {
		strbuf_puts(buf, "? (no name was found)");
	}
}

/* How the stack of a process begins, in C and C++. */
static bool is_start(const struct dmabuf_frame *frame)
{
	static const char *const starts[] = {
		"_start",
		"__libc_start_main",
		"__libc_start_main_impl",
		"__libc_start_call_main",
		"__libc_init",
		"start_thread",
		"__start_thread",
		"clone",
		"clone3",
		"__clone",
		"__pthread_start",
		"main",
	};
	uint64_t offset;
	const char *symbol = dmabuf_frame_symbol(frame, &offset);
	size_t i;

	for (i = 0; symbol && i < ARRAY_SIZE(starts); i++)
		if (!strcmp(symbol, starts[i]))
			return true;
	return false;
}

/* Whether a frame is of the C library, which makes no buffers by itself. */
static bool is_of_libc(const struct dmabuf_frame *frame)
{
	static const char *const names[] = { "libc.so", "libc-", "ld-",
					     "libpthread", "linux-vdso" };
	const char *file = dmabuf_frame_file(frame);
	size_t i;

	for (i = 0; file && i < ARRAY_SIZE(names); i++)
		if (!strncmp(base_name(file), names[i], strlen(names[i])))
			return true;
	return false;
}

/* What is known of one of both stacks. */
struct extent {
	const struct dmabuf_frame *last; /* the outermost; NULL: none at all */
	bool starts; /* it has the function that a program begins with */
	bool may_start; /* code of the C library without a name is outermost */
};

/*
 * The C library calls main() and the functions of threads, but also functions
 * that sort or search. Symbol tables are often stripped of the names that tell
 * which it is.
 */
static bool may_be_start(const struct dmabuf_frame *frame)
{
	uint64_t offset;

	return is_of_libc(frame) && !dmabuf_frame_symbol(frame, &offset);
}

static struct extent extent_of(const struct stacks *of, bool user)
{
	const struct dmabuf_frame *frame = NULL;
	struct extent extent = {};

	while ((frame = next(of, frame, user))) {
		extent.starts |= is_start(frame);
		/* Behind a function of the program, not of its own. */
		extent.may_start =
			may_be_start(frame) && extent.last &&
			(extent.may_start || !is_of_libc(extent.last));
		extent.last = frame;
	}
	return extent;
}

/* Return: why callers may be missing at the end of a stack; NULL: none is. */
static const char *why_cut(const struct stacks *of, bool user)
{
	const struct extent extent = extent_of(of, user);

	if (!extent.last)
		return "none could be read";
	if (dmabuf_frame_is_cut(extent.last))
		return of->event ? "cut: no more are kept"
				 : "cut: dmabuf track on --stacks keeps no "
				   "more";
	if (!user || extent.starts)
		return NULL;
	return extent.may_start
		       ? "may be cut: this code of the C library has no name"
		       : "cut: a function was built without frame pointers";
}

/* @indent: what each line begins with. */
static void say_stack(struct strbuf *buf, const struct stacks *of, bool user,
		      const char *indent)
{
	const struct dmabuf_frame *frame = NULL;
	const char *why = why_cut(of, user);

	while ((frame = next(of, frame, user))) {
		strbuf_puts(buf, indent);
		say_frame(buf, frame);
	}
	if (why)
		strbuf_printf(buf, "%s(%s)", indent, why);
}

void stack_say(struct strbuf *buf, const struct dmabuf_snapshot *snapshot,
	       const struct dmabuf_birth *birth)
{
	const struct stacks of = { snapshot, birth, NULL };
	uint32_t stack;

	if (dmabuf_birth_stack(birth, &stack))
		return;
	strbuf_printf(buf, "\nstack 0x%" PRIx32 ", in the kernel:", stack);
	say_stack(buf, &of, false, "\n  ");
	strbuf_puts(buf, "\nin user space:");
	say_stack(buf, &of, true, "\n  ");
}

void stack_say_event(struct strbuf *buf, const struct dmabuf_event *event)
{
	const struct stacks of = { .event = event->stack };

	strbuf_puts(buf, "    in the kernel:");
	say_stack(buf, &of, false, "\n      ");
	strbuf_puts(buf, "\n    in user space:");
	say_stack(buf, &of, true, "\n      ");
	strbuf_puts(buf, "\n");
}

void stack_say_where(struct strbuf *buf, const struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_birth *birth)
{
	enum { SHOWN = 5 };
	static const char *const separators[] = { " in ", ", called by ",
						  ", " };
	const struct stacks of = { snapshot, birth, NULL };
	const struct dmabuf_frame *frame = NULL;
	const char *symbol, *file;
	uint64_t at = 0;
	size_t shown = 0;

	while (shown < SHOWN && (frame = next(&of, frame, true))) {
		symbol = dmabuf_frame_symbol(frame, &at);
		file = dmabuf_frame_file(frame);
		if (is_of_libc(frame) || (!symbol && !file))
			continue;
		strbuf_puts(buf, separators[shown < 2 ? shown : 2]);
		shown++;
		strbuf_puts(buf, symbol ?: base_name(file));
		if (!symbol && dmabuf_frame_build_id(frame, &at))
			strbuf_printf(buf, "+0x%" PRIx64, at);
		if (symbol && !strcmp(symbol, "main"))
			break;
	}
}

static void put_frame(const struct dmabuf_frame *frame, struct json *json)
{
	const uint8_t *build_id;
	char id[BUILD_ID_TEXT];
	uint64_t at = 0;
	const char *symbol = dmabuf_frame_symbol(frame, &at);

	json_begin_object(json);
	json_member_text(json, "symbol", symbol);
	json_key(json, "offset");
	if (symbol)
		json_u64(json, at);
	else
		json_null(json);
	json_member_text(json, "file", dmabuf_frame_file(frame));
	build_id = dmabuf_frame_build_id(frame, &at);
	if (dmabuf_frame_is_user(frame)) {
		json_member_text(json, "build_id",
				 build_id ? build_id_text(build_id, id) : NULL);
		json_key(json, "file_offset");
		if (build_id)
			json_u64(json, at);
		else
			json_null(json);
	}
	json_end_object(json);
}

static void put_frames(const struct stacks *of, bool user, struct json *json)
{
	const struct dmabuf_frame *frame = NULL;

	json_begin_array(json);
	while ((frame = next(of, frame, user)))
		put_frame(frame, json);
	json_end_array(json);
}

static void put_stacks(const struct stacks *of, struct json *json)
{
	json_begin_object(json);
	json_key(json, "kernel");
	put_frames(of, false, json);
	json_key(json, "user");
	put_frames(of, true, json);
	json_member_text(json, "cut", why_cut(of, true));
	json_end_object(json);
}

void stack_put(const struct dmabuf_snapshot *snapshot,
	       const struct dmabuf_birth *birth, struct json *json)
{
	const struct stacks of = { snapshot, birth, NULL };
	uint32_t stack;

	json_key(json, "stacks");
	if (!birth || dmabuf_birth_stack(birth, &stack))
		json_null(json);
	else
		put_stacks(&of, json);
}

void stack_put_event(const struct dmabuf_event *event, struct json *json)
{
	const struct stacks of = { .event = event->stack };

	json_key(json, "stacks");
	put_stacks(&of, json);
}

static void put_line(const struct dmabuf_frame *frame, struct json *json)
{
	_cleanup_(strbuf_fini) struct strbuf buf = {};
	_cleanup_free_ char *line = NULL;

	say_frame(&buf, frame);
	line = strbuf_take(&buf);
	if (line)
		json_text(json, line);
	else
		json_fail(json, -ENOMEM);
}

static void put_lines(const struct stacks *of, bool user, struct json *json)
{
	const struct dmabuf_frame *frame = NULL;
	const char *why = why_cut(of, user);

	json_begin_array(json);
	while ((frame = next(of, frame, user)))
		put_line(frame, json);
	if (why)
		json_text(json, why);
	json_end_array(json);
}

void stack_put_event_lines(const struct dmabuf_event *event, struct json *json)
{
	const struct stacks of = { .event = event->stack };

	json_key(json, "kernel_stack");
	put_lines(&of, false, json);
	json_key(json, "user_stack");
	put_lines(&of, true, json);
}
