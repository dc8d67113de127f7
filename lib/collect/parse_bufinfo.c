// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The text is a heading, then for each buffer a line of values, its fences, a
 * line "Attached Devices:", a line for each device, their number and an empty
 * line. The totals come last. Users control the name, the last value of the
 * line, and in some drivers a part of a fence, as the name of a process. A name
 * may contain newlines and imitate any of the lines that follow. It has 31
 * bytes at most, fewer than a line of values. So a line of values always begins
 * a buffer, and the rest of a buffer is parsed from its end. Only between name
 * and fences, nothing certain stands.
 */
#include <errno.h>
#include <string.h>

#include "collect/parse_bufinfo.h"
#include "snapshot/record_add.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/scan.h"

#define DEVICES_BEGIN "\tAttached Devices:"

struct reading {
	const char *name; /* of the file */
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_error *error;
	bool tells_none; /* what has no name is called <none> */
	struct vec block; /* text of the buffer at hand, or the heading */
	uint64_t buffers, bytes;
};

static int bad(const struct reading *reading)
{
	return error_set(reading->error, -EBADMSG,
			 "%s: buffer %llu: unexpected text", reading->name,
			 (unsigned long long)reading->buffers + 1);
}

/* Parses a number, which is padded to 8 digits, and the tab after it. */
static bool take_field(struct scan *text, unsigned int base, uint64_t *ret)
{
	const char *start = text->at;

	return scan_number(text, base, ret) && text->at - start >= 8 &&
	       scan_word(text, "\t");
}

/*
 * Parses the values of a buffer up to its name. They are padded, so that all of
 * them together are longer than a name can be.
 */
static bool take_values(struct scan *text, struct dmabuf_rec_buffer *rec)
{
	uint64_t bytes, flags, mode, refs, ino;
	const char *exporter, *tab;

	if (!take_field(text, 10, &bytes) || !take_field(text, 16, &flags) ||
	    !take_field(text, 16, &mode) || !take_field(text, 10, &refs))
		return false;
	exporter = text->at;
	tab = memchr(text->at, '\t', text->end - text->at);
	if (!tab)
		return false;
	text->at = tab + 1;
	if (!take_field(text, 10, &ino))
		return false;

	*rec = (struct dmabuf_rec_buffer){
		.head = { DMABUF_REC_BUFFER, sizeof(*rec) },
		.ino = ino,
		.bytes = bytes,
		.refs = refs,
		.have = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS |
			DMABUF_HAVE_ATTACHMENTS | DMABUF_HAVE_NAME |
			DMABUF_HAVE_EXPORTER,
	};
	snprintf(rec->exporter, sizeof(rec->exporter), "%.*s",
		 (int)(tab - exporter), exporter);
	return true;
}

/* Removes the last line. @ret takes it without its newline. */
static bool take_last_line(struct scan *text, struct scan *ret)
{
	const char *newline;

	if (text->at == text->end || text->end[-1] != '\n')
		return false;
	ret->end = text->end - 1;
	newline = memrchr(text->at, '\n', ret->end - text->at);
	ret->at = newline ? newline + 1 : text->at;
	text->end = ret->at;
	return true;
}

/* Parses "Total 2 objects, 8192 bytes", the last line of the file. */
static bool take_sums(struct scan *text, uint64_t *buffers, uint64_t *bytes)
{
	struct scan rest = *text, line;

	if (!take_last_line(&rest, &line) || !scan_word(&line, "Total ") ||
	    !scan_number(&line, 10, buffers) ||
	    !scan_word(&line, " objects, ") || !scan_number(&line, 10, bytes) ||
	    !scan_word(&line, " bytes") || line.at < line.end)
		return false;
	if (!take_last_line(&rest, &line) || line.at < line.end)
		return false;
	*text = rest;
	return true;
}

/* Parses "Total 1 devices attached" and an empty line, which end a buffer. */
static bool take_count(struct scan *text, uint64_t *devices)
{
	struct scan line;

	return take_last_line(text, &line) && line.at == line.end &&
	       take_last_line(text, &line) && scan_word(&line, "Total ") &&
	       scan_number(&line, 10, devices) &&
	       scan_word(&line, " devices attached") && line.at == line.end;
}

/* Return: 1, 0 when it is not a device, or -ENOMEM. */
static int take_device(struct reading *reading, struct scan *text, uint64_t key,
		       uint64_t order)
{
	struct dmabuf_rec_attachment rec = {
		.head = { DMABUF_REC_ATTACHMENT, sizeof(rec) },
		.key = key,
		.order = order,
	};
	struct scan line;

	if (!take_last_line(text, &line) || !scan_word(&line, "\t"))
		return 0;
	snprintf(rec.device, sizeof(rec.device), "%.*s",
		 (int)(line.end - line.at), line.at);
	return vec_push(&reading->snapshot->attachments, &rec) ? -ENOMEM : 1;
}

/*
 * Parses the end of a buffer, from "Attached Devices:". Return: 1, 0 when it is
 * not the kernel's, or -ENOMEM.
 */
static int take_devices(struct reading *reading, struct scan *text,
			struct dmabuf_rec_buffer *rec)
{
	struct vec *attachments = &reading->snapshot->attachments;
	const size_t before = attachments->n;
	uint64_t devices, i;
	struct scan line;
	int r = 1;

	if (!take_count(text, &devices) || devices > UINT32_MAX)
		return 0;
	for (i = devices; r > 0 && i; i--)
		r = take_device(reading, text, rec->key, i - 1);
	if (r > 0 &&
	    (!take_last_line(text, &line) || !scan_word(&line, DEVICES_BEGIN)))
		r = 0;
	if (r > 0)
		rec->attachments = devices;
	else
		attachments->n = before;
	return r;
}

/*
 * Whether the text is nothing but fences: lines of a kind, whose driver and
 * timeline may be any text, with newlines too, that end with a state.
 */
static bool is_fences(struct scan text)
{
	static const char *const kinds[] = {
		"\tExclusive fence: ", "\tShared fence: ", "\tkernel fence:",
		"\twrite fence:",      "\tread fence:",	   "\tbookkeep fence:",
	};
	static const char end[] = "signalled\n";
	const size_t n = sizeof(end) - 1;
	size_t i;

	if (text.at == text.end)
		return true;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (scan_word(&text, kinds[i]))
			return (size_t)(text.end - text.at) >= n &&
			       !memcmp(text.end - n, end, n);
	return false;
}

/*
 * Finds where a name ends that fences may follow: at a newline. Return: its
 * end, or NULL when no newline can be it or several can: a name can imitate
 * fences, as long as both together are no longer than a name can be.
 */
static const char *find_name_end(struct scan text)
{
	const char *newline, *found = NULL, *name = text.at;

	while ((newline = memchr(text.at, '\n', text.end - text.at)) &&
	       newline - name < DMABUF_REC_NAME_LEN) {
		text.at = newline + 1;
		if (!is_fences(text))
			continue;
		if (found)
			return NULL;
		found = newline;
	}
	return found;
}

/*
 * Parses what is left: the name, its newline and the fences. For a buffer
 * without a name, kernels whose heading has no "name" print nothing, later ones
 * "<none>". A name that is not certain stays unknown.
 */
static void take_name(const struct reading *reading, struct scan text,
		      struct dmabuf_rec_buffer *rec)
{
	const char *end = find_name_end(text);

	if (!end || memchr(text.at, 0, end - text.at)) {
		rec->have &= ~DMABUF_HAVE_NAME;
		return;
	}
	memcpy(rec->name, text.at, end - text.at);
	if (reading->tells_none && !strcmp(rec->name, "<none>"))
		rec->name[0] = 0;
}

/* Text that is not the kernel's costs the buffer its attachments and name. */
static int read_buffer(struct reading *reading, struct scan text)
{
	struct dmabuf_rec_buffer rec;
	int r;

	if (!take_values(&text, &rec))
		return bad(reading);
	rec.key = ++reading->buffers;
	reading->bytes += rec.bytes;
	/* Its last reference is gone: the kernel is freeing it. */
	if (!rec.refs)
		return 0;
	r = take_devices(reading, &text, &rec);
	if (r < 0)
		return r;
	if (r) {
		take_name(reading, text, &rec);
	} else {
		rec.have &= ~(DMABUF_HAVE_ATTACHMENTS | DMABUF_HAVE_NAME);
		rec.cut |= DMABUF_HAVE_ATTACHMENTS;
	}
	return snapshot_add_buffer(reading->snapshot, &rec);
}

static int read_heading(struct reading *reading, struct scan text)
{
	struct scan line;

	if (!take_last_line(&text, &line) || !scan_word(&line, "size "))
		return bad(reading);
	reading->tells_none =
		line.end - line.at >= 5 && !memcmp(line.end - 5, "\tname", 5);
	return 0;
}

/* Parses the lines since the last line of values: a buffer or the heading. */
static int end_block(struct reading *reading, bool *heading, struct scan text)
{
	int r = *heading ? read_heading(reading, text)
			 : read_buffer(reading, text);

	*heading = false;
	reading->block.n = 0;
	return r;
}

static bool is_values(const char *line, size_t n)
{
	struct scan text = { line, line + n };
	struct dmabuf_rec_buffer rec;

	return take_values(&text, &rec);
}

static struct scan block_text(const struct reading *reading)
{
	const char *data = reading->block.data;

	return (struct scan){ data, data + reading->block.n };
}

static int read_blocks(struct reading *reading, FILE *file)
{
	_cleanup_free_ char *line = NULL;
	struct vec *block = &reading->block;
	bool heading = true;
	uint64_t buffers, bytes;
	struct scan text;
	size_t room = 0;
	ssize_t n;
	int r;

	if (vec_reserve(block, 1024))
		return -ENOMEM;
	while ((n = getline(&line, &room, file)) > 0) {
		if (is_values(line, n)) {
			r = end_block(reading, &heading, block_text(reading));
			if (r)
				return r;
		}
		if (vec_reserve(block, block->n + n))
			return -ENOMEM;
		memcpy((char *)block->data + block->n, line, n);
		block->n += n;
	}
	/* When out of memory, getline() sets neither error nor end of file. */
	if (ferror(file) || !feof(file))
		return error_set_errno(reading->error, -errno,
				       "%s: cannot read", reading->name);

	text = block_text(reading);
	if (!take_sums(&text, &buffers, &bytes))
		return error_set(reading->error, -ENODATA,
				 "%s: truncated: the totals are missing",
				 reading->name);
	r = end_block(reading, &heading, text);
	if (r)
		return r;
	if (buffers != reading->buffers || bytes != reading->bytes)
		return error_set(reading->error, -ENODATA,
				 "%s: the totals do not match the buffers",
				 reading->name);
	return 0;
}

static void reading_fini(struct reading *reading)
{
	vec_fini(&reading->block);
}

int parse_bufinfo(FILE *file, const char *name,
		  struct dmabuf_snapshot *snapshot, struct dmabuf_error *error)
{
	_cleanup_(reading_fini) struct reading reading = {
		.name = name,
		.snapshot = snapshot,
		.error = error,
		.block = VEC_OF(char),
	};
	int r = read_blocks(&reading, file);

	if (r && !error->err)
		return error_no_memory(error);
	return r;
}
