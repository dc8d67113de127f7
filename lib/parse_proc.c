// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parse_proc.h"

/* Bytes that are still to be read; a NUL does not end them. */
struct text {
	const char *at, *end;
};

/* Steps over @word, if it comes next. */
static bool take_word(struct text *text, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(text->end - text->at) < n || memcmp(text->at, word, n))
		return false;
	text->at += n;
	return true;
}

static int digit(char c, unsigned int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	return value < (int)base ? value : -1;
}

/* Reads a number of one digit at least, which may be followed by anything. */
static bool take_number(struct text *text, unsigned int base, uint64_t *ret)
{
	const char *start = text->at;
	uint64_t value = 0;
	int next;

	while (text->at < text->end && (next = digit(*text->at, base)) >= 0) {
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, next, &value))
			return false;
		text->at++;
	}
	*ret = value;
	return text->at > start;
}

/* The rest is a number, and nothing else. The first line of a key counts. */
static int parse_value(struct dmabuf_rec_buffer *rec, struct text *line,
		       uint32_t bit, __u64 *ret)
{
	uint64_t value;

	if (rec->have & bit)
		return 0;
	if (!take_number(line, 10, &value) || line->at < line->end)
		return -EBADMSG;
	rec->have |= bit;
	*ret = value;
	return 0;
}

static int parse_line(struct dmabuf_rec_buffer *rec, struct text *line)
{
	if (take_word(line, "ino:\t"))
		return parse_value(rec, line, DMABUF_HAVE_INO, &rec->ino);
	if (take_word(line, "size:\t"))
		return parse_value(rec, line, DMABUF_HAVE_SIZE, &rec->bytes);
	if (take_word(line, "count:\t"))
		return parse_value(rec, line, DMABUF_HAVE_REFS, &rec->refs);
	if (!(rec->have & DMABUF_HAVE_EXPORTER) &&
	    take_word(line, "exp_name:\t")) {
		snprintf(rec->exporter, sizeof(rec->exporter), "%.*s",
			 (int)(line->end - line->at), line->at);
		rec->have |= DMABUF_HAVE_EXPORTER;
	}
	return 0;
}

/* Anyone who has the buffer may set any name: it may have lines in it. */
static int parse_name(struct dmabuf_rec_buffer *rec, const struct text *name)
{
	size_t n = name->end - name->at;

	if (n >= sizeof(rec->name))
		return -EBADMSG;
	memcpy(rec->name, name->at, n);
	return 0;
}

int parse_fdinfo(const char *text, size_t size, struct dmabuf_rec_buffer *ret)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_BUFFER, sizeof(rec) },
		.have = DMABUF_HAVE_NAME,
	};
	struct text rest = { text, text + size }, line;
	int r = 0, bad;

	if (!size)
		return -ENODATA;
	if (rest.end[-1] != '\n' || memchr(text, 0, size))
		return -EBADMSG;
	while (rest.at < rest.end) {
		if (take_word(&rest, "name:\t")) {
			rest.end--;
			r = r ?: parse_name(&rec, &rest);
			break;
		}
		line.at = rest.at;
		line.end = memchr(rest.at, '\n', rest.end - rest.at);
		rest.at = line.end + 1;
		bad = parse_line(&rec, &line);
		r = r ?: bad;
	}
	/* Other files have keys of the same names, with other values. */
	if (!(rec.have & DMABUF_HAVE_EXPORTER))
		return -ENODATA;
	if (r)
		return r;
	rec.key = rec.ino;
	*ret = rec;
	return 0;
}

/*
 * The kernel writes a newline as \012 here and leaves a backslash as it is, so
 * a name with these four characters cannot be told from one with a newline.
 */
static int parse_path_name(struct text *text, char *to, size_t size)
{
	size_t n = 0;

	while (text->at < text->end) {
		if (n == size - 1 || !*text->at)
			return -EBADMSG;
		if (take_word(text, "\\012"))
			to[n++] = '\n';
		else
			to[n++] = *text->at++;
	}
	to[n] = 0;
	return 0;
}

/* As in "rw-s": four letters, or dashes. */
static bool take_flags(struct text *text)
{
	if (text->end - text->at < 4 || memchr(text->at, ' ', 4))
		return false;
	text->at += 4;
	return true;
}

static bool take_mapping(struct text *text, struct proc_mapping *mapping)
{
	uint64_t device;

	return take_number(text, 16, &mapping->start) && take_word(text, "-") &&
	       take_number(text, 16, &mapping->end) && take_word(text, " ") &&
	       take_flags(text) && take_word(text, " ") &&
	       take_number(text, 16, &mapping->offset) &&
	       take_word(text, " ") && take_number(text, 16, &device) &&
	       take_word(text, ":") && take_number(text, 16, &device) &&
	       take_word(text, " ") && take_number(text, 10, &mapping->ino) &&
	       take_word(text, " ") && mapping->start < mapping->end;
}

int parse_maps_line(const char *line, size_t size, struct proc_mapping *ret)
{
	struct text text = { line, line + size };
	struct proc_mapping mapping = {};
	int r;

	/* Nearly all lines end here. */
	if (!memmem(line, size, " " PROC_DMABUF, strlen(" " PROC_DMABUF)))
		return -ENODATA;
	if (!take_mapping(&text, &mapping))
		return -EBADMSG;
	while (take_word(&text, " "))
		;
	if (!take_word(&text, PROC_DMABUF))
		return -ENODATA;
	r = parse_path_name(&text, mapping.name, sizeof(mapping.name));
	if (r)
		return r;
	*ret = mapping;
	return 0;
}

/* The options of a line that mounts a proc at /proc, else NULL. */
static const char *proc_options(const char *line)
{
	const char *at = line + strcspn(line, " \n");
	static const char where[] = " /proc proc ";

	return strncmp(at, where, strlen(where)) ? NULL : at + strlen(where);
}

static bool options_hide(const char *options)
{
	static const char *const hiding[] = { "hidepid=2", "hidepid=invisible",
					      "hidepid=4",
					      "hidepid=ptraceable" };
	size_t i, n;

	for (; *options && *options != ' ' && *options != '\n';
	     options += n + (options[n] == ',')) {
		n = strcspn(options, ", \n");
		for (i = 0; i < sizeof(hiding) / sizeof(hiding[0]); i++)
			if (n == strlen(hiding[i]) &&
			    !strncmp(options, hiding[i], n))
				return true;
	}
	return false;
}

bool parse_hides_processes(const char *mounts)
{
	const char *options;
	bool hides = false;

	/* Of two, the later one is on top. */
	while (*mounts) {
		options = proc_options(mounts);
		if (options)
			hides = options_hide(options);
		mounts += strcspn(mounts, "\n");
		mounts += *mounts == '\n';
	}
	return hides;
}
