// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What waits for the fences of a buffer. Threads and requests are in the
 * buffer's wait queue, each in a struct of its own that has two pointers beside
 * the entry: to the buffer's file and to the queue. These tell the structs
 * apart. An entry of epoll keeps nothing.
 */

#include "files/waiters.h"

#include "files/kinds.h"
#include "files/task.h"
#include "util/array.h"
#include "util/cleanup.h"

enum { WAITERS_MAX = 1 << 16 };

const enum kernel_field waiters_needs[] = {
	FIELD_dma_buf_file,
	FIELD_dma_buf_poll,
	FIELD_dma_buf_poll_cb_t_active,
	FIELD_wait_queue_head_head,
	FIELD_wait_queue_entry_entry,
	FIELD_wait_queue_entry_private,
	FIELD_poll_table_entry_filp,
	FIELD_poll_table_entry_wait,
	FIELD_poll_table_entry_wait_address,
	FIELDS,
};

/**
 * struct waiter - an entry of a wait queue
 * @buffer: the buffer
 * @file: its file
 * @object: the struct that has the entry
 * @private: the private data of the entry
 */
struct waiter {
	uint64_t buffer, file, object, private;
};

static void push(struct reach *reach, const struct waiter *waiter,
		 uint64_t task, uint32_t refs)
{
	struct dmabuf_rec_ref ref = {
		.head = { DMABUF_REC_REF, sizeof(ref) },
		.key = waiter->buffer,
		.type = DMABUF_REC_REF_WAITER,
		.table = waiter->object,
		.refs = refs,
	};

	task_name(reach, task, &ref);
	reach_push(reach, &reach->refs, &ref);
}

/* A thread in poll(2) or select(2). */
static bool take_thread(struct reach *reach, const struct waiter *waiter)
{
	uint64_t task = 0;

	if (HAS(&reach->layout, poll_wqueues, polling_task))
		task = FOLLOW(reach, waiter->private, poll_wqueues,
			      polling_task);
	push(reach, waiter, task, 1);
	return true;
}

/* Since v6.13, a request has the task in a struct of the task's own. */
static uint64_t task_of_request(struct reach *reach, uint64_t request)
{
	const struct layout *l = &reach->layout;
	uint64_t tctx;

	if (HAS(l, io_kiocb, task))
		return FOLLOW(reach, request, io_kiocb, task);
	if (!HAS(l, io_kiocb, tctx) || !HAS(l, io_uring_task, task))
		return 0;
	tctx = FOLLOW(reach, request, io_kiocb, tctx);
	return FOLLOW(reach, tctx, io_uring_task, task);
}

/* A poll request of an io_uring. It does not keep a file of the ring's table.
 */
static bool take_request(struct reach *reach, const struct waiter *waiter)
{
	const struct layout *l = &reach->layout;
	const uint64_t request = waiter->private & ~3ULL;
	bool of_table;

	if (!request || !HAS(l, io_kiocb, file) || !HAS(l, io_kiocb, flags) ||
	    FOLLOW(reach, request, io_kiocb, file) != waiter->file)
		return false;
	of_table =
		memory_u32(reach->memory, request + AT(l, io_kiocb, flags)) & 1;
	push(reach, waiter, task_of_request(reach, request), !of_table);
	return true;
}

static const enum kernel_field aio_needs[] = {
	FIELD_aio_kiocb_ki_ctx,
	FIELD_kioctx_aio_ring_file,
	FIELD_kioctx_id,
	FIELD_kioctx_table_table,
	FIELD_file_f_mapping,
	FIELD_address_space_i_mmap,
	FIELD_rb_root_cached_rb_root,
	FIELD_rb_root_rb_node,
	FIELD_vm_area_struct_shared,
	FIELD_vm_area_struct_vm_mm,
	FIELD_mm_struct_ioctx_table,
	FIELD_mm_struct_owner,
	FIELDS,
};

/*
 * A context of aio does not know its process, but maps its ring there. A child
 * inherits this mapping without the context.
 */
static uint64_t task_of_context(struct reach *reach, uint64_t context)
{
	uint64_t at, mm, id;

	at = FOLLOW(reach, context, kioctx, aio_ring_file);
	at = FOLLOW(reach, at, file, f_mapping);
	at = reach_follow(reach, at,
			  OFFSET(reach, address_space, i_mmap) +
				  OFFSET(reach, rb_root_cached, rb_root) +
				  OFFSET(reach, rb_root, rb_node));
	mm = reach_follow(reach, at,
			  OFFSET(reach, vm_area_struct, vm_mm) -
				  OFFSET(reach, vm_area_struct, shared));
	id = memory_u32(reach->memory, context + OFFSET(reach, kioctx, id));
	at = FOLLOW(reach, mm, mm_struct, ioctx_table);
	if (reach_follow(reach, at,
			 OFFSET(reach, kioctx_table, table) +
				 id * sizeof(at)) != context)
		return 0;
	return FOLLOW(reach, mm, mm_struct, owner);
}

/* A poll request of aio, whose struct begins with the one of the entry. */
static bool take_aio(struct reach *reach, const struct waiter *waiter)
{
	uint64_t context, task = 0;

	if (waiter->private)
		return false;
	if (layout_has(&reach->layout, aio_needs)) {
		context = FOLLOW(reach, waiter->object, aio_kiocb, ki_ctx);
		task = context ? task_of_context(reach, context) : 0;
	}
	push(reach, waiter, task, 1);
	return true;
}

/*
 * The structs that have an entry. Requests of aio and io_urings may have the
 * same layout; only the latter set the private data.
 */
static const struct shape {
	enum kernel_field entry, file, queue;
	bool (*take)(struct reach *reach, const struct waiter *waiter);
} shapes[] = {
#define SHAPE(type, file, queue, take)                                         \
	{                                                                      \
		FIELD_##type##_wait, FIELD_##type##_##file,                    \
			FIELD_##type##_##queue, take                           \
	}
	SHAPE(poll_table_entry, filp, wait_address, take_thread),
	SHAPE(io_poll, file, head, take_request),
	SHAPE(io_poll_iocb, file, head, take_request),
	SHAPE(poll_iocb, file, head, take_aio),
#undef SHAPE
};

/* The entries of one queue, and one pointer for each. */
struct queue {
	uint64_t buffer, file, address;
	struct vec entries, privates, files, queues;
};

static void queue_fini(struct queue *queue)
{
	vec_fini(&queue->entries);
	vec_fini(&queue->privates);
	vec_fini(&queue->files);
	vec_fini(&queue->queues);
}

/* Takes the entries that are in a struct of this shape, and clears them. */
static void take_shape(struct reach *reach, struct queue *queue,
		       const struct shape *shape)
{
	const uint32_t *at = reach->layout.at;
	const int32_t entry = at[shape->entry];
	const uint64_t *files, *queues, *privates;
	uint64_t *entries = queue->entries.data;
	struct waiter waiter = { .buffer = queue->buffer, .file = queue->file };
	size_t i;

	files = reach_gather(reach, &queue->entries, at[shape->file] - entry,
			     &queue->files);
	queues = reach_gather(reach, &queue->entries, at[shape->queue] - entry,
			      &queue->queues);
	privates = reach_gather(reach, &queue->entries,
				OFFSET(reach, wait_queue_entry, private),
				&queue->privates);
	for (i = 0; i < queue->entries.n && !reach->error; i++) {
		if (!entries[i] || files[i] != queue->file ||
		    queues[i] != queue->address)
			continue;
		waiter.object = entries[i] - entry;
		waiter.private = privates[i];
		if (shape->take(reach, &waiter))
			entries[i] = 0;
	}
}

static bool has_shape(const struct layout *l, const struct shape *shape)
{
	return l->at[shape->entry] != LAYOUT_NONE &&
	       l->at[shape->file] != LAYOUT_NONE &&
	       l->at[shape->queue] != LAYOUT_NONE;
}

/* The callback that the kernel has at a fence, for any number of waiters. */
static void take_callback(struct reach *reach, const struct keeper *keeper,
			  uint32_t callback)
{
	const struct waiter waiter = { .buffer = keeper->object,
				       .object = keeper->object + callback };

	if (memory_u32(reach->memory,
		       waiter.object +
			       OFFSET(reach, dma_buf_poll_cb_t, active)))
		push(reach, &waiter, 0, 1);
}

/* Before v5.15, callbacks have other names and keep nothing. */
static bool has_callbacks(const struct layout *l)
{
	return HAS(l, dma_buf, cb_in) && HAS(l, dma_buf, cb_out);
}

void waiters_read(struct reach *reach, const struct keeper *keeper)
{
	const struct layout *l = &reach->layout;
	_cleanup_(queue_fini) struct queue queue = {
		.buffer = keeper->object,
		.file = FOLLOW(reach, keeper->object, dma_buf, file),
		.address = keeper->object + AT(l, dma_buf, poll),
		.entries = VEC_OF(uint64_t),
		.privates = VEC_OF(uint64_t),
		.files = VEC_OF(uint64_t),
		.queues = VEC_OF(uint64_t),
	};
	uint64_t *entry;
	size_t i;

	if (has_callbacks(l)) {
		take_callback(reach, keeper, AT(l, dma_buf, cb_in));
		take_callback(reach, keeper, AT(l, dma_buf, cb_out));
	}
	reach_end(reach, keeper,
		  memory_list(reach->memory,
			      queue.address + AT(l, wait_queue_head, head),
			      WAITERS_MAX, &queue.entries));
	/* A torn queue may lead to an entry again. */
	for (i = 0; i < queue.entries.n; i++) {
		entry = vec_at(&queue.entries, i);
		*entry = reach_is_new(reach, *entry)
				 ? *entry - AT(l, wait_queue_entry, entry)
				 : 0;
	}
	for (i = 0; i < ARRAY_SIZE(shapes) && queue.entries.n; i++)
		if (has_shape(l, &shapes[i]))
			take_shape(reach, &queue, &shapes[i]);
}

/* Most buffers have no waiters: these are told by few reads for all. */
static void find_busy(struct reach *reach, const struct vec *buffers)
{
	const struct layout *l = &reach->layout;
	const uint32_t head =
		AT(l, dma_buf, poll) + AT(l, wait_queue_head, head);
	const uint32_t active = AT(l, dma_buf_poll_cb_t, active);
	_cleanup_(vec_fini) struct vec nexts = VEC_OF(uint64_t),
				       in = VEC_OF(uint32_t),
				       out = VEC_OF(uint32_t);
	struct keeper keeper = { .kind = KEEPER_BUFFER };
	const uint64_t *buffer = buffers->data, *next;
	size_t i;

	next = reach_queue(reach, buffers, head, &nexts);
	if (has_callbacks(l)) {
		reach_queue(reach, buffers, AT(l, dma_buf, cb_in) + active,
			    &in);
		reach_queue(reach, buffers, AT(l, dma_buf, cb_out) + active,
			    &out);
	}
	memory_run(reach->memory);
	for (i = 0; i < buffers->n && !reach->error; i++) {
		keeper.object = buffer[i];
		if ((next[i] && next[i] != buffer[i] + head) ||
		    (in.n && ((uint32_t *)in.data)[i]) ||
		    (out.n && ((uint32_t *)out.data)[i]))
			reach_push(reach, &reach->keepers, &keeper);
	}
}

void waiters_find(struct reach *reach, const struct vec *buffers)
{
	if (layout_has(&reach->layout, waiters_needs))
		find_busy(reach, buffers);
	else
		reach->missing |= 1U << KEEPER_BUFFER;
}
