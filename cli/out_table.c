// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables for people; where stdout is no terminal, plain and of any width. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/out.h"
#include "ui/utf8.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(table, struct libscols_table, scols_unref_table)

static int column_flags(enum field_type type)
{
	switch (type) {
	case TYPE_NUMBER:
	case TYPE_BYTES:
	case TYPE_ADDRESS:
	case TYPE_LIST:
		return SCOLS_FL_RIGHT;
	case TYPE_TEXT:
		return SCOLS_FL_TRUNC;
	case TYPE_PROSE:
		return SCOLS_FL_WRAP;
	/* They have numbers in them, of which half is another number. */
	case TYPE_NAMES:
	case TYPE_FLAG:
		break;
	}
	return 0;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && no[0]) && term &&
	       strcmp(term, "dumb");
}

static int add_column(struct libscols_table *table, enum field_id id,
		      bool headings, bool colour)
{
	struct libscols_column *column;
	char heading[32];
	size_t i;

	/* Unseen headings must not widen columns; in libsmartcols 2.38 they do.
	 */
	for (i = 0; headings && fields[id].name[i]; i++)
		heading[i] = toupper((unsigned char)fields[id].name[i]);
	heading[i] = 0;

	column = scols_table_new_column(table, heading, 0,
					column_flags(fields[id].type));
	if (!column)
		return -ENOMEM;
	if (colour)
		scols_cell_set_color(scols_column_get_header(column), "bold");
	return 0;
}

static int table_begin(struct out *out, const struct envelope *env)
{
	_cleanup_(table_cleanup) struct libscols_table *table = NULL;
	bool colour = wants_colour();
	size_t i;

	if (out->style.headings && env->above)
		printf("%s\n", env->above);

	table = scols_new_table();
	if (!table)
		return -ENOMEM;
	scols_table_enable_noheadings(table, !out->style.headings);
	scols_table_enable_colors(table, colour);
	/* The cells are safe already; see cell_text(). */
	scols_table_enable_noencoding(table, 1);
	for (i = 0; i < out->n; i++)
		if (add_column(table, out->columns[i], out->style.headings,
			       colour))
			return -ENOMEM;
	out->data = take_ptr(table);
	return 0;
}

/* Return: the text of a cell, which the caller frees. */
static char *cell_text(const struct out *out, enum field_type type,
		       const struct value *value)
{
	char buf[32], *text;

	if (!value->known)
		return strdup("-");
	switch (type) {
	case TYPE_TEXT:
	case TYPE_PROSE:
	case TYPE_NAMES:
		text = malloc(4 * strlen(value->text) + 1);
		if (text)
			locale_printable(value->text, text);
		return text;
	case TYPE_FLAG:
		return strdup(value->number ? "yes" : "no");
	case TYPE_ADDRESS:
		snprintf(buf, sizeof(buf), "0x%" PRIx64, value->number);
		return strdup(buf);
	case TYPE_BYTES:
		if (!out->style.bytes) {
			field_human_bytes(value->number, buf, sizeof(buf));
			return strdup(buf);
		}
		/* fallthrough */
	case TYPE_NUMBER:
	case TYPE_LIST:
		snprintf(buf, sizeof(buf), "%" PRIu64, value->number);
		return strdup(buf);
	}
	return NULL;
}

static int table_row(struct out *out, const struct value *values)
{
	struct libscols_line *line = scols_table_new_line(out->data, NULL);
	char *text;
	size_t i;

	out->rows++;
	for (i = 0; line && i < out->n; i++) {
		text = cell_text(out, fields[out->columns[i]].type, &values[i]);
		if (!text)
			return -ENOMEM;
		if (scols_line_refer_data(line, i, text)) {
			free(text);
			return -ENOMEM;
		}
	}
	return line ? 0 : -ENOMEM;
}

/* As lines of so many characters; @text is ours, and so it is ASCII. */
static void print_wrapped(const char *text, size_t width)
{
	size_t n;

	for (; strlen(text) > width; text += n + 1) {
		for (n = width; n && text[n] != ' '; n--)
			;
		if (!n)
			break;
		printf("%.*s\n", (int)n, text);
	}
	printf("%s\n", text);
}

static int table_end(struct out *out, const struct envelope *env)
{
	size_t width = scols_table_get_termwidth(out->data);
	int r = 0;

	if (out->rows && out->style.headings && env->above)
		printf("\n");
	if (out->rows)
		r = scols_print_table(out->data);
	if (!r && out->style.headings && env->below) {
		printf("\n");
		print_wrapped(env->below,
			      env->below_is_prose && isatty(STDOUT_FILENO)
				      ? width
				      : SIZE_MAX);
	}
	return r;
}

bool out_is_whole(const struct envelope *envelope)
{
	size_t i;

	for (i = 0; i < NOTES; i++)
		if (envelope->notes[i].error.err)
			return false;
	return !envelope->snapshot ||
	       !dmabuf_snapshot_next_gap(envelope->snapshot, NULL);
}

static void print_gap(uint64_t count, const char *what, const char *why,
		      const char *hint)
{
	char safe_what[256], safe_why[1024 + 1], safe_hint[1024], many[32] = "";

	locale_printable(what, safe_what);
	locale_printable(why, safe_why);
	locale_printable(hint, safe_hint);
	if (count)
		snprintf(many, sizeof(many), "%" PRIu64 " ", count);
	fprintf(stderr, "dmabuf: not complete: %s%s: %s%s%s\n", many, safe_what,
		safe_why, safe_hint[0] ? "; " : "", safe_hint);
}

void out_gaps(const struct envelope *envelope)
{
	const struct dmabuf_gap *gap = NULL;
	const struct note *note;

	for (note = envelope->notes; note < envelope->notes + NOTES; note++)
		if (note->error.err)
			print_gap(0, note->what, note->error.text,
				  note->error.hint);
	while (envelope->snapshot &&
	       (gap = dmabuf_snapshot_next_gap(envelope->snapshot, gap)))
		print_gap(dmabuf_gap_count(gap), dmabuf_gap_what(gap),
			  dmabuf_gap_why(gap), "");
}

static void table_free(struct out *out)
{
	scols_unref_table(out->data);
}

const struct out_ops out_table = {
	.begin = table_begin,
	.row = table_row,
	.end = table_end,
	.fini = table_free,
};
