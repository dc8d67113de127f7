// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/buffers.h"
#include "snapshot/key_map.h"
#include "util/u64.h"

static int compare_key(const void *left, const void *right)
{
	const struct buffer *a = left, *b = right;

	/* A buffer that was listed can be released a moment later. */
	return u64_compare(a->key, b->key) ?:
	       is_released(a) - is_released(b) ?:
	       u64_compare(a->pass, b->pass);
}

static int compare_ino(const void *left, const void *right)
{
	const struct buffer *a = left, *b = right;

	return u64_compare(a->ino, b->ino) ?: u64_compare(a->key, b->key);
}

static int compare_attachment(const void *left, const void *right)
{
	const struct dmabuf_rec_attachment *a = left, *b = right;

	return u64_compare(a->key, b->key) ?: u64_compare(a->pass, b->pass) ?:
	       u64_compare(a->order, b->order);
}

/* Keeps the last of the buffers that share a key; the others are gone. */
static void drop_stale_buffers(struct vec *buffers)
{
	const struct buffer *buffer, *next;
	size_t i, kept = 0;

	for (i = 0; i < buffers->n; i++) {
		buffer = vec_at(buffers, i);
		next = buffer + 1;
		if (i + 1 < buffers->n && next->key == buffer->key)
			continue;
		memmove(vec_at(buffers, kept++), buffer, sizeof(*buffer));
	}
	buffers->n = kept;
}

/*
 * Drops attachments read in other passes, and those of buffers that were
 * released since: nothing is attached to them. Both are sorted by key and pass.
 */
static void drop_stale_attachments(struct vec *attachments,
				   const struct vec *buffers)
{
	const struct dmabuf_rec_attachment *att;
	const struct buffer *buffer;
	size_t i, b = 0, kept = 0;

	for (i = 0; i < attachments->n; i++) {
		att = vec_at(attachments, i);
		while (b < buffers->n &&
		       ((struct buffer *)vec_at(buffers, b))->key < att->key)
			b++;
		if (b == buffers->n)
			break;
		buffer = vec_at(buffers, b);
		if (buffer->key == att->key && buffer->pass == att->pass &&
		    !is_released(buffer))
			memmove(vec_at(attachments, kept++), att, sizeof(*att));
	}
	attachments->n = kept;
}

const struct key_map *snapshot_index(struct dmabuf_snapshot *snapshot)
{
	struct key_map *index = snapshot->index;

	if (index && index->n == snapshot->buffers.n)
		return index;
	snapshot_drop_index(snapshot);
	index = malloc(sizeof(*index));
	if (!index)
		return NULL;
	snapshot->index = index;
	if (!key_map_init(index, &snapshot->buffers))
		return index;
	snapshot_drop_index(snapshot);
	return NULL;
}

void snapshot_drop_index(struct dmabuf_snapshot *snapshot)
{
	if (snapshot->index)
		key_map_fini(snapshot->index);
	free(snapshot->index);
	snapshot->index = NULL;
}

/* Keeps the last record of each buffer and the attachments read with it. */
static void drop_stale(struct dmabuf_snapshot *snapshot)
{
	vec_sort(&snapshot->buffers, compare_key);
	drop_stale_buffers(&snapshot->buffers);
	vec_sort(&snapshot->attachments, compare_attachment);
	drop_stale_attachments(&snapshot->attachments, &snapshot->buffers);
	vec_sort(&snapshot->buffers, compare_ino);
	snapshot_drop_index(snapshot);
}

int snapshot_join_buffers(struct dmabuf_snapshot *snapshot)
{
	const struct key_map *index;

	vec_sort(&snapshot->buffers, compare_ino);
	snapshot_drop_index(snapshot);
	index = snapshot_index(snapshot);
	if (!index)
		return -ENOMEM;
	if (index->doubles || snapshot->attachments.n)
		drop_stale(snapshot);
	return 0;
}

int snapshot_join_released(struct dmabuf_snapshot *snapshot)
{
	const struct buffer *buffer = NULL;
	int r;

	if (!snapshot->released.n)
		return 0;
	while ((buffer = vec_next(&snapshot->released, buffer)))
		if (vec_push(&snapshot->buffers, buffer))
			return -ENOMEM;
	snapshot->released.n = 0;
	/* Each descriptor that keeps a buffer has added it. */
	r = snapshot_join_buffers(snapshot);
	while (!r && (buffer = vec_next(&snapshot->buffers, buffer)))
		snapshot->n_released += is_released(buffer);
	return r;
}

const struct dmabuf_rec_attachment *attachments_first(
	const struct vec *attachments, const struct buffer *buffer)
{
	const struct dmabuf_rec_attachment wanted = {
		.key = buffer->key,
		.pass = buffer->pass,
	};

	return vec_lower_bound(attachments, &wanted, compare_attachment);
}
