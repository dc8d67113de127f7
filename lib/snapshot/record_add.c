// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "snapshot/record_add.h"
#include "util/array.h"

/* Terminates each string of a record within its field. */
static void end_strings(struct dmabuf_rec *rec)
{
	union {
		struct dmabuf_rec *head;
		struct dmabuf_rec_buffer *buffer;
		struct dmabuf_rec_attachment *attachment;
		struct dmabuf_rec_gap *gap;
		struct dmabuf_rec_ref *ref;
		struct dmabuf_rec_process *process;
		struct dmabuf_rec_source *source;
		struct dmabuf_rec_keeper *keeper;
		struct dmabuf_rec_birth *birth;
		struct dmabuf_rec_cgroup *cgroup;
		struct dmabuf_rec_frame *frame;
		struct dmabuf_rec_track *track;
	} r = { rec };

	switch (rec->kind) {
	case DMABUF_REC_BUFFER:
	case DMABUF_REC_RELEASED:
		r.buffer->name[sizeof(r.buffer->name) - 1] = 0;
		r.buffer->exporter[sizeof(r.buffer->exporter) - 1] = 0;
		break;
	case DMABUF_REC_ATTACHMENT:
		r.attachment->device[sizeof(r.attachment->device) - 1] = 0;
		r.attachment->driver[sizeof(r.attachment->driver) - 1] = 0;
		break;
	case DMABUF_REC_GAP:
		r.gap->what[sizeof(r.gap->what) - 1] = 0;
		r.gap->why[sizeof(r.gap->why) - 1] = 0;
		break;
	case DMABUF_REC_REF:
		r.ref->comm[sizeof(r.ref->comm) - 1] = 0;
		break;
	case DMABUF_REC_PROCESS:
		r.process->comm[sizeof(r.process->comm) - 1] = 0;
		r.process->cgroup[sizeof(r.process->cgroup) - 1] = 0;
		break;
	case DMABUF_REC_SOURCE:
		r.source->collector[sizeof(r.source->collector) - 1] = 0;
		break;
	case DMABUF_REC_KEEPER:
		r.keeper->comm[sizeof(r.keeper->comm) - 1] = 0;
		r.keeper->node[sizeof(r.keeper->node) - 1] = 0;
		break;
	case DMABUF_REC_BIRTH:
		r.birth->comm[sizeof(r.birth->comm) - 1] = 0;
		break;
	case DMABUF_REC_TRACK:
		r.track->exporter[sizeof(r.track->exporter) - 1] = 0;
		break;
	case DMABUF_REC_CGROUP:
		r.cgroup->path[sizeof(r.cgroup->path) - 1] = 0;
		break;
	case DMABUF_REC_FRAME:
		r.frame->symbol[sizeof(r.frame->symbol) - 1] = 0;
		r.frame->file[sizeof(r.frame->file) - 1] = 0;
		break;
	}
}

/*
 * Where records of a kind go, and their size in the first version of the
 * format and in this one. Later versions may only be longer; an element of the
 * vec may have more behind the record.
 */
static const struct kind {
	uint32_t kind;
	size_t first_size, size, vec;
} kinds[] = {
#define STORE(name, member)                                                    \
	sizeof(struct dmabuf_rec_##name),                                      \
		offsetof(struct dmabuf_snapshot, member)
	{ DMABUF_REC_ATTACHMENT, 120, STORE(attachment, attachments) },
	{ DMABUF_REC_GAP, 208, STORE(gap, gaps) },
	{ DMABUF_REC_REF, 88, STORE(ref, refs) },
	{ DMABUF_REC_PROCESS, 512, STORE(process, processes) },
	{ DMABUF_REC_KEEPER, 88, STORE(keeper, keepers) },
	{ DMABUF_REC_BIRTH, 72, STORE(birth, births) },
	{ DMABUF_REC_CGROUP, 496, STORE(cgroup, cgroups) },
	{ DMABUF_REC_FRAME, 312, STORE(frame, frames) },
#undef STORE
};

/* The same of records that a snapshot has once. */
static const struct single {
	uint32_t kind;
	size_t first_size, size, at;
} singles[] = {
#define PLACE(name)                                                            \
	sizeof(struct dmabuf_rec_##name), offsetof(struct dmabuf_snapshot, name)
	{ DMABUF_REC_SOURCE, sizeof(struct dmabuf_rec_source), PLACE(source) },
	{ DMABUF_REC_TRACK, 24, PLACE(track) },
#undef PLACE
};

/* A record that becomes a struct buffer. */
static bool is_buffer(uint32_t kind)
{
	return kind == DMABUF_REC_BUFFER || kind == DMABUF_REC_RELEASED;
}

static const struct single *find_single(uint32_t kind)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(singles); i++)
		if (singles[i].kind == kind)
			return &singles[i];
	return NULL;
}

static const struct kind *find_kind(uint32_t kind)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}

static size_t first_size(uint32_t kind)
{
	const struct kind *found = find_kind(kind);
	const struct single *single = found ? NULL : find_single(kind);

	if (is_buffer(kind))
		return 136;
	if (found)
		return found->first_size;
	return single ? single->first_size : sizeof(struct dmabuf_rec);
}

/*
 * Makes room for one more record, all zero: fields that an older record lacks
 * are unknown. @rec takes its address, NULL for an unknown kind; @room takes
 * its size. Return: 0 or -ENOMEM.
 */
static int room_for(struct dmabuf_snapshot *snapshot, uint32_t kind, void **rec,
		    size_t *room)
{
	const struct kind *found = find_kind(kind);
	const struct single *single = found ? NULL : find_single(kind);
	struct vec *vec;
	int r;

	*rec = NULL;
	if (single) {
		*rec = (char *)snapshot + single->at;
		*room = single->size;
		memset(*rec, 0, *room);
		return 0;
	}
	if (!found)
		return 0;
	vec = (void *)((char *)snapshot + found->vec);
	r = vec_grow(vec);
	if (r)
		return r;
	*rec = vec_at(vec, vec->n++);
	memset(*rec, 0, vec->each);
	*room = found->size;
	return 0;
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

/* Fields that an older record lacks are unknown. */
static int copy_buffer(struct dmabuf_snapshot *snapshot, const void *data,
		       size_t size)
{
	struct dmabuf_rec_buffer rec = {};

	memcpy(&rec, data, size < sizeof(rec) ? size : sizeof(rec));
	end_strings(&rec.head);
	return snapshot_add_buffer(snapshot, &rec);
}

ssize_t snapshot_add(struct dmabuf_snapshot *snapshot, const void *data,
		     size_t size)
{
	struct dmabuf_rec head;
	size_t room;
	void *rec;
	int r;

	if (size < sizeof(head))
		return 0;
	memcpy(&head, data, sizeof(head));
	if ((head.kind & ~0xffU) != DMABUF_REC_KIND(0) ||
	    head.size < first_size(head.kind))
		return -EBADMSG;
	if (size < head.size)
		return 0;

	if (is_buffer(head.kind))
		return copy_buffer(snapshot, data, head.size)
			       ?: (ssize_t)head.size;
	r = room_for(snapshot, head.kind, &rec, &room);
	if (r || !rec)
		return r ?: (ssize_t)head.size;
	memcpy(rec, data, head.size < room ? head.size : room);
	end_strings(rec);
	return head.size;
}
