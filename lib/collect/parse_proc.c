// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "collect/parse_proc.h"
#include "util/array.h"
#include "util/scan.h"

/* Parses the rest of a line as a number. The first line of a key counts. */
static int parse_value(struct dmabuf_rec_buffer *rec, struct scan *line,
		       uint32_t bit, __u64 *ret)
{
	uint64_t value;

	if (rec->have & bit)
		return 0;
	if (!scan_number(line, 10, &value) || line->at < line->end)
		return -EBADMSG;
	rec->have |= bit;
	*ret = value;
	return 0;
}

static int parse_line(struct dmabuf_rec_buffer *rec, struct scan *line)
{
	if (scan_word(line, "ino:\t"))
		return parse_value(rec, line, DMABUF_HAVE_INO, &rec->ino);
	if (scan_word(line, "size:\t"))
		return parse_value(rec, line, DMABUF_HAVE_SIZE, &rec->bytes);
	if (scan_word(line, "count:\t"))
		return parse_value(rec, line, DMABUF_HAVE_REFS, &rec->refs);
	if (!(rec->have & DMABUF_HAVE_EXPORTER) &&
	    scan_word(line, "exp_name:\t")) {
		snprintf(rec->exporter, sizeof(rec->exporter), "%.*s",
			 (int)(line->end - line->at), line->at);
		rec->have |= DMABUF_HAVE_EXPORTER;
	}
	return 0;
}

/*
 * Parses the rest of the text. The name comes last, but vendors add lines after
 * it, and anyone with access to the buffer may set a name with newlines: only
 * the path of the buffer tells where it ends. Without, a text that is too long
 * to be a name leaves the name unknown.
 */
static void parse_name(struct dmabuf_rec_buffer *rec, struct scan rest,
		       const struct scan *path_name)
{
	const size_t known = path_name ? path_name->end - path_name->at : 0;
	size_t n = rest.end - 1 - rest.at;

	if (path_name && known <= n && rest.at[known] == '\n' &&
	    !memcmp(rest.at, path_name->at, known))
		n = known;
	if (n >= sizeof(rec->name)) {
		rec->have &= ~DMABUF_HAVE_NAME;
		return;
	}
	memcpy(rec->name, rest.at, n);
}

int parse_fdinfo(const char *text, size_t size, const struct scan *path_name,
		 struct dmabuf_rec_buffer *ret)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_BUFFER, sizeof(rec) },
		.have = DMABUF_HAVE_NAME,
	};
	struct scan rest = { text, text + size }, line;
	int r = 0, bad;

	if (!size)
		return -ENODATA;
	if (rest.end[-1] != '\n' || memchr(text, 0, size))
		return -EBADMSG;
	while (rest.at < rest.end) {
		if (scan_word(&rest, "name:\t")) {
			parse_name(&rec, rest, path_name);
			break;
		}
		line.at = rest.at;
		line.end = memchr(rest.at, '\n', rest.end - rest.at);
		rest.at = line.end + 1;
		bad = parse_line(&rec, &line);
		r = r ?: bad;
	}
	/* Other kinds of files use the same keys with other values. */
	if (!(rec.have & DMABUF_HAVE_EXPORTER))
		return -ENODATA;
	if (r)
		return r;
	rec.key = rec.ino;
	*ret = rec;
	return 0;
}

bool parse_is_path(const char *text, size_t size, uint64_t *ino)
{
	struct scan rest = { text, text + size };
	uint64_t flags = 0;

	*ino = 0;
	while (rest.at < rest.end) {
		if (scan_word(&rest, "flags:\t"))
			(void)scan_number(&rest, 8, &flags);
		else if (scan_word(&rest, "ino:\t"))
			(void)scan_number(&rest, 10, ino);
		rest.at = memchr(rest.at, '\n', rest.end - rest.at) ?: rest.end;
		rest.at += rest.at < rest.end;
	}
	return flags & O_PATH;
}

/*
 * The kernel writes a newline as \012 here and leaves a backslash as it is, so
 * a name with these four characters cannot be told from one with a newline.
 */
static int parse_path_name(struct scan *text, char *to, size_t size)
{
	size_t n = 0;

	while (text->at < text->end) {
		/* Anyone can make a file with such a path, in a namespace. */
		if (n == size - 1)
			return -ENODATA;
		if (!*text->at)
			return -EBADMSG;
		if (scan_word(text, "\\012"))
			to[n++] = '\n';
		else
			to[n++] = *text->at++;
	}
	to[n] = 0;
	return 0;
}

/* Skips flags like "rw-s". */
static bool take_flags(struct scan *text)
{
	if (text->end - text->at < 4 || memchr(text->at, ' ', 4))
		return false;
	text->at += 4;
	return true;
}

static bool take_mapping(struct scan *text, struct proc_mapping *mapping,
			 uint64_t *ret_major)
{
	uint64_t minor;

	return scan_number(text, 16, &mapping->start) && scan_word(text, "-") &&
	       scan_number(text, 16, &mapping->end) && scan_word(text, " ") &&
	       take_flags(text) && scan_word(text, " ") &&
	       scan_number(text, 16, &mapping->offset) &&
	       scan_word(text, " ") && scan_number(text, 16, ret_major) &&
	       scan_word(text, ":") && scan_number(text, 16, &minor) &&
	       scan_word(text, " ") && scan_number(text, 10, &mapping->ino) &&
	       scan_word(text, " ") && mapping->start < mapping->end;
}

int parse_maps_line(const char *line, size_t size, struct proc_mapping *ret)
{
	struct scan text = { line, line + size };
	struct proc_mapping mapping = {};
	uint64_t major;
	int r;

	/* Most lines are of other files. */
	if (!memmem(line, size, " " PROC_DMABUF, strlen(" " PROC_DMABUF)))
		return -ENODATA;
	if (!take_mapping(&text, &mapping, &major))
		return -EBADMSG;
	while (scan_word(&text, " "))
		;
	/* A file on a disk may have such a path, in a mount namespace. */
	if (!scan_word(&text, PROC_DMABUF) || major)
		return -ENODATA;
	r = parse_path_name(&text, mapping.name, sizeof(mapping.name));
	if (r)
		return r;
	*ret = mapping;
	return 0;
}

/* Return: the options if the line mounts a proc at /proc, else NULL. */
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
		for (i = 0; i < ARRAY_SIZE(hiding); i++)
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

	/* Of two mounts, the later one is on top. */
	while (*mounts) {
		options = proc_options(mounts);
		if (options)
			hides = options_hide(options);
		mounts += strcspn(mounts, "\n");
		mounts += *mounts == '\n';
	}
	return hides;
}
