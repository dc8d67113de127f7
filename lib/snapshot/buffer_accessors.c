// SPDX-License-Identifier: LGPL-2.1-or-later
/* What callers see of a snapshot, its gaps, buffers and attachments. */
#include <errno.h>

#include "snapshot/buffers.h"

/* What a caller gets is the record itself, under a name that hides it. */
static const struct buffer *rec(const struct dmabuf_buffer *buffer)
{
	return (const void *)buffer;
}

const char *dmabuf_snapshot_kernel(const struct dmabuf_snapshot *snapshot)
{
	return snapshot->kernel;
}

const char *dmabuf_snapshot_collector(const struct dmabuf_snapshot *snapshot)
{
	return snapshot->collector;
}

uint64_t dmabuf_snapshot_time_ns(const struct dmabuf_snapshot *snapshot)
{
	return snapshot->time_ns;
}

size_t dmabuf_snapshot_count(const struct dmabuf_snapshot *snapshot)
{
	return snapshot->buffers.n - snapshot->n_released;
}

/* The next buffer that is released, or that is not. */
static const struct dmabuf_buffer *next_of(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *prev, bool released)
{
	const struct buffer *first = snapshot->buffers.data;
	const struct buffer *end = vec_end(&snapshot->buffers);
	const struct buffer *next = prev ? rec(prev) + 1 : first;

	while (next < end && is_released(next) != released)
		next++;
	return next < end ? (const void *)next : NULL;
}

const struct dmabuf_buffer *dmabuf_snapshot_next(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *prev)
{
	return next_of(snapshot, prev, false);
}

const struct dmabuf_buffer *dmabuf_snapshot_next_released(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *prev)
{
	return snapshot->n_released ? next_of(snapshot, prev, true) : NULL;
}

bool dmabuf_buffer_released(const struct dmabuf_buffer *buffer)
{
	return is_released(rec(buffer));
}

const struct dmabuf_gap *dmabuf_snapshot_next_gap(
	const struct dmabuf_snapshot *snapshot, const struct dmabuf_gap *prev)
{
	return vec_next(&snapshot->gaps, prev);
}

const char *dmabuf_gap_what(const struct dmabuf_gap *gap)
{
	return ((const struct dmabuf_rec_gap *)gap)->what;
}

const char *dmabuf_gap_why(const struct dmabuf_gap *gap)
{
	return ((const struct dmabuf_rec_gap *)gap)->why;
}

uint64_t dmabuf_gap_count(const struct dmabuf_gap *gap)
{
	return ((const struct dmabuf_rec_gap *)gap)->count;
}

static int get(const struct dmabuf_buffer *buffer, uint32_t bit, uint64_t value,
	       uint64_t *ret)
{
	if (!(rec(buffer)->have & bit))
		return -ENODATA;
	*ret = value;
	return 0;
}

int dmabuf_buffer_ino(const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	return get(buffer, DMABUF_HAVE_INO, rec(buffer)->ino, ret);
}

int dmabuf_buffer_size(const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	return get(buffer, DMABUF_HAVE_SIZE, rec(buffer)->bytes, ret);
}

int dmabuf_buffer_refs(const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	return get(buffer, DMABUF_HAVE_REFS, rec(buffer)->refs, ret);
}

int dmabuf_buffer_address(const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	return get(buffer, DMABUF_HAVE_ADDRESS, rec(buffer)->key, ret);
}

int dmabuf_buffer_attachments(const struct dmabuf_buffer *buffer, uint64_t *ret)
{
	return get(buffer, DMABUF_HAVE_ATTACHMENTS, rec(buffer)->attachments,
		   ret);
}

const char *dmabuf_buffer_name(const struct dmabuf_buffer *buffer)
{
	if (!(rec(buffer)->have & DMABUF_HAVE_NAME))
		return NULL;
	return rec(buffer)->name;
}

const char *dmabuf_buffer_exporter(const struct dmabuf_buffer *buffer)
{
	if (!(rec(buffer)->have & DMABUF_HAVE_EXPORTER))
		return NULL;
	return rec(buffer)->exporter;
}

const struct dmabuf_attachment *dmabuf_buffer_next_attachment(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer,
	const struct dmabuf_attachment *prev)
{
	const struct vec *attachments = &snapshot->attachments;
	const struct dmabuf_rec_attachment *next;

	if (!attachments->n)
		return NULL;
	if (prev)
		next = vec_next(attachments, prev);
	else
		next = attachments_first(attachments, rec(buffer));
	if (!next || next->key != rec(buffer)->key ||
	    next->pass != rec(buffer)->pass)
		return NULL;
	return (const void *)next;
}

const char *dmabuf_attachment_device(const struct dmabuf_attachment *attachment)
{
	const struct dmabuf_rec_attachment *r = (const void *)attachment;

	return r->device[0] ? r->device : NULL;
}

const char *dmabuf_attachment_driver(const struct dmabuf_attachment *attachment)
{
	const struct dmabuf_rec_attachment *r = (const void *)attachment;

	return r->driver[0] ? r->driver : NULL;
}
