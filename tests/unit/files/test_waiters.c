// SPDX-License-Identifier: GPL-2.0-or-later
/* What waits for fences: each kind of waiter, and damaged queues. */
#include "tests/unit/files/kernel.h"

#include "files/waiters.h"
#include "util/cleanup.h"

static uint64_t queue_of(struct reach *reach, uint64_t buffer)
{
	return buffer + OFFSET(reach, dma_buf, poll);
}

/* Adds the entry at @entry to the queue of a buffer. */
static void wait_with(struct reach *reach, uint64_t buffer, uint64_t entry,
		      uint64_t private)
{
	PUT(reach, entry, wait_queue_entry, private, private);
	kernel_list_add(queue_of(reach, buffer) +
				OFFSET(reach, wait_queue_head, head),
			entry + OFFSET(reach, wait_queue_entry, entry));
}

/* Makes a process with this number. */
static uint64_t make_task(struct reach *reach, uint32_t number, uint64_t ns)
{
	const uint64_t task = kernel_object(), signal = kernel_object(),
		       pid = kernel_object();

	PUT(reach, task, task_struct, signal, signal);
	PUT(reach, task, task_struct, group_leader, task);
	PUT(reach, task, task_struct, thread_pid, pid);
	memcpy((char *)(uintptr_t)task + OFFSET(reach, task_struct, comm),
	       "waiter", 7);
	kernel_put(signal, OFFSET(reach, signal_struct, pids) + 8, pid);
	kernel_put32(pid, OFFSET(reach, pid, numbers) + OFFSET(reach, upid, nr),
		     number);
	kernel_put(pid, OFFSET(reach, pid, numbers) + OFFSET(reach, upid, ns),
		   ns);
	return task;
}

static void search(struct reach *reach, uint64_t buffer)
{
	_cleanup_(vec_fini) struct vec buffers = VEC_OF(uint64_t);

	assert_return_code(vec_push(&buffers, &buffer), 0);
	waiters_find(reach, &buffers);
	reach_all(reach);
	assert_int_equal(reach->error, 0);
}

static const struct dmabuf_rec_ref *found(struct reach *reach, uint64_t buffer)
{
	return kernel_ref(reach, buffer, DMABUF_REC_REF_WAITER);
}

static uint64_t poll_with(struct reach *reach, uint64_t buffer, uint64_t task)
{
	const uint64_t entry = kernel_object(), thread = kernel_object();

	PUT(reach, thread, poll_wqueues, polling_task, task);
	PUT(reach, entry, poll_table_entry, filp,
	    kernel_file_of(reach, buffer));
	PUT(reach, entry, poll_table_entry, wait_address,
	    queue_of(reach, buffer));
	wait_with(reach, buffer, entry + OFFSET(reach, poll_table_entry, wait),
		  thread);
	return entry;
}

static void test_thread(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ns = kernel_object();
	uint64_t entry;

	kernel_reader = make_task(reach, 1, ns);
	entry = poll_with(reach, buffer, make_task(reach, 77, ns));
	search(reach, buffer);
	assert_int_equal(found(reach, buffer)->pid, 77);
	assert_string_equal(found(reach, buffer)->comm, "waiter");
	assert_int_equal(found(reach, buffer)->refs, 1);
	assert_int_equal(found(reach, buffer)->table, entry);
}

/* A task outside of the reader's namespace has no number there. */
static void test_other_namespace(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	kernel_reader = make_task(reach, 1, kernel_object());
	poll_with(reach, buffer, make_task(reach, 77, kernel_object()));
	search(reach, buffer);
	assert_int_equal(found(reach, buffer)->pid, 0);
	assert_string_equal(found(reach, buffer)->comm, "");
}

/* @of_table: the file is one of the ring's. */
static void ring_waits(struct reach *reach, uint64_t buffer, uint64_t task,
		       bool of_table)
{
	const uint64_t poll = kernel_object(), request = kernel_object();

	PUT(reach, poll, io_poll, file, kernel_file_of(reach, buffer));
	PUT(reach, poll, io_poll, head, queue_of(reach, buffer));
	PUT(reach, request, io_kiocb, file, kernel_file_of(reach, buffer));
	PUT(reach, request, io_kiocb, task, task);
	kernel_put32(request, OFFSET(reach, io_kiocb, flags), of_table);
	wait_with(reach, buffer, poll + OFFSET(reach, io_poll, wait),
		  request | 1);
}

static void test_io_uring(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ns = kernel_object();

	kernel_reader = make_task(reach, 1, ns);
	ring_waits(reach, buffer, make_task(reach, 5, ns), false);
	search(reach, buffer);
	assert_int_equal(found(reach, buffer)->pid, 5);
	assert_int_equal(found(reach, buffer)->refs, 1);
}

static void test_io_uring_table(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	ring_waits(reach, buffer, 0, true);
	search(reach, buffer);
	assert_int_equal(found(reach, buffer)->refs, 0);
}

/* Both structs have the same layout in some kernels. */
static void test_aio(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), poll = kernel_object();

	PUT(reach, poll, poll_iocb, file, kernel_file_of(reach, buffer));
	PUT(reach, poll, poll_iocb, head, queue_of(reach, buffer));
	wait_with(reach, buffer, poll + OFFSET(reach, poll_iocb, wait), 0);
	AT(&reach->layout, io_poll, file) = AT(&reach->layout, poll_iocb, file);
	AT(&reach->layout, io_poll, head) = AT(&reach->layout, poll_iocb, head);
	AT(&reach->layout, io_poll, wait) = AT(&reach->layout, poll_iocb, wait);
	search(reach, buffer);
	assert_int_equal(found(reach, buffer)->refs, 1);
	assert_int_equal(found(reach, buffer)->table, poll);
}

/* An entry of epoll has no pointer to the file, and keeps nothing. */
static void test_epoll(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), item = kernel_object();

	wait_with(reach, buffer, item + 16, 0);
	search(reach, buffer);
	assert_int_equal(reach->refs.n, 0);
}

static void test_callbacks(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);
	const struct dmabuf_rec_ref *ref;

	kernel_put32(buffer,
		     OFFSET(reach, dma_buf, cb_in) +
			     OFFSET(reach, dma_buf_poll_cb_t, active),
		     1);
	kernel_put32(buffer,
		     OFFSET(reach, dma_buf, cb_out) +
			     OFFSET(reach, dma_buf_poll_cb_t, active),
		     4);
	search(reach, buffer);
	assert_int_equal(
		kernel_refs(reach, buffer, DMABUF_REC_REF_WAITER, &ref), 2);
}

/* v5.10: callbacks have other names, and keep nothing. */
static void test_old_callbacks(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	kernel_put32(buffer,
		     OFFSET(reach, dma_buf, cb_in) +
			     OFFSET(reach, dma_buf_poll_cb_t, active),
		     1);
	AT(&reach->layout, dma_buf, cb_in) = LAYOUT_NONE;
	search(reach, buffer);
	assert_int_equal(reach->refs.n, 0);
	assert_int_equal(reach->missing, 0);
}

/* The queue ends in memory that cannot be read. */
static void test_torn(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);
	const uint64_t entry = poll_with(reach, buffer, 0) +
			       OFFSET(reach, poll_table_entry, wait) +
			       OFFSET(reach, wait_queue_entry, entry);

	kernel_put(entry, 0, 0xdead000000000100);
	search(reach, buffer);
	assert_int_equal(reach->torn, 1U << KEEPER_BUFFER);
	assert_int_equal(found(reach, buffer)->refs, 1);
}

/* An entry leads back to itself: it was removed. */
static void test_cycle(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);
	const uint64_t entry = poll_with(reach, buffer, 0) +
			       OFFSET(reach, poll_table_entry, wait) +
			       OFFSET(reach, wait_queue_entry, entry);
	const struct dmabuf_rec_ref *ref;

	kernel_put(entry, 0, entry);
	search(reach, buffer);
	assert_int_equal(reach->torn, 1U << KEEPER_BUFFER);
	assert_int_equal(
		kernel_refs(reach, buffer, DMABUF_REC_REF_WAITER, &ref), 1);
}

static void test_no_types(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach);

	AT(&reach->layout, wait_queue_entry, private) = LAYOUT_NONE;
	search(reach, buffer);
	assert_int_equal(reach->missing, 1U << KEEPER_BUFFER);
}

/* A buffer that nothing waits for costs a read for each of its three words. */
static void test_idle(void **state)
{
	struct reach *reach = *state;

	search(reach, kernel_buffer(reach));
	assert_int_equal(reach->refs.n, 0);
	assert_in_range(kernel_reads, 1, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_thread),    KERNEL_TEST(test_other_namespace),
		KERNEL_TEST(test_io_uring),  KERNEL_TEST(test_io_uring_table),
		KERNEL_TEST(test_aio),	     KERNEL_TEST(test_epoll),
		KERNEL_TEST(test_callbacks), KERNEL_TEST(test_old_callbacks),
		KERNEL_TEST(test_torn),	     KERNEL_TEST(test_cycle),
		KERNEL_TEST(test_no_types),  KERNEL_TEST(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
