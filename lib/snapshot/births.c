// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/births.h"

#include <dmabuf/dmabuf.h>
#include <errno.h>
#include <string.h>

#include "snapshot/buffers.h"
#include "snapshot/frames.h"
#include "snapshot/match.h"
#include "util/glob.h"
#include "util/u64.h"

static int compare_births(const void *left, const void *right)
{
	const struct dmabuf_rec_birth *a = left, *b = right;

	return u64_compare(a->key, b->key);
}

static int compare_cgroups(const void *left, const void *right)
{
	const struct dmabuf_rec_cgroup *a = left, *b = right;

	return u64_compare(a->number, b->number);
}

/*
 * Return: the buffer of the inode number, where the buffer's collector or who
 * read the birth does not know addresses; NULL when there is none, or several.
 */
static const struct buffer *find_by_ino(const struct vec *buffers,
					const struct dmabuf_rec_birth *birth)
{
	bool again = false;
	const struct buffer *buffer = match_ino(buffers, birth->ino, &again);

	if (!buffer || again || !(buffer->have & DMABUF_HAVE_INO))
		return NULL;
	return !birth->key || !(buffer->have & DMABUF_HAVE_ADDRESS) ? buffer
								    : NULL;
}

/* Return: whose birth it is, or NULL. */
static const struct buffer *find_buffer(const struct dmabuf_snapshot *snapshot,
					const struct key_map *index,
					const struct dmabuf_rec_birth *birth)
{
	const struct buffer *buffer =
		birth->key ? key_map_find(index, birth->key) : NULL;

	if (buffer)
		return buffer->ino == birth->ino ? buffer : NULL;
	return find_by_ino(&snapshot->buffers, birth);
}

/* Drops all but one of those with the same key, which are of nobody for sure.
 */
static void drop_doubles(struct vec *births)
{
	const struct dmabuf_rec_birth *birth, *other;
	size_t i, end, kept = 0;

	for (i = 0; i < births->n; i = end) {
		birth = vec_at(births, i);
		for (end = i + 1; end < births->n; end++) {
			other = vec_at(births, end);
			if (other->key != birth->key)
				break;
		}
		if (end == i + 1)
			memmove(vec_at(births, kept++), birth, births->each);
	}
	births->n = kept;
}

int snapshot_join_births(struct dmabuf_snapshot *snapshot)
{
	const struct buffer *buffer;
	struct vec *births = &snapshot->births;
	struct dmabuf_rec_birth *birth;
	const struct key_map *index;
	size_t i, kept = 0;

	if (!births->n)
		return 0;
	index = snapshot_index(snapshot);
	if (!index)
		return -ENOMEM;
	for (i = 0; i < births->n; i++) {
		birth = vec_at(births, i);
		buffer = find_buffer(snapshot, index, birth);
		if (!buffer)
			continue;
		birth->key = buffer->key;
		memmove(vec_at(births, kept++), birth, births->each);
	}
	births->n = kept;
	vec_sort(births, compare_births);
	drop_doubles(births);
	vec_sort(&snapshot->cgroups, compare_cgroups);
	snapshot_sort_frames(snapshot);
	return 0;
}

static const struct dmabuf_rec_birth *rec(const struct dmabuf_birth *birth)
{
	return (const void *)birth;
}

const struct dmabuf_birth *dmabuf_buffer_birth(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_rec_birth wanted = {
		.key = ((const struct buffer *)buffer)->key,
	};

	return vec_find(&snapshot->births, &wanted, compare_births);
}

uint64_t dmabuf_birth_age_ns(const struct dmabuf_birth *birth)
{
	return rec(birth)->age_ns;
}

int dmabuf_birth_pid(const struct dmabuf_birth *birth, uint32_t *ret)
{
	if (!rec(birth)->pid)
		return -ENODATA;
	*ret = rec(birth)->pid;
	return 0;
}

int dmabuf_birth_tid(const struct dmabuf_birth *birth, uint32_t *ret)
{
	if (!rec(birth)->tid)
		return -ENODATA;
	*ret = rec(birth)->tid;
	return 0;
}

uint32_t dmabuf_birth_uid(const struct dmabuf_birth *birth)
{
	return rec(birth)->uid;
}

const char *dmabuf_birth_comm(const struct dmabuf_birth *birth)
{
	return rec(birth)->comm;
}

const char *dmabuf_birth_cgroup(const struct dmabuf_snapshot *snapshot,
				const struct dmabuf_birth *birth)
{
	const struct dmabuf_rec_cgroup wanted = { .number =
							  rec(birth)->cgroup },
				       *found;

	found = vec_find(&snapshot->cgroups, &wanted, compare_cgroups);
	return found && found->path[0] ? found->path : NULL;
}

int dmabuf_snapshot_births(const struct dmabuf_snapshot *snapshot,
			   uint64_t *since_ns, uint64_t *lost)
{
	if (!snapshot->track.head.kind)
		return -ENODATA;
	*since_ns = snapshot->track.since_ns;
	*lost = snapshot->track.lost;
	return 0;
}

const char *dmabuf_snapshot_births_exporter(
	const struct dmabuf_snapshot *snapshot)
{
	return snapshot->track.exporter[0] ? snapshot->track.exporter : NULL;
}

bool dmabuf_buffer_birth_is_noted(const struct dmabuf_snapshot *snapshot,
				  const struct dmabuf_buffer *buffer)
{
	const char *pattern = dmabuf_snapshot_births_exporter(snapshot),
		   *exporter = dmabuf_buffer_exporter(buffer);

	if (!snapshot->track.head.kind)
		return false;
	return !pattern || (exporter && glob_matches(pattern, exporter));
}
