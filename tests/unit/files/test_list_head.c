// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/any_buffer.h"
#include "collect/list_head.h"
#include "tests/unit/files/kernel.h"
#include "util/array.h"

int __wrap_any_buffer_open(struct dmabuf_ctx *ctx);
int __wrap_layout_read(struct dmabuf_ctx *ctx, struct layout *ret);

enum { BYTES = 8192 };

static struct reach *kernel;
static int buffer_fd;
static uint64_t head, fops, buffers[200];

/* The buffer that the program opens is the first. */
int __wrap_any_buffer_open(struct dmabuf_ctx *ctx)
{
	(void)ctx;
	return dup(buffer_fd);
}

int __wrap_layout_read(struct dmabuf_ctx *ctx, struct layout *ret)
{
	(void)ctx;
	*ret = kernel->layout;
	return 0;
}

static uint64_t node_of(uint64_t buffer)
{
	return buffer + OFFSET(kernel, dma_buf, list_node);
}

static uint64_t file_of(uint64_t buffer)
{
	return kernel_file_of(kernel, buffer);
}

/* The kernel adds buffers at the front. */
static void add_front(uint64_t node)
{
	const uint64_t next = memory_u64(kernel->memory, head);

	kernel_put(node, 0, next);
	kernel_put(node, 8, head);
	kernel_put(next, 8, node);
	kernel_put(head, 0, node);
}

static void remove_node(uint64_t node)
{
	const uint64_t next = memory_u64(kernel->memory, node),
		       prev = memory_u64(kernel->memory, node + 8);

	kernel_put(next, 8, prev);
	kernel_put(prev, 0, next);
}

/* Makes our task with a descriptor of the first buffer. */
static void make_task(int fd)
{
	const uint64_t files = kernel_object(), table = kernel_object(),
		       slots = kernel_object();
	struct stat st;

	kernel_reader = kernel_object();
	PUT(kernel, kernel_reader, task_struct, files, files);
	PUT(kernel, files, files_struct, fdt, table);
	PUT(kernel, table, fdtable, fd, slots);
	kernel_put(slots, fd * sizeof(slots), file_of(buffers[0]));
	assert_return_code(fstat(buffer_fd, &st), errno);
	PUT(kernel, buffers[0], dma_buf, size, BYTES);
	PUT(kernel,
	    memory_u64(kernel->memory,
		       file_of(buffers[0]) + OFFSET(kernel, file, f_inode)),
	    inode, i_ino, st.st_ino);
}

static int setup(void **state)
{
	size_t i;

	kernel_setup(state);
	kernel = *state;
	head = kernel_object();
	fops = kernel_object();
	kernel_list(head);
	for (i = 0; i < ARRAY_SIZE(buffers); i++) {
		buffers[i] = kernel_buffer(kernel);
		PUT(kernel, file_of(buffers[i]), file, f_op, fops);
		add_front(node_of(buffers[i]));
	}
	buffer_fd = memfd_create("buffer", MFD_CLOEXEC);
	assert_return_code(ftruncate(buffer_fd, BYTES), errno);
	return 0;
}

static int teardown(void **state)
{
	close(buffer_fd);
	return kernel_teardown(state);
}

/* Calls list_head_find(). The descriptor that it opens is the next one. */
static int find(struct list_place *ret)
{
	const int fd = dup(buffer_fd);
	struct dmabuf_ctx ctx = {};

	close(fd);
	make_task(fd);
	return list_head_find(&ctx, ret);
}

static void finds_head(void)
{
	struct list_place place = {};

	assert_int_equal(find(&place), 0);
	assert_int_equal(place.head, head);
	assert_int_equal(place.fops, fops);
}

static void test_head(void **state)
{
	(void)state;
	finds_head();
}

/* The memory of a buffer next to ours is used for something else. */
static void free_last(uint64_t address)
{
	static const size_t last = ARRAY_SIZE(buffers) - 1;

	if (address != node_of(buffers[last]))
		return;
	kernel_after_read = NULL;
	remove_node(node_of(buffers[last]));
	PUT(kernel, buffers[last], dma_buf, file, 0);
}

static void test_freed(void **state)
{
	(void)state;
	kernel_after_read = free_last;
	finds_head();
	assert_null(kernel_after_read);
}

/* An entry that is no buffer, but to which its neighbors do not point. */
static void test_unlinked(void **state)
{
	const uint64_t node = kernel_object();
	struct list_place place = {};

	(void)state;
	kernel_put(node, 0, node_of(buffers[0]));
	kernel_put(node, 8, head);
	kernel_put(node_of(buffers[0]), 8, node);
	kernel_put(head, 0, node_of(buffers[0]));
	assert_int_equal(find(&place), -EAGAIN);
	assert_int_equal(place.head, 0);
}

/* The kernel's image is elsewhere: what is no buffer is freed memory. */
static void test_not_in_image(void **state)
{
	const uint64_t far = fops + (1ULL << 40);
	struct list_place place = {};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(buffers); i++)
		PUT(kernel, file_of(buffers[i]), file, f_op, far);
	assert_int_equal(find(&place), -EAGAIN);
	assert_int_equal(place.head, 0);
}

/* The types are of another kernel: the size is not where they say. */
static void test_other_types(void **state)
{
	const struct list_place none = {};
	struct list_place place = {};

	(void)state;
	assert_return_code(ftruncate(buffer_fd, BYTES + 1), errno);
	assert_int_equal(find(&place), -EOPNOTSUPP);
	assert_memory_equal(&place, &none, sizeof(place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_head, setup, teardown),
		cmocka_unit_test_setup_teardown(test_freed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unlinked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_in_image, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_other_types, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
