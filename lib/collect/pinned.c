// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reads an iterator that a privileged process pinned: ours, which returns
 * records, or Android's, which returns text. This needs only permission to read
 * the file, and works on a recorded tree.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "collect/collector.h"
#include "collect/parse_iter_text.h"
#include "collect/pinned_file.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"

struct format {
	const char *path;
	int (*read)(struct dmabuf_ctx *ctx, int fd,
		    struct dmabuf_snapshot *snapshot, uint64_t *bytes);
};

/* Whoever made the file may have set more bits than our iterator does. */
static void forget_more(struct dmabuf_snapshot *snapshot)
{
	struct buffer *buffer = NULL;

	while ((buffer = vec_next(&snapshot->buffers, buffer)))
		buffer->have &= ~(DMABUF_HAVE_ADDRESS | DMABUF_HAVE_LEDGER);
}

static int read_records(struct dmabuf_ctx *ctx, int fd,
			struct dmabuf_snapshot *snapshot, uint64_t *bytes)
{
	int r = record_reader_read_all(fd, RECORDS_OF_BUFFERS,
				       "/" PINNED_RECORDS, snapshot, bytes,
				       &ctx->error);

	forget_more(snapshot);
	return r;
}

static int read_text(struct dmabuf_ctx *ctx, int fd,
		     struct dmabuf_snapshot *snapshot, uint64_t *bytes)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_close_ int copy = dup(fd);

	file = copy < 0 ? NULL : fdopen(copy, "r");
	if (!file)
		return error_set_errno(&ctx->error, -errno, "/" PINNED_TEXT);
	take_fd(&copy);
	return parse_text(file, "/" PINNED_TEXT, snapshot, bytes, &ctx->error);
}

/* The files, best first. */
static const struct format formats[] = {
	{ PINNED_RECORDS, read_records },
	{ PINNED_TEXT, read_text },
};

/* Opens the best file that exists. @format takes which one it is. */
static int open_best(struct dmabuf_ctx *ctx, const struct format **format,
		     uid_t *owner)
{
	struct dmabuf_error first;
	int fd;

	*format = &formats[0];
	fd = pinned_open(ctx, (*format)->path, owner);
	if (fd >= 0)
		return fd;
	first = ctx->error;
	++*format;
	fd = pinned_open(ctx, (*format)->path, owner);
	/* Report the file that exists but cannot be opened. */
	if (fd < 0 && (fd == -ENOENT || first.err != -ENOENT))
		ctx->error = first;
	if (fd < 0)
		return ctx->error.err;
	ctx->error = (struct dmabuf_error){};
	return fd;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	_cleanup_close_ int fd = -1, again = -1;
	const struct format *format;
	uint64_t bytes;
	uid_t owner;
	int r;

	fd = open_best(ctx, &format, &owner);
	if (fd < 0)
		return fd;
	r = pinned_check_owner(ctx, format->path, owner, forced, snapshot)
		    ?: format->read(ctx, fd, snapshot, &bytes);
	if (r)
		return r;
	again = pinned_open(ctx, format->path, &owner);
	if (again < 0)
		return again;
	return record_reader_check_cut(again, bytes, forced, snapshot,
				       &ctx->error);
}

const struct dmabuf_collector collector_pinned = {
	.name = "pinned",
	.misses = "which processes hold a buffer; more than 32 "
		  "attachments of one; in Android's text also "
		  "references and attachments",
	.gives = GIVES_RECORD,
	.collect = collect,
};
