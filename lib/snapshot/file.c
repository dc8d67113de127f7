// SPDX-License-Identifier: LGPL-2.1-or-later
/* Snapshots as files: a header, then the records. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/context.h"
#include "snapshot/births.h"
#include "snapshot/buffers.h"
#include "snapshot/file.h"
#include "snapshot/join.h"
#include "snapshot/record_reader.h"
#include "snapshot/snapshot.h"
#include "util/cleanup.h"
#include "util/io.h"

/* Where bytes are written; without a file, they are only counted. */
struct writer {
	FILE *file;
	uint64_t bytes;
};

static int put(struct writer *w, const void *data, size_t size)
{
	w->bytes += size;
	if (w->file && fwrite_unlocked(data, size, 1, w->file) != 1)
		return errno ? -errno : -EIO;
	return 0;
}

static int put_attachments(struct writer *w,
			   const struct dmabuf_snapshot *snapshot,
			   const struct dmabuf_buffer *buffer, uint64_t key)
{
	const struct dmabuf_attachment *att = NULL;
	struct dmabuf_rec_attachment rec;
	int r = 0;

	while (!r &&
	       (att = dmabuf_buffer_next_attachment(snapshot, buffer, att))) {
		rec = *(const struct dmabuf_rec_attachment *)att;
		rec.head.size = sizeof(rec);
		rec.key = key;
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

/* A buffer's birth, when it is known. */
static int put_birth(struct writer *w, const struct dmabuf_snapshot *snapshot,
		     const struct dmabuf_buffer *buffer, uint64_t key)
{
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(snapshot, buffer);
	struct dmabuf_rec_birth rec;

	if (!birth)
		return 0;
	rec = *(const struct dmabuf_rec_birth *)birth;
	rec.head.size = sizeof(rec);
	rec.key = key;
	return put(w, &rec, sizeof(rec));
}

/* Addresses of the kernel are not saved, only their names. */
static int put_frames(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_frame *frame = NULL;
	struct dmabuf_rec_frame rec;
	int r = 0;

	while (!r && (frame = vec_next(&snapshot->frames, frame))) {
		rec = *frame;
		rec.head.size = sizeof(rec);
		if (!(rec.flags & DMABUF_REC_FRAME_USER))
			rec.at = 0;
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

static int put_track(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_cgroup *cgroup = NULL;
	struct dmabuf_rec_track track = snapshot->track;
	struct dmabuf_rec_cgroup rec;
	int r = 0;

	if (!track.head.kind)
		return 0;
	track.head.size = sizeof(track);
	r = put(w, &track, sizeof(track));
	while (!r && (cgroup = vec_next(&snapshot->cgroups, cgroup))) {
		rec = *cgroup;
		rec.head.size = sizeof(rec);
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

/* Return: a reference as a record of its own. */
static struct dmabuf_rec_ref record_of(const struct dmabuf_ref *ref,
				       const struct dmabuf_buffer *buffer)
{
	const struct ref *joined = (const void *)ref;
	struct dmabuf_rec_ref rec = *joined->rec;

	rec.head.size = sizeof(rec);
	rec.ino = ((const struct dmabuf_rec_buffer *)buffer)->ino;
	rec.place = ref_place(joined);
	rec.refs = joined->refs;
	return rec;
}

/*
 * Replaces tables by numbers, since they are addresses too. The refs of each
 * record tell already which process of a shared table has the reference.
 */
static int put_refs(struct writer *w, const struct dmabuf_snapshot *snapshot,
		    const struct dmabuf_buffer *buffer, uint64_t key)
{
	const struct dmabuf_ref *ref = NULL;
	struct dmabuf_rec_ref rec;
	uint64_t table = 0;
	int r = 0;

	while (!r && (ref = dmabuf_buffer_next_ref(snapshot, buffer, ref))) {
		rec = record_of(ref, buffer);
		rec.key = key;
		rec.table = ++table;
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

static int put_processes(struct writer *w,
			 const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_process *process = NULL;
	struct dmabuf_rec_source source = snapshot->source;
	struct dmabuf_rec_process rec;
	int r = 0;

	if (!source.head.kind)
		return 0;
	source.head.size = sizeof(source);
	r = put(w, &source, sizeof(source));
	while (!r &&
	       (process = dmabuf_snapshot_next_process(snapshot, process))) {
		rec = ((const struct process *)process)->rec;
		rec.head.size = sizeof(rec);
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

static int put_keepers(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_rec_keeper *keeper = NULL;
	struct dmabuf_rec_keeper rec;
	int r = 0;

	while (!r && (keeper = vec_next(&snapshot->keepers, keeper))) {
		rec = *keeper;
		rec.head.size = sizeof(rec);
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

/* Only counts the bytes: most buffers have neither attachments nor a birth. */
static void count_buffers(struct writer *w,
			  const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_buffer *buffer = NULL;

	w->bytes += snapshot->buffers.n * sizeof(struct dmabuf_rec_buffer) +
		    snapshot->joined.n * sizeof(struct dmabuf_rec_ref);
	if (!snapshot->attachments.n && !snapshot->births.n)
		return;
	while ((buffer = vec_next(&snapshot->buffers, buffer))) {
		(void)put_attachments(w, snapshot, buffer, 0);
		(void)put_birth(w, snapshot, buffer, 0);
	}
}

/* Keys become numbers: they may be addresses, which are never saved. */
static int put_buffers(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_buffer *buffer = NULL;
	struct dmabuf_rec_buffer rec;
	uint64_t key = 0;
	int r = 0;

	if (!w->file) {
		count_buffers(w, snapshot);
		return 0;
	}
	while (!r && (buffer = vec_next(&snapshot->buffers, buffer))) {
		rec = *(const struct dmabuf_rec_buffer *)buffer;
		rec.head.size = sizeof(rec);
		rec.key = ++key;
		rec.have &= ~DMABUF_HAVE_ADDRESS;
		r = put(w, &rec, sizeof(rec));
		if (!r)
			r = put_attachments(w, snapshot, buffer, key);
		if (!r)
			r = put_refs(w, snapshot, buffer, key);
		if (!r)
			r = put_birth(w, snapshot, buffer, key);
	}
	return r;
}

static int put_gaps(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_gap *gap = NULL;
	struct dmabuf_rec_gap rec;
	int r = 0;

	while (!r && (gap = dmabuf_snapshot_next_gap(snapshot, gap))) {
		rec = *(const struct dmabuf_rec_gap *)gap;
		rec.head.size = sizeof(rec);
		r = put(w, &rec, sizeof(rec));
	}
	return r;
}

static int put_records(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	return put_processes(w, snapshot) ?: put_keepers(w, snapshot) ?:
	       put_track(w, snapshot) ?: put_frames(w, snapshot) ?:
	       put_buffers(w, snapshot) ?: put_gaps(w, snapshot);
}

int dmabuf_snapshot_save(struct dmabuf_ctx *ctx,
			 const struct dmabuf_snapshot *snapshot, int fd)
{
	struct snapshot_head head = {
		.order = SNAPSHOT_ORDER,
		.version = SNAPSHOT_VERSION,
		.time_ns = snapshot->time_ns,
	};
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_close_ int copy = dup(fd);
	struct writer w = {};
	int r = copy < 0 ? -errno : 0;

	if (r)
		return error_set(&ctx->error, r, "cannot write: %s",
				 strerror(-r));

	memcpy(head.magic, SNAPSHOT_MAGIC, sizeof(head.magic));
	memcpy(head.kernel, snapshot->kernel, sizeof(head.kernel));
	memcpy(head.collector, snapshot->collector, sizeof(head.collector));
	r = put_records(&w, snapshot);
	head.bytes = w.bytes;

	file = fdopen(copy, "w");
	if (!file)
		return error_set(&ctx->error, -errno, "cannot write: %s",
				 strerror(errno));
	take_fd(&copy);
	/* Fewer calls than with a block of the file each. */
	setvbuf(file, NULL, _IOFBF, 64 << 10);

	w.file = file;
	r = put(&w, &head, sizeof(head)) ?: put_records(&w, snapshot);
	if (!r && fflush(file))
		r = -errno;
	if (r)
		return error_set(&ctx->error, r, "cannot write: %s",
				 strerror(-r));
	return 0;
}

static int check_head(struct dmabuf_ctx *ctx, const struct snapshot_head *head,
		      size_t got)
{
	struct dmabuf_error *error = &ctx->error;

	if (memcmp(head->magic, SNAPSHOT_MAGIC,
		   got < sizeof(head->magic) ? got : sizeof(head->magic)) ||
	    !got)
		return error_set(error, -EBADMSG, "not a snapshot of dmabuf");
	if (got < sizeof(*head))
		return error_set(error, -ENODATA,
				 "truncated: %zu of %zu bytes of the header",
				 got, sizeof(*head));
	if (head->order == __builtin_bswap32(SNAPSHOT_ORDER))
		return error_set(
			error, -EPROTONOSUPPORT,
			"written on a machine with the other byte order");
	if (head->order != SNAPSHOT_ORDER)
		return error_set(error, -EBADMSG, "damaged header");
	if (!head->version)
		return error_set(error, -EBADMSG, "damaged header");
	if (head->version > SNAPSHOT_VERSION) {
		error_set(error, -EPROTONOSUPPORT,
			  "format %u is newer than this program supports (%u)",
			  head->version, SNAPSHOT_VERSION);
		return error_hint(error, "read it with a newer dmabuf");
	}
	return 0;
}

/* That records cannot be read does not say that the file is damaged. */
static int read_records(struct dmabuf_ctx *ctx, int fd,
			struct dmabuf_snapshot *snapshot, uint64_t *bytes)
{
	int r = record_reader_read_all(fd, RECORDS_OF_SNAPSHOT, "damaged",
				       snapshot, bytes, &ctx->error);

	if (!r || r == -EBADMSG || r == -ENODATA)
		return r;
	if (r == -ENOMEM)
		return error_no_memory(&ctx->error);
	return error_set(&ctx->error, r, "cannot read: %s", strerror(-r));
}

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

int dmabuf_snapshot_load(struct dmabuf_ctx *ctx, int fd,
			 struct dmabuf_snapshot **ret)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	struct snapshot_head head = {};
	size_t got = 0;
	uint64_t bytes;
	ssize_t n;
	int r;

	do {
		n = read_retry(fd, (char *)&head + got, sizeof(head) - got);
		got += n > 0 ? n : 0;
	} while (n > 0 && got < sizeof(head));
	if (n < 0)
		return error_set(&ctx->error, n, "cannot read: %s",
				 strerror(-n));
	r = check_head(ctx, &head, got);
	if (r)
		return r;

	snapshot = snapshot_new();
	if (!snapshot)
		return error_no_memory(&ctx->error);
	r = read_records(ctx, fd, snapshot, &bytes);
	if (r)
		return r;
	if (bytes < head.bytes)
		return error_set(&ctx->error, -ENODATA,
				 "truncated: %llu of %llu bytes",
				 (unsigned long long)bytes,
				 (unsigned long long)head.bytes);
	if (bytes > head.bytes)
		return error_set(&ctx->error, -EBADMSG,
				 "damaged: %llu bytes too many",
				 (unsigned long long)(bytes - head.bytes));

	snapshot->time_ns = head.time_ns;
	memcpy(snapshot->kernel, head.kernel, sizeof(snapshot->kernel) - 1);
	memcpy(snapshot->collector, head.collector,
	       sizeof(snapshot->collector) - 1);
	if (snapshot_join_buffers(snapshot) || snapshot_join_refs(snapshot) ||
	    snapshot_join_births(snapshot))
		return error_no_memory(&ctx->error);

	*ret = take_ptr(snapshot);
	return 0;
}
