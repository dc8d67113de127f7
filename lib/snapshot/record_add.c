// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "snapshot/record_add.h"
#include "util/array.h"

/*
 * What a kind of record is: its size in the first version of the format and in
 * this one, where its strings end, and where it goes. Later versions may only
 * be longer.
 */
static const struct kind {
	size_t first_size, size;
	size_t ends[2]; /* offsets of the last bytes of strings; 0: none */
	enum { TO_BUFFERS, TO_VEC, TO_MEMBER } goes;
	size_t at; /* offset of the vec or of the member */
} kinds[] = {
#define KIND(name, first_size, type, ...)                                      \
	[DMABUF_REC_##name - DMABUF_REC_KIND(0)] = {                           \
		first_size, sizeof(struct dmabuf_rec_##type), __VA_ARGS__      \
	}
#define END(type, field)                                                       \
	(offsetof(struct dmabuf_rec_##type, field) +                           \
	 sizeof(((struct dmabuf_rec_##type *)0)->field) - 1)
#define VEC(member)    TO_VEC, offsetof(struct dmabuf_snapshot, member)
#define MEMBER(member) TO_MEMBER, offsetof(struct dmabuf_snapshot, member)
	KIND(BUFFER, 136, buffer, { END(buffer, name), END(buffer, exporter) },
	     TO_BUFFERS),
	KIND(RELEASED, 136, buffer,
	     { END(buffer, name), END(buffer, exporter) }, TO_BUFFERS),
	KIND(ATTACHMENT, 120, attachment,
	     { END(attachment, device), END(attachment, driver) },
	     VEC(attachments)),
	KIND(GAP, 208, gap, { END(gap, what), END(gap, why) }, VEC(gaps)),
	KIND(REF, 88, ref, { END(ref, comm) }, VEC(refs)),
	KIND(PROCESS, 512, process,
	     { END(process, comm), END(process, cgroup) }, VEC(processes)),
	KIND(SOURCE, sizeof(struct dmabuf_rec_source), source,
	     { END(source, collector) }, MEMBER(source)),
	KIND(KEEPER, 88, keeper, { END(keeper, comm), END(keeper, node) },
	     VEC(keepers)),
	KIND(BIRTH, 72, birth, { END(birth, comm) }, VEC(births)),
	KIND(TRACK, 24, track, { END(track, exporter) }, MEMBER(track)),
	KIND(CGROUP, 496, cgroup, { END(cgroup, path) }, VEC(cgroups)),
	KIND(FRAME, 312, frame, { END(frame, symbol), END(frame, file) },
	     VEC(frames)),
#undef KIND
#undef END
#undef VEC
#undef MEMBER
};

/* Return: the kind with this number, or NULL. */
static const struct kind *find_kind(uint32_t number)
{
	const uint32_t i = number - DMABUF_REC_KIND(0);

	return i < ARRAY_SIZE(kinds) && kinds[i].size ? &kinds[i] : NULL;
}

int snapshot_add_buffer(struct dmabuf_snapshot *snapshot,
			const struct dmabuf_rec_buffer *rec)
{
	const struct buffer buffer = {
		.key = rec->key,
		.ino = rec->ino,
		.bytes = rec->bytes,
		.refs = rec->refs,
		.name = texts_add(&snapshot->texts, rec->name),
		.exporter = texts_share(&snapshot->texts, rec->exporter),
		.attachments = rec->attachments,
		.pass = rec->pass,
		.have = rec->have,
		.cut = rec->cut & DMABUF_HAVE_ATTACHMENTS,
		.released = rec->head.kind == DMABUF_REC_RELEASED,
	};

	if (!buffer.name || !buffer.exporter)
		return -ENOMEM;
	return vec_push(buffer.released ? &snapshot->released
					: &snapshot->buffers,
			&buffer);
}

/*
 * Copies a record of @size bytes to @room bytes, and terminates its strings.
 * Fields that an older record lacks are unknown: 0.
 */
static void copy(const struct kind *kind, const void *data, size_t size,
		 char *to, size_t room)
{
	const size_t n = size < kind->size ? size : kind->size;
	size_t i;

	memcpy(to, data, n);
	memset(to + n, 0, room - n);
	for (i = 0; i < ARRAY_SIZE(kind->ends); i++)
		if (kind->ends[i])
			to[kind->ends[i]] = 0;
}

/* Return: 0 or -ENOMEM. */
static int add(struct dmabuf_snapshot *snapshot, const struct kind *kind,
	       const void *data, size_t size)
{
	void *place = (char *)snapshot + kind->at;
	struct dmabuf_rec_buffer buffer;
	struct vec *vec = place;

	switch (kind->goes) {
	case TO_BUFFERS:
		copy(kind, data, size, (char *)&buffer, sizeof(buffer));
		return snapshot_add_buffer(snapshot, &buffer);
	case TO_VEC:
		if (vec_grow(vec))
			return -ENOMEM;
		/* An element may have more behind the record. */
		copy(kind, data, size, vec_at(vec, vec->n++), vec->each);
		break;
	case TO_MEMBER:
		copy(kind, data, size, place, kind->size);
		break;
	}
	return 0;
}

ssize_t snapshot_add(struct dmabuf_snapshot *snapshot, const void *data,
		     size_t size)
{
	const struct kind *kind;
	struct dmabuf_rec head;
	int r = 0;

	if (size < sizeof(head))
		return 0;
	memcpy(&head, data, sizeof(head));
	kind = find_kind(head.kind);
	if ((head.kind & ~0xffU) != DMABUF_REC_KIND(0) ||
	    head.size < (kind ? kind->first_size : sizeof(head)))
		return -EBADMSG;
	if (size < head.size)
		return 0;
	if (kind)
		r = add(snapshot, kind, data, head.size);
	return r ?: (ssize_t)head.size;
}
