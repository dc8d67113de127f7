// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A buffer is four lines: inode number, size, name and exporter. But a name may
 * contain newlines, and with them look like a whole buffer. So the lines of a
 * buffer are those that leave a text which is nothing but buffers.
 */
#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "collect/parse_iter_text.h"
#include "snapshot/gaps.h"
#include "snapshot/record_add.h"
#include "util/cleanup.h"
#include "util/scan.h"

enum { INO, SIZE, NAME, LINES = 4, NAME_MOST = DMABUF_REC_NAME_LEN - 1 };

#define DOUBTFUL "in text of this format, a name with newlines can imitate them"

struct line {
	size_t at, size; /* in the text, without the newline */
	bool is_number;
	/* Whether what follows, from this line on, is nothing but buffers. */
	bool can_begin;
};

struct reading {
	const char *name; /* of the file */
	struct dmabuf_error *error;
	struct vec text; /* char */
	struct vec lines; /* struct line, and one behind the last */
	uint64_t doubtful;
};

static void reading_fini(struct reading *reading)
{
	vec_fini(&reading->text);
	vec_fini(&reading->lines);
}

static struct line *line_at(const struct reading *reading, size_t i)
{
	return vec_at(&reading->lines, i);
}

static size_t count_lines(const struct reading *reading)
{
	return reading->lines.n - 1;
}

static bool parse_number(const struct reading *reading, size_t i, __u64 *ret)
{
	const struct line *line = line_at(reading, i);
	const char *at = vec_at(&reading->text, line->at);
	struct scan text = { at, at + line->size };
	uint64_t value;

	if (!scan_number(&text, 10, &value) || text.at < text.end)
		return false;
	*ret = value;
	return true;
}

static int add_line(struct reading *reading, const char *text, size_t n)
{
	struct line line = { .at = reading->text.n, .size = n - 1 };
	struct vec *to = &reading->text;
	__u64 number;

	if (to->n + n > to->room && vec_reserve(to, 2 * to->room + n))
		return -ENOMEM;
	memcpy(vec_at(to, to->n), text, n);
	to->n += n;
	if (vec_push(&reading->lines, &line))
		return -ENOMEM;
	line_at(reading, reading->lines.n - 1)->is_number =
		parse_number(reading, reading->lines.n - 1, &number);
	return 0;
}

static int unexpected(const struct reading *reading, size_t i)
{
	return error_set(reading->error, -EBADMSG,
			 "%s: line %zu: unexpected text", reading->name, i + 1);
}

static int read_lines(struct reading *reading, FILE *file)
{
	const struct line end = { .can_begin = true };
	_cleanup_free_ char *text = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&text, &room, file)) > 0) {
		if (text[n - 1] != '\n')
			return error_set(reading->error, -ENODATA,
					 "%s: ends inside line %zu",
					 reading->name, reading->lines.n + 1);
		/* A NUL byte would hide what follows it. */
		if (memchr(text, 0, n))
			return unexpected(reading, reading->lines.n);
		if (add_line(reading, text, n))
			return -ENOMEM;
	}
	/* When out of memory, getline() sets neither error nor end of file. */
	if (ferror(file) || !feof(file))
		return error_set_errno(reading->error, -errno,
				       "%s: cannot read", reading->name);
	return vec_push(&reading->lines, &end);
}

/* Whether a buffer may begin at line @i, with @more lines of its name. */
static bool is_buffer(const struct reading *reading, size_t i, size_t more)
{
	const size_t last = i + NAME + more;
	const struct line *exporter;

	if (last + 1 >= count_lines(reading) ||
	    !line_at(reading, i + INO)->is_number ||
	    !line_at(reading, i + SIZE)->is_number ||
	    line_at(reading, last)->at + line_at(reading, last)->size -
			    line_at(reading, i + NAME)->at >
		    NAME_MOST)
		return false;
	exporter = line_at(reading, last + 1);
	return exporter->size && !exporter->is_number &&
	       line_at(reading, last + 2)->can_begin;
}

static void find_beginnings(const struct reading *reading)
{
	size_t i, more;

	for (i = count_lines(reading); i--;)
		for (more = 0; more <= NAME_MOST; more++)
			if (is_buffer(reading, i, more)) {
				line_at(reading, i)->can_begin = true;
				break;
			}
}

/* Names the line that is wrong if no name has a newline. Return: -errno. */
static int why_not_buffers(const struct reading *reading)
{
	const struct line *line;
	size_t i;

	for (i = 0; i < count_lines(reading); i++) {
		line = line_at(reading, i);
		if (i % LINES <= SIZE	? !line->is_number
		    : i % LINES == NAME ? line->size > NAME_MOST
					: !line->size || line->is_number)
			return unexpected(reading, i);
	}
	return error_set(reading->error, -ENODATA, "%s: ends inside a buffer",
			 reading->name);
}

/*
 * Whether other lines than those of a buffer with @more lines of its name could
 * be it, as well, or could be several buffers of a text that was cut.
 */
static bool is_doubtful(const struct reading *reading, size_t i, size_t more)
{
	size_t k;

	for (k = 1; k <= more; k++)
		if (line_at(reading, i + NAME + k)->is_number)
			return true;
	for (k = more + 1; k <= NAME_MOST; k++)
		if (is_buffer(reading, i, k))
			return true;
	return false;
}

/* Return: the number of its lines, or -ENOMEM. */
static ssize_t add_buffer(struct reading *reading, size_t i,
			  struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_BUFFER, sizeof(rec) },
		.key = i + LINES,
		.have = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_NAME |
			DMABUF_HAVE_EXPORTER,
	};
	const struct line *first = line_at(reading, i + NAME), *last;
	size_t more = 0;

	while (!is_buffer(reading, i, more))
		more++;
	last = line_at(reading, i + NAME + more);
	(void)parse_number(reading, i + INO, &rec.ino);
	(void)parse_number(reading, i + SIZE, &rec.bytes);
	memcpy(rec.name, vec_at(&reading->text, first->at),
	       last->at + last->size - first->at);
	snprintf(rec.exporter, sizeof(rec.exporter), "%.*s", (int)last[1].size,
		 (const char *)vec_at(&reading->text, last[1].at));
	reading->doubtful += is_doubtful(reading, i, more);
	return snapshot_add(snapshot, &rec, sizeof(rec)) < 0
		       ? -ENOMEM
		       : (ssize_t)(LINES + more);
}

static int read_buffers(struct reading *reading, FILE *file,
			struct dmabuf_snapshot *snapshot)
{
	size_t i = 0;
	ssize_t r;

	r = read_lines(reading, file);
	if (r)
		return r;
	find_beginnings(reading);
	if (!line_at(reading, 0)->can_begin)
		return why_not_buffers(reading);
	while (i < count_lines(reading)) {
		r = add_buffer(reading, i, snapshot);
		if (r < 0)
			return r;
		i += r;
	}
	return reading->doubtful ? snapshot_add_gap(snapshot, "buffers",
						    reading->doubtful, DOUBTFUL)
				 : 0;
}

int parse_text(FILE *file, const char *name, struct dmabuf_snapshot *snapshot,
	       uint64_t *bytes, struct dmabuf_error *error)
{
	_cleanup_(reading_fini) struct reading reading = {
		.name = name,
		.error = error,
		.text = VEC_OF(char),
		.lines = VEC_OF(struct line),
	};
	int r = read_buffers(&reading, file, snapshot);

	if (r)
		return error->err ? r : error_no_memory(error);
	*bytes = reading.text.n;
	return 0;
}
