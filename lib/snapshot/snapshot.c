// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "snapshot/holders.h"
#include "snapshot/key_map.h"
#include "snapshot/snapshot.h"
#include "util/u64.h"

struct dmabuf_snapshot *snapshot_new(void)
{
	struct dmabuf_snapshot *snapshot = malloc(sizeof(*snapshot));

	if (!snapshot)
		return NULL;
	*snapshot = (struct dmabuf_snapshot){
		.buffers = VEC_OF(struct dmabuf_rec_buffer),
		.attachments = VEC_OF(struct dmabuf_rec_attachment),
		.gaps = VEC_OF(struct dmabuf_rec_gap),
		.refs = VEC_OF(struct dmabuf_rec_ref),
		.holders = VEC_OF(struct holder),
		.processes = VEC_OF(struct process),
		.ledgers = VEC_OF(struct ledger),
	};
	return snapshot;
}

void dmabuf_snapshot_free(struct dmabuf_snapshot *snapshot)
{
	if (!snapshot)
		return;
	vec_fini(&snapshot->buffers);
	vec_fini(&snapshot->attachments);
	vec_fini(&snapshot->gaps);
	vec_fini(&snapshot->refs);
	vec_fini(&snapshot->holders);
	vec_fini(&snapshot->processes);
	vec_fini(&snapshot->ledgers);
	free(snapshot);
}

/* Ends each string of a record where its field ends, at the latest. */
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
	} r = { rec };

	switch (rec->kind) {
	case DMABUF_REC_BUFFER:
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
	}
}

/*
 * Where records of a kind go, and what they had when their kind was new: later
 * ones may only be longer.
 */
static const struct kind {
	uint32_t kind;
	size_t first_size, vec;
} kinds[] = {
#define VEC(member) offsetof(struct dmabuf_snapshot, member)
	{ DMABUF_REC_BUFFER, 136, VEC(buffers) },
	{ DMABUF_REC_ATTACHMENT, 120, VEC(attachments) },
	{ DMABUF_REC_GAP, 208, VEC(gaps) },
	{ DMABUF_REC_REF, 88, VEC(refs) },
	{ DMABUF_REC_PROCESS, 512, VEC(processes) },
#undef VEC
};

static const struct kind *find_kind(uint32_t kind)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}

static size_t first_size(uint32_t kind)
{
	const struct kind *found = find_kind(kind);

	if (found)
		return found->first_size;
	return kind == DMABUF_REC_SOURCE ? sizeof(struct dmabuf_rec_source)
					 : sizeof(struct dmabuf_rec);
}

/*
 * @rec takes the place of one more record, NULL for a kind that is not known;
 * @room its size. Return: 0 or -ENOMEM.
 */
static int room_for(struct dmabuf_snapshot *snapshot, uint32_t kind, void **rec,
		    size_t *room)
{
	const struct kind *found = find_kind(kind);
	struct vec *vec;
	int r;

	*rec = NULL;
	if (kind == DMABUF_REC_SOURCE) {
		*rec = &snapshot->source;
		*room = sizeof(snapshot->source);
		return 0;
	}
	if (!found)
		return 0;
	vec = (void *)((char *)snapshot + found->vec);
	r = vec_grow(vec);
	if (r)
		return r;
	*rec = vec_at(vec, vec->n++);
	*room = vec->each;
	return 0;
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

	r = room_for(snapshot, head.kind, &rec, &room);
	if (r || !rec)
		return r ?: (ssize_t)head.size;
	/* What an older record does not have is zero, so not had. */
	memset(rec, 0, room);
	memcpy(rec, data, head.size < room ? head.size : room);
	end_strings(rec);
	return head.size;
}

int snapshot_add_gap(struct dmabuf_snapshot *snapshot, const char *what,
		     uint64_t count, const char *why)
{
	struct dmabuf_rec_gap gap = {
		.head = { DMABUF_REC_GAP, sizeof(gap) },
		.count = count,
	};

	snprintf(gap.what, sizeof(gap.what), "%s", what);
	snprintf(gap.why, sizeof(gap.why), "%s", why);
	return vec_push(&snapshot->gaps, &gap);
}

static int compare_key(const void *left, const void *right)
{
	const struct dmabuf_rec_buffer *a = left, *b = right;

	return u64_compare(a->key, b->key) ?: u64_compare(a->pass, b->pass);
}

static int compare_ino(const void *left, const void *right)
{
	const struct dmabuf_rec_buffer *a = left, *b = right;

	return u64_compare(a->ino, b->ino) ?: u64_compare(a->key, b->key);
}

static int compare_attachment(const void *left, const void *right)
{
	const struct dmabuf_rec_attachment *a = left, *b = right;

	return u64_compare(a->key, b->key) ?: u64_compare(a->pass, b->pass) ?:
	       u64_compare(a->order, b->order);
}

/* Of buffers that share a key, only the one read last is still there. */
static void drop_stale_buffers(struct vec *buffers)
{
	const struct dmabuf_rec_buffer *buffer, *next;
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

/* Both are sorted by key and pass. */
static void drop_stale_attachments(struct vec *attachments,
				   const struct vec *buffers)
{
	const struct dmabuf_rec_attachment *att;
	const struct dmabuf_rec_buffer *buffer;
	size_t i, b = 0, kept = 0;

	for (i = 0; i < attachments->n; i++) {
		att = vec_at(attachments, i);
		while (b < buffers->n &&
		       ((struct dmabuf_rec_buffer *)vec_at(buffers, b))->key <
			       att->key)
			b++;
		if (b == buffers->n)
			break;
		buffer = vec_at(buffers, b);
		if (buffer->key == att->key && buffer->pass == att->pass)
			memmove(vec_at(attachments, kept++), att, sizeof(*att));
	}
	attachments->n = kept;
}

/* Lists that have the newest first come in the reverse of our order. */
static void turn_around(struct vec *buffers)
{
	struct dmabuf_rec_buffer *first = buffers->data, *last, one;

	if (!buffers->n)
		return;
	last = first + buffers->n - 1;
	if (compare_ino(first, last) <= 0)
		return;
	for (; first < last; first++, last--) {
		one = *first;
		*first = *last;
		*last = one;
	}
}

int snapshot_join(struct dmabuf_snapshot *snapshot)
{
	struct key_map index;

	if (key_map_init(&index, &snapshot->buffers)) {
		key_map_fini(&index);
		return -ENOMEM;
	}
	if (index.doubles || snapshot->attachments.n) {
		vec_sort(&snapshot->buffers, compare_key);
		drop_stale_buffers(&snapshot->buffers);
		vec_sort(&snapshot->attachments, compare_attachment);
		drop_stale_attachments(&snapshot->attachments,
				       &snapshot->buffers);
	}
	key_map_fini(&index);
	turn_around(&snapshot->buffers);
	vec_sort(&snapshot->buffers, compare_ino);
	return 0;
}

static bool fills(const char *string, size_t size)
{
	return strlen(string) == size - 1;
}

int snapshot_find_gaps(struct dmabuf_snapshot *snapshot, uint32_t gives)
{
	struct {
		const char *what, *why;
		uint64_t count;
	} gaps[] = {
		{ "names", "changed each time they were read", 0 },
		{ "sizes",
		  "not told of buffers that are mapped and nowhere open", 0 },
		{ "exporters", "the kernel could not read their names", 0 },
		{ "exporters", "names may be longer than 47 bytes", 0 },
		{ "lists of attachments",
		  "too long, or changed each time they were read", 0 },
		{ "devices", "names may be longer than 63 bytes", 0 },
		{ "drivers", "names may be longer than 31 bytes", 0 },
	};
	const struct dmabuf_rec_attachment *att;
	const struct dmabuf_rec_buffer *buffer;
	size_t i;
	int r = 0;

	for (i = 0; i < snapshot->buffers.n; i++) {
		buffer = vec_at(&snapshot->buffers, i);
		gaps[0].count += (gives & DMABUF_GIVES_NAME) &&
				 !(buffer->have & DMABUF_HAVE_NAME);
		gaps[1].count += (gives & DMABUF_GIVES_SIZE) &&
				 !(buffer->have & DMABUF_HAVE_SIZE);
		gaps[2].count += (gives & DMABUF_GIVES_EXPORTER) &&
				 buffer->have & DMABUF_HAVE_SIZE &&
				 !(buffer->have & DMABUF_HAVE_EXPORTER);
		gaps[3].count +=
			fills(buffer->exporter, sizeof(buffer->exporter));
		gaps[4].count += !!(buffer->cut & DMABUF_HAVE_ATTACHMENTS);
	}
	for (i = 0; i < snapshot->attachments.n; i++) {
		att = vec_at(&snapshot->attachments, i);
		gaps[5].count += fills(att->device, sizeof(att->device));
		gaps[6].count += fills(att->driver, sizeof(att->driver));
	}
	for (i = 0; !r && i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (gaps[i].count)
			r = snapshot_add_gap(snapshot, gaps[i].what,
					     gaps[i].count, gaps[i].why);
	return r;
}

/* What a caller gets is the record itself, under a name that hides it. */
static const struct dmabuf_rec_buffer *rec(const struct dmabuf_buffer *buffer)
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
	return snapshot->buffers.n;
}

const struct dmabuf_buffer *dmabuf_snapshot_next(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *prev)
{
	return vec_next(&snapshot->buffers, prev);
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

/* The first attachment that does not sort before @buffer's. */
static const struct dmabuf_rec_attachment *first_attachment(
	const struct vec *attachments, const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_rec_attachment wanted = {
		.key = buffer->key,
		.pass = buffer->pass,
	};
	size_t low = 0, high = attachments->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_attachment(vec_at(attachments, middle), &wanted) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < attachments->n ? vec_at(attachments, low) : NULL;
}

const struct dmabuf_attachment *dmabuf_buffer_next_attachment(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_buffer *buffer,
	const struct dmabuf_attachment *prev)
{
	const struct vec *attachments = &snapshot->attachments;
	const struct dmabuf_rec_attachment *next;

	if (prev)
		next = vec_next(attachments, prev);
	else
		next = first_attachment(attachments, rec(buffer));
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
