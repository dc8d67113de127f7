// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "collect/parse_iter_text.h"
#include "snapshot/record_add.h"
#include "util/cleanup.h"

enum line { INO, SIZE, NAME, EXPORTER, LINES };

static int parse_number(const char *text, __u64 *ret)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EBADMSG;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end)
		return -EBADMSG;
	*ret = value;
	return 0;
}

static int parse_string(const char *text, char *to, size_t size)
{
	if (strlen(text) >= size)
		return -EBADMSG;
	strcpy(to, text);
	return 0;
}

static int parse_line(struct dmabuf_rec_buffer *rec, enum line line,
		      const char *text)
{
	switch (line) {
	case INO:
		return parse_number(text, &rec->ino);
	case SIZE:
		return parse_number(text, &rec->bytes);
	case NAME:
		return parse_string(text, rec->name, sizeof(rec->name));
	default:
		snprintf(rec->exporter, sizeof(rec->exporter), "%s", text);
		return rec->exporter[0] ? 0 : -EBADMSG;
	}
}

int parse_text(FILE *file, const char *name, struct dmabuf_snapshot *snapshot,
	       uint64_t *bytes, struct dmabuf_error *error)
{
	_cleanup_free_ char *text = NULL;
	struct dmabuf_rec_buffer rec = {};
	unsigned long long number = 0;
	uint64_t total = 0;
	enum line line = INO;
	size_t room = 0;
	ssize_t n;
	int r;

	for (; (n = getline(&text, &room, file)) > 0; number++) {
		total += n;
		if (text[n - 1] != '\n')
			return error_set(error, -ENODATA,
					 "%s: ends inside line %llu", name,
					 number + 1);
		text[n - 1] = 0;
		/* A NUL byte would hide what follows it. */
		if (strlen(text) != (size_t)n - 1 ||
		    parse_line(&rec, line, text))
			return error_set(error, -EBADMSG,
					 "%s: line %llu: unexpected text", name,
					 number + 1);
		line = (line + 1) % LINES;
		if (line != INO)
			continue;

		rec.head.kind = DMABUF_REC_BUFFER;
		rec.head.size = sizeof(rec);
		rec.key = number + 1;
		rec.have = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE |
			   DMABUF_HAVE_NAME | DMABUF_HAVE_EXPORTER;
		r = snapshot_add(snapshot, &rec, sizeof(rec));
		if (r < 0)
			return error_no_memory(error);
		memset(&rec, 0, sizeof(rec));
	}
	/* When out of memory, getline() sets neither error nor end of file. */
	if (ferror(file) || !feof(file))
		return error_set(error, -errno, "%s: cannot read: %s", name,
				 strerror(errno));
	if (line != INO)
		return error_set(error, -ENODATA, "%s: ends inside a buffer",
				 name);
	*bytes = total;
	return 0;
}
