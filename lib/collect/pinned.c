// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reads an iterator that a privileged process pinned: ours, which returns
 * records, or Android's, which returns text. This needs only permission to read
 * the file, and works on a recorded tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/collector.h"
#include "collect/parse_iter_text.h"
#include "collect/pin_folder.h"
#include "collect/pinned.h"
#include "snapshot/gaps.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"

struct format {
	const char *path, *name;
	int (*read)(struct dmabuf_ctx *ctx, int fd,
		    struct dmabuf_snapshot *snapshot, uint64_t *bytes);
};

/*
 * Opens a file on the running system. Links are not followed, because anybody
 * may make them. @owner takes its owner or, if root or the caller has only the
 * file, the owner of the folder.
 */
static int open_live(const char *name, uid_t *owner)
{
	_cleanup_close_ int folder = -1, fd = -1;
	struct stat of_folder, of_file;

	folder = open("/" PINNED_DIR,
		      O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(folder, &of_folder) || fstat(fd, &of_file))
		return -errno;
	*owner = pin_is_trusted(of_file.st_uid) ? of_folder.st_uid
						: of_file.st_uid;
	return take_fd(&fd);
}

/*
 * In a recorded tree, owners are not checked: files belong to whoever recorded
 * or copied the tree.
 */
static int open_pinned(struct dmabuf_ctx *ctx, const struct format *format,
		       uid_t *owner)
{
	const bool live = sysroot_is_live(&ctx->sysroot);
	int fd;

	*owner = 0;
	fd = live ? open_live(format->name, owner)
		  : sysroot_open_whole(&ctx->sysroot, SYSROOT_TOP,
				       format->path);
	if (fd >= 0)
		return fd;
	error_set(&ctx->error, fd, "/%s: %s", format->path,
		  sysroot_strerror(fd));
	if (!live)
		return fd;
	if (fd == -EACCES || fd == -EPERM)
		return error_hint(
			&ctx->error,
			"as root: dmabuf unpin; dmabuf pin --group GROUP; "
			"chmod a+x /" PINNED_MOUNT);
	if (fd == -ELOOP || fd == -ENOTDIR)
		return error_hint(&ctx->error, PINNED_HINT_FOREIGN);
	if (fd == -ENOENT)
		return error_hint(&ctx->error, "as root: dmabuf pin");
	return fd;
}

/* Whoever pinned a file decides what it says. */
static int check_owner(struct dmabuf_ctx *ctx, const struct format *format,
		       uid_t owner, bool forced,
		       struct dmabuf_snapshot *snapshot)
{
	char why[32];

	if (pin_is_trusted(owner))
		return 0;
	snprintf(why, sizeof(why), "pinned by uid %u", owner);
	if (forced)
		return snapshot_add_gap(snapshot, "buffers", 0, why)
			       ? error_no_memory(&ctx->error)
			       : 0;
	error_set(&ctx->error, -EPERM, "/%s: %s", format->path, why);
	return error_hint(&ctx->error, PINNED_HINT_FOREIGN);
}

/* Whoever made the file may have set more bits than our iterator does. */
static void forget_more(struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_buffer *buffer = NULL;

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
		return error_set(&ctx->error, -errno, "/" PINNED_TEXT ": %s",
				 strerror(errno));
	take_fd(&copy);
	return parse_text(file, "/" PINNED_TEXT, snapshot, bytes, &ctx->error);
}

/* The files, best first. */
static const struct format formats[] = {
	{ PINNED_RECORDS, PINNED_RECORDS_NAME, read_records },
	{ PINNED_TEXT, PINNED_TEXT_NAME, read_text },
};

/* Opens the best file that exists. @format takes which one it is. */
static int open_best(struct dmabuf_ctx *ctx, const struct format **format,
		     uid_t *owner)
{
	struct dmabuf_error first;
	int fd;

	*format = &formats[0];
	fd = open_pinned(ctx, *format, owner);
	if (fd >= 0)
		return fd;
	first = ctx->error;
	++*format;
	fd = open_pinned(ctx, *format, owner);
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
	r = check_owner(ctx, format, owner, forced, snapshot)
		    ?: format->read(ctx, fd, snapshot, &bytes);
	if (r)
		return r;
	again = open_pinned(ctx, format, &owner);
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
