// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Statistics in sysfs, for kernels up to v6.19 that were built with them.
 * Everybody can read them. Each buffer has a folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "collect/collector.h"
#include "snapshot/gaps.h"
#include "snapshot/record_add.h"
#include "util/cleanup.h"
#include "util/io.h"
#include "util/scan.h"

#define BUFFERS	     "sys/kernel/dmabuf/buffers"
#define NOT_RECORDED "not recorded whole: the tree lacks files of these buffers"

/*
 * Reads a line of file @name in @dir, without its newline. Return: 0 or -errno.
 */
static int read_line(const struct sysroot *sysroot, int dir, const char *name,
		     char *to, size_t size)
{
	_cleanup_close_ int fd = sysroot_open_at(sysroot, dir, name, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read_retry(fd, to, size);
	if (n < 0)
		return n;
	/* Cut a line that does not fit. */
	n -= n && (to[n - 1] == '\n' || (size_t)n == size);
	to[n] = 0;
	return n && strlen(to) == (size_t)n ? 0 : -EBADMSG;
}

static int read_buffer(const struct sysroot *sysroot, int dir, uint64_t ino,
		       struct dmabuf_rec_buffer *ret)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_BUFFER, sizeof(rec) },
		.key = ino,
		.ino = ino,
		.have = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE |
			DMABUF_HAVE_EXPORTER,
	};
	uint64_t bytes;
	char line[32];
	int r;

	r = read_line(sysroot, dir, "size", line, sizeof(line));
	if (!r && !scan_whole_number(line, &bytes))
		r = -EBADMSG;
	r = r
		    ?: read_line(sysroot, dir, "exporter_name", rec.exporter,
				 sizeof(rec.exporter));
	/* The kernel says so of a buffer that is being freed. */
	if (r == -EIO && sysroot_is_live(sysroot))
		return -ENODEV;
	if (r)
		return r;
	rec.bytes = bytes;
	*ret = rec;
	return 0;
}

static int read_entry(struct dmabuf_ctx *ctx, int buffers, const char *name,
		      struct dmabuf_snapshot *snapshot, uint64_t *unrecorded)
{
	struct dmabuf_rec_buffer rec;
	_cleanup_close_ int dir = -1;
	uint64_t ino;
	int r;

	if (name[0] == '.')
		return 0;
	dir = sysroot_open_at(&ctx->sysroot, buffers, name,
			      O_PATH | O_DIRECTORY);
	r = dir < 0 ? dir : 0;
	if (!r && !scan_whole_number(name, &ino))
		r = -EBADMSG;
	r = r ?: read_buffer(&ctx->sysroot, dir, ino, &rec);
	switch (sysroot_absence(&ctx->sysroot, r)) {
	case ABSENCE_UNRECORDED:
		++*unrecorded;
		return 0;
	case ABSENCE_GONE:
		return 0;
	default:
		break;
	}
	if (r)
		return error_set(&ctx->error, r, "/" BUFFERS "/%s: %s", name,
				 r == -EBADMSG ? "unexpected content"
					       : strerror(-r));
	if (snapshot_add_buffer(snapshot, &rec))
		return error_no_memory(&ctx->error);
	return 0;
}

static int why_not_open(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "/" BUFFERS ": %s", sysroot_strerror(err));
	if (err == -ENOENT && sysroot_is_live(&ctx->sysroot))
		return error_hint(
			&ctx->error,
			"boot a kernel since 5.14 and before 7.0 built "
			"with CONFIG_DMABUF_SYSFS_STATS=y");
	return err;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const struct dirent *entry;
	uint64_t unrecorded = 0;
	int r;

	(void)forced;
	ctx->error = (struct dmabuf_error){};
	r = sysroot_opendir(&ctx->sysroot, SYSROOT_TOP, BUFFERS, &dir);
	if (r)
		return why_not_open(ctx, r);
	while ((void)(errno = 0), (entry = readdir(dir))) {
		r = read_entry(ctx, dirfd(dir), entry->d_name, snapshot,
			       &unrecorded);
		if (r)
			return r;
	}
	if (errno)
		return why_not_open(ctx, -errno);
	if (unrecorded &&
	    snapshot_add_gap(snapshot, "buffers", unrecorded, NOT_RECORDED))
		return error_no_memory(&ctx->error);
	return 0;
}

const struct dmabuf_collector collector_sysfs = {
	.name = "sysfs",
	.misses = "which processes hold a buffer; names, references, "
		  "attachments",
	.gives = DMABUF_GIVES_INO | DMABUF_GIVES_SIZE | DMABUF_GIVES_EXPORTER,
	.collect = collect,
};
