// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * No lock is held, so each list is read before and after its devices, until it
 * is the same twice. All lists are read at a time, an entry of each in turn: a
 * run of the BPF program costs more than what it reads.
 */
#include "files/attachments.h"

#include <string.h>

#include "files/classify.h"
#include "files/links.h"
#include "util/cleanup.h"

/* How many attachments of a buffer are read, and how often its list. */
enum { MOST = 256, TRIES = 8 };

/* No text is read beyond a page at once: the next one may not be there. */
enum { PAGE = 4096 };

static const enum kernel_field needs[] = {
	FIELD_dma_buf_attachments,
	FIELD_dma_buf_file,
	FIELD_dma_buf_attachment_dev,
	FIELD_dma_buf_attachment_dmabuf,
	FIELD_dma_buf_attachment_node,
	FIELD_device_driver,
	FIELD_device_init_name,
	FIELD_device_kobj,
	FIELD_device_driver_name,
	FIELD_kobject_name,
	FIELD_file_f_inode,
	FIELD_inode_i_ino,
	FIELDS,
};

/**
 * struct list - the attachments of a buffer
 * @rec: index of the buffer in the snapshot
 * @buffer: its address
 * @n: entries
 * @hash: of the entries
 * @end: how the list ended
 * @torn: it changed while it was read
 */
struct list {
	size_t rec;
	uint64_t buffer, hash;
	uint32_t n;
	enum chain_end end;
	bool torn;
};

/* An attachment: the list that has it, and its position there. */
struct entry {
	size_t list;
	uint32_t order;
};

/* What is read of attachments, each an array. */
struct facts {
	struct vec entries, attachments, buffers, devices, names, init_names,
		drivers, driver_names, name_texts, driver_texts;
};

#define FACTS                                                                  \
	{                                                                      \
		.entries = VEC_OF(struct entry), .attachments = NUMBERS,       \
		.buffers = NUMBERS, .devices = NUMBERS, .names = NUMBERS,      \
		.init_names = NUMBERS, .drivers = NUMBERS,                     \
		.driver_names = NUMBERS,                                       \
		.name_texts = { .each = DMABUF_REC_DEVICE_LEN },               \
		.driver_texts = { .each = DMABUF_REC_DRIVER_LEN },             \
	}

static void facts_fini(struct facts *facts)
{
	vec_fini(&facts->entries);
	vec_fini(&facts->attachments);
	vec_fini(&facts->buffers);
	vec_fini(&facts->devices);
	vec_fini(&facts->names);
	vec_fini(&facts->init_names);
	vec_fini(&facts->drivers);
	vec_fini(&facts->driver_names);
	vec_fini(&facts->name_texts);
	vec_fini(&facts->driver_texts);
}

static uint64_t head_of(const struct reach *reach, const struct list *list)
{
	return list->buffer + OFFSET(reach, dma_buf, attachments);
}

/* Return: whether @node is an entry, and not the end of the list. */
static bool is_entry(const struct reach *reach, struct list *list,
		     uint64_t node)
{
	if (node == head_of(reach, list))
		list->end = CHAIN_WHOLE;
	else if (!node)
		list->end = CHAIN_TORN;
	else if (list->n == MOST)
		list->end = CHAIN_LONG;
	else
		return true;
	return false;
}

static void add_entry(struct reach *reach, struct facts *facts, size_t i,
		      struct list *list, uint64_t node)
{
	const struct entry entry = { .list = i, .order = list->n };

	list->hash = (list->hash ^ node) * 0x9e3779b97f4a7c15ULL;
	list->n++;
	if (!facts)
		return;
	node -= OFFSET(reach, dma_buf_attachment, node);
	reach_push(reach, &facts->entries, &entry);
	reach_push(reach, &facts->attachments, &node);
}

/*
 * Reads all lists. @facts takes the entries, unless it is NULL: then only
 * whether a list is the same is wanted.
 */
static void walk(struct reach *reach, struct vec *lists, struct facts *facts)
{
	_cleanup_(vec_fini) struct vec at = NUMBERS, nodes = NUMBERS;
	_cleanup_(vec_fini) struct vec active = VEC_OF(size_t);
	uint64_t *from = reach_room(reach, &at, lists->n), *node;
	size_t *index = reach_room(reach, &active, lists->n), i, n;
	struct list *list;

	for (i = 0; i < at.n && i < active.n; i++) {
		list = vec_at(lists, i);
		list->n = list->hash = 0;
		index[i] = i;
		from[i] = head_of(reach, list);
	}
	while (active.n && !reach->error) {
		node = reach_gather(reach, &at, 0, &nodes);
		for (i = n = 0; i < nodes.n; i++) {
			list = vec_at(lists, index[i]);
			if (!is_entry(reach, list, node[i]))
				continue;
			add_entry(reach, facts, index[i], list, node[i]);
			index[n] = index[i];
			from[n++] = node[i];
		}
		active.n = at.n = n;
	}
}

static void queue_text(struct reach *reach, uint64_t at, char *to,
		       uint32_t size)
{
	const uint32_t left = PAGE - at % PAGE;
	const uint32_t first = size < left ? size : left;
	const uint64_t rest = at ? at + first : 0;

	memory_queue(reach->memory, &at, 1, 0, to, first);
	memory_queue(reach->memory, &rest, 1, 0, to + first, size - first);
}

/* Reads the text at each address into @texts. */
static void read_texts(struct reach *reach, const struct vec *addresses,
		       struct vec *texts)
{
	char *to = reach_room(reach, texts, addresses->n);
	size_t i;

	for (i = 0; i < texts->n; i++)
		queue_text(reach, number_at(addresses, i), to + i * texts->each,
			   texts->each);
	memory_run(reach->memory);
}

static void read_facts(struct reach *reach, struct facts *facts)
{
	uint64_t *name;
	size_t i;

	reach_queue(reach, &facts->attachments,
		    OFFSET(reach, dma_buf_attachment, dmabuf), &facts->buffers);
	reach_gather(reach, &facts->attachments,
		     OFFSET(reach, dma_buf_attachment, dev), &facts->devices);
	reach_queue(reach, &facts->devices, OFFSET(reach, device, init_name),
		    &facts->init_names);
	reach_queue(reach, &facts->devices, OFFSET(reach, device, driver),
		    &facts->drivers);
	name = reach_gather(reach, &facts->devices,
			    OFFSET(reach, device, kobj) +
				    OFFSET(reach, kobject, name),
			    &facts->names);
	reach_gather(reach, &facts->drivers, OFFSET(reach, device_driver, name),
		     &facts->driver_names);
	for (i = 0; i < facts->names.n; i++)
		name[i] = number_at(&facts->init_names, i) ?: name[i];
	read_texts(reach, &facts->names, &facts->name_texts);
	read_texts(reach, &facts->driver_names, &facts->driver_texts);
}

/* Reads the lists again, and notes which of them are not the same. */
static void check(struct reach *reach, struct vec *lists,
		  const struct facts *facts)
{
	_cleanup_(vec_fini) struct vec before = VEC_OF(struct list);
	struct list *list = NULL, *old = reach_room(reach, &before, lists->n);
	const struct entry *entry = NULL;
	size_t i;

	if (reach->error)
		return;
	memcpy(old, lists->data, lists->n * sizeof(*old));
	walk(reach, lists, NULL);
	while ((list = vec_next(lists, list))) {
		list->torn = list->end == CHAIN_TORN || list->n != old->n ||
			     list->hash != old->hash;
		old++;
	}
	for (i = 0; (entry = vec_next(&facts->entries, entry)); i++) {
		list = vec_at(lists, entry->list);
		list->torn |= number_at(&facts->buffers, i) != list->buffer;
	}
}

/* Adds the records of the lists that are not torn, or of all. */
static void give(struct reach *reach, const struct vec *lists, bool all,
		 const struct facts *facts, struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_attachment rec;
	const struct entry *entry = NULL;
	const struct list *list;
	size_t i;

	for (i = 0; (entry = vec_next(&facts->entries, entry)); i++) {
		list = vec_at(lists, entry->list);
		if ((list->torn && !all) ||
		    number_at(&facts->buffers, i) != list->buffer)
			continue;
		rec = (struct dmabuf_rec_attachment){
			.head = { DMABUF_REC_ATTACHMENT, sizeof(rec) },
			.key = list->buffer,
			.order = entry->order,
		};
		/* Behind a text there is other memory of the kernel. */
		strncpy(rec.device, vec_at(&facts->name_texts, i),
			sizeof(rec.device) - 1);
		strncpy(rec.driver, vec_at(&facts->driver_texts, i),
			sizeof(rec.driver) - 1);
		reach_push(reach, &snapshot->attachments, &rec);
		((struct buffer *)vec_at(&snapshot->buffers, list->rec))
			->attachments++;
	}
}

/* Marks the buffers of these lists as read, and keeps the other lists. */
static void finish(struct vec *lists, bool all,
		   struct dmabuf_snapshot *snapshot)
{
	struct list *list = NULL, *kept = lists->data;
	struct buffer *rec;

	while ((list = vec_next(lists, list))) {
		if (list->torn && !all) {
			*kept++ = *list;
			continue;
		}
		rec = vec_at(&snapshot->buffers, list->rec);
		rec->have |= DMABUF_HAVE_ATTACHMENTS;
		if (list->torn || list->end != CHAIN_WHOLE)
			rec->cut |= DMABUF_HAVE_ATTACHMENTS;
	}
	lists->n = kept - (struct list *)lists->data;
}

/* Reads lists once. @last: whether to take what is torn, too. */
static void read_lists(struct reach *reach, struct vec *lists, bool last,
		       struct dmabuf_snapshot *snapshot)
{
	_cleanup_(facts_fini) struct facts facts = FACTS;

	walk(reach, lists, &facts);
	read_facts(reach, &facts);
	check(reach, lists, &facts);
	reach_fail(reach, memory_error(reach->memory));
	if (reach->error)
		return;
	give(reach, lists, last, &facts, snapshot);
	finish(lists, last, snapshot);
}

/* Drops the buffers whose address does not have a buffer, or another one. */
static void drop_gone(struct reach *reach, const struct vec *lists,
		      struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec buffers = NUMBERS, files = NUMBERS;
	_cleanup_(vec_fini) struct vec inodes = NUMBERS, inos = NUMBERS;
	const uint64_t *buffer = reach_members(
		reach, lists, offsetof(struct list, buffer), &buffers);
	struct buffer *rec, *kept = snapshot->buffers.data;
	size_t i, next = 0;

	reach_gather(reach, &buffers, OFFSET(reach, dma_buf, file), &files);
	reach_gather(reach, &files, OFFSET(reach, file, f_inode), &inodes);
	reach_gather(reach, &inodes, OFFSET(reach, inode, i_ino), &inos);
	for (i = 0; !reach->error && i < snapshot->buffers.n; i++) {
		rec = vec_at(&snapshot->buffers, i);
		if (next < inos.n && rec->key == buffer[next] &&
		    rec->ino != number_at(&inos, next++))
			continue;
		*kept++ = *rec;
	}
	if (!reach->error)
		snapshot->buffers.n =
			kept - (struct buffer *)snapshot->buffers.data;
}

static bool is_known(const struct buffer *rec)
{
	return rec->have & DMABUF_HAVE_ATTACHMENTS;
}

static bool all_known(const struct dmabuf_snapshot *snapshot)
{
	const struct buffer *rec = NULL;

	while ((rec = vec_next(&snapshot->buffers, rec)))
		if (!is_known(rec))
			return false;
	return true;
}

static void find_lists(struct reach *reach,
		       const struct dmabuf_snapshot *snapshot,
		       struct vec *lists)
{
	const struct buffer *rec = NULL;
	struct list list = {};

	while ((rec = vec_next(&snapshot->buffers, rec))) {
		list.buffer = rec->key;
		if (!is_known(rec))
			reach_push(reach, lists, &list);
		list.rec++;
	}
}

void attachments_find(struct reach *reach, struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec lists = VEC_OF(struct list);
	_cleanup_(vec_fini) struct vec left = VEC_OF(struct list);
	struct buffer *rec = NULL;
	int tries = 0;

	if (!layout_has(&reach->layout, needs)) {
		while ((rec = vec_next(&snapshot->buffers, rec)))
			if (!is_known(rec))
				rec->cut |= DMABUF_HAVE_ATTACHMENTS;
		return;
	}
	find_lists(reach, snapshot, &lists);
	if (reach_room(reach, &left, lists.n) && left.n)
		memcpy(left.data, lists.data, left.n * left.each);
	while (left.n && !reach->error)
		read_lists(reach, &left, ++tries == TRIES, snapshot);
	drop_gone(reach, &lists, snapshot);
	reach_fail(reach, memory_error(reach->memory));
}

int attachments_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot)
{
	_cleanup_(reach_fini) struct reach reach = REACH(ctx);
	int r;

	if (all_known(snapshot))
		return 0;
	r = memory_open(ctx, &reach.memory)
		    ?: layout_read_64(ctx, &reach.layout);
	if (r)
		return r;
	attachments_find(&reach, snapshot);
	return reach.error;
}
