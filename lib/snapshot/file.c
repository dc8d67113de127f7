// SPDX-License-Identifier: LGPL-2.1-or-later
/* Snapshots as files: a header, then the records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/context.h"
#include "snapshot/births.h"
#include "snapshot/buffers.h"
#include "snapshot/file.h"
#include "snapshot/join.h"
#include "snapshot/ledger.h"
#include "snapshot/record_reader.h"
#include "snapshot/snapshot.h"
#include "util/cleanup.h"
#include "util/io.h"

enum { BLOCK = 64 << 10 };

/* Records are made in a block, which is written when it is full. */
struct writer {
	char *block;
	size_t used;
	uint64_t bytes;
	bool only_counts; /* nothing is written */
	int fd, error;
};

static void flush(struct writer *w)
{
	const char *at = w->block, *end = at + w->used;
	ssize_t n;

	w->used = 0;
	while (!w->only_counts && !w->error && at < end) {
		n = write(w->fd, at, end - at);
		if (n > 0)
			at += n;
		else if (!n || errno != EINTR)
			w->error = n ? -errno : -EIO;
	}
}

/* Return: where the next bytes go, which the caller writes before the next. */
static void *next_bytes(struct writer *w, size_t size)
{
	void *at;

	if (w->used + size > BLOCK)
		flush(w);
	at = w->block + w->used;
	w->used += size;
	w->bytes += size;
	return at;
}

/* Adds a record. Return: its copy, which the caller may change. */
static void *put(struct writer *w, const void *rec, size_t size)
{
	struct dmabuf_rec *copy = memcpy(next_bytes(w, size), rec, size);

	/* It was longer in the file that it was read from. */
	copy->size = size;
	return copy;
}

#define PUT(w, rec) ((__typeof__(rec))put(w, rec, sizeof(*(rec))))

/* Adds the records of @size bytes that the elements of @vec begin with. */
static void put_all(struct writer *w, const struct vec *vec, size_t size)
{
	const void *rec = NULL;

	while ((rec = vec_next(vec, rec)))
		put(w, rec, size);
}

static void put_attachments(struct writer *w,
			    const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_buffer *buffer, uint64_t key)
{
	const struct dmabuf_attachment *att = NULL;

	while ((att = dmabuf_buffer_next_attachment(snapshot, buffer, att)))
		PUT(w, (struct dmabuf_rec_attachment *)att)->key = key;
}

/* A buffer's birth, when it is known. */
static void put_birth(struct writer *w, const struct dmabuf_snapshot *snapshot,
		      const struct dmabuf_buffer *buffer, uint64_t key)
{
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(snapshot, buffer);

	if (birth)
		PUT(w, (struct dmabuf_rec_birth *)birth)->key = key;
}

/* Addresses of the kernel are not saved, only their names. */
static void put_frames(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_frame *frame = NULL, *copy;

	while ((frame = vec_next(&snapshot->frames, frame))) {
		copy = PUT(w, frame);
		if (!(copy->flags & DMABUF_REC_FRAME_USER))
			copy->at = 0;
	}
}

static void put_track(struct writer *w, const struct dmabuf_snapshot *snapshot)
{
	if (!snapshot->track.head.kind)
		return;
	PUT(w, &snapshot->track);
	put_all(w, &snapshot->cgroups, sizeof(struct dmabuf_rec_cgroup));
}

/*
 * Replaces tables by numbers, since they are addresses too. The refs of each
 * record tell already which process of a shared table has the reference.
 */
static void put_refs(struct writer *w, const struct dmabuf_snapshot *snapshot,
		     const struct buffer *buffer, uint64_t key)
{
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);
	const struct ref *ref = snapshot->joined.data;
	struct dmabuf_rec_ref *copy;
	uint32_t i;

	for (i = 0; i < ledger->refs; i++) {
		copy = PUT(w,
			   (struct dmabuf_rec_ref *)ref[ledger->ref + i].rec);
		copy->key = key;
		copy->ino = buffer->ino;
		copy->table = i + 1;
		copy->place = ref_place(&ref[ledger->ref + i]);
		copy->refs = ref[ledger->ref + i].refs;
	}
}

static void put_processes(struct writer *w,
			  const struct dmabuf_snapshot *snapshot)
{
	if (!snapshot->source.head.kind)
		return;
	PUT(w, &snapshot->source);
	put_all(w, &snapshot->processes, sizeof(struct dmabuf_rec_process));
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
		put_attachments(w, snapshot, buffer, 0);
		put_birth(w, snapshot, buffer, 0);
	}
}

/* @like: a record with its exporter, and without a name. */
static void put_buffer(struct writer *w, const struct buffer *buffer,
		       struct dmabuf_rec_buffer *like, uint64_t key)
{
	struct dmabuf_rec_buffer *rec = PUT(w, like);

	rec->head.kind =
		is_released(buffer) ? DMABUF_REC_RELEASED : DMABUF_REC_BUFFER;
	rec->key = key;
	rec->ino = buffer->ino;
	rec->bytes = buffer->bytes;
	rec->refs = buffer->refs;
	rec->attachments = buffer->attachments;
	rec->pass = buffer->pass;
	rec->have = buffer->have & ~DMABUF_HAVE_ADDRESS;
	rec->cut = buffer->cut;
	if (buffer->name[0])
		strcpy(rec->name, buffer->name);
}

/* Keys become numbers: they may be addresses, which are never saved. */
static void put_buffers(struct writer *w,
			const struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_buffer like = {};
	const struct buffer *buffer = NULL;
	const char *exporter = NULL;
	uint64_t key = 0;

	if (w->only_counts) {
		count_buffers(w, snapshot);
		return;
	}
	while ((buffer = vec_next(&snapshot->buffers, buffer))) {
		if (buffer->exporter != exporter) {
			exporter = buffer->exporter;
			/* Behind it may be the end of a longer one. */
			strncpy(like.exporter, exporter,
				sizeof(like.exporter) - 1);
		}
		put_buffer(w, buffer, &like, ++key);
		if (snapshot->attachments.n)
			put_attachments(w, snapshot, (const void *)buffer, key);
		put_refs(w, snapshot, buffer, key);
		if (snapshot->births.n)
			put_birth(w, snapshot, (const void *)buffer, key);
	}
}

/* Return: bytes of all. */
static uint64_t put_records(struct writer *w,
			    const struct dmabuf_snapshot *snapshot)
{
	put_processes(w, snapshot);
	put_all(w, &snapshot->keepers, sizeof(struct dmabuf_rec_keeper));
	put_track(w, snapshot);
	put_frames(w, snapshot);
	put_buffers(w, snapshot);
	put_all(w, &snapshot->gaps, sizeof(struct dmabuf_rec_gap));
	flush(w);
	return w->bytes;
}

int dmabuf_snapshot_save(struct dmabuf_ctx *ctx,
			 const struct dmabuf_snapshot *snapshot, int fd)
{
	struct snapshot_head head = {
		.order = SNAPSHOT_ORDER,
		.version = SNAPSHOT_VERSION,
		.time_ns = snapshot->time_ns,
	};
	_cleanup_free_ char *block = malloc(BLOCK);
	struct writer w = { .block = block, .fd = fd, .only_counts = true };

	if (!block)
		return error_no_memory(&ctx->error);
	memcpy(head.magic, SNAPSHOT_MAGIC, sizeof(head.magic));
	memcpy(head.kernel, snapshot->kernel, sizeof(head.kernel));
	memcpy(head.collector, snapshot->collector, sizeof(head.collector));
	head.bytes = put_records(&w, snapshot);

	w.only_counts = false;
	memcpy(next_bytes(&w, sizeof(head)), &head, sizeof(head));
	put_records(&w, snapshot);
	if (w.error)
		return error_set(&ctx->error, w.error, "cannot write: %s",
				 strerror(-w.error));
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
	if (head->order != SNAPSHOT_ORDER || !head->version)
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
	return error_set_errno(&ctx->error, r, "cannot read");
}

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
		return error_set_errno(&ctx->error, n, "cannot read");
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
