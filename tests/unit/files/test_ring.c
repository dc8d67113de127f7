// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that are registered with an io_uring, and files that its requests wait
 * for, in all layouts of kernels.
 */
#include "tests/unit/files/kernel.h"

#include "files/links.h"

enum { ANON_INODE_FS = 0x09041934 };

/* Makes a ring, and its file with the name that tells what it is. */
static uint64_t make_ring(struct reach *reach)
{
	const uint64_t ring = kernel_object(), super = kernel_object(),
		       dentry = kernel_object(), name = kernel_object(),
		       file = kernel_file(reach, 0, 0, ring);
	const uint64_t inode =
		memory_u64(reach->memory, file + OFFSET(reach, file, f_inode));

	PUT(reach, inode, inode, i_sb, super);
	PUT(reach, super, super_block, s_magic, ANON_INODE_FS);
	kernel_put(file,
		   OFFSET(reach, file, f_path) + OFFSET(reach, path, dentry),
		   dentry);
	kernel_put(dentry,
		   OFFSET(reach, dentry, d_name) + OFFSET(reach, qstr, name),
		   name);
	memcpy((char *)(uintptr_t)name, "[io_uring]", 11);
	kernel_root(reach, file, 3);
	return ring;
}

static uint32_t data_at(struct reach *reach)
{
	return OFFSET(reach, io_ring_ctx, file_table) +
	       OFFSET(reach, io_file_table, data);
}

/* Makes the table of nodes: @n slots, the first two of which are there. */
static uint64_t make_nodes(struct reach *reach, uint64_t ring, uint32_t n)
{
	const uint64_t nodes = kernel_object_of(2 * sizeof(uint64_t));

	kernel_put32(ring, data_at(reach) + OFFSET(reach, io_rsrc_data, nr), n);
	kernel_put(ring, data_at(reach) + OFFSET(reach, io_rsrc_data, nodes),
		   nodes);
	return nodes;
}

static uint64_t node_of(struct reach *reach, uint64_t buffer)
{
	const uint64_t node = kernel_object();

	PUT(reach, node, io_rsrc_node, file_ptr,
	    kernel_file_of(reach, buffer) | 3);
	return node;
}

static void search(struct reach *reach)
{
	reach_all(reach);
	assert_int_equal(reach->error, 0);
}

static void test_nodes(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach);

	kernel_put(make_nodes(reach, ring, 2), 8, node_of(reach, buffer));
	search(reach);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_IO_URING)->place, 1);
}

/* A table that cannot be read has no files. */
static void test_too_long(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach);

	kernel_put(make_nodes(reach, ring, UINT32_MAX), 0,
		   node_of(reach, buffer));
	search(reach);
	assert_int_equal(reach->cut, 1U << KEEPER_RING);
	assert_int_equal(reach->refs.n, 0);
}

static void test_array(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach),
		       files = kernel_object_of(2 * sizeof(uint64_t));

	AT(&reach->layout, io_file_table, data) = LAYOUT_NONE;
	kernel_put32(ring, OFFSET(reach, io_ring_ctx, nr_user_files), 2);
	kernel_put(ring,
		   OFFSET(reach, io_ring_ctx, file_table) +
			   OFFSET(reach, io_file_table, files),
		   files);
	kernel_put(files, 8, kernel_file_of(reach, buffer) | 1);
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_IO_URING);
}

/* A ring that processes have twice, and that is in its own table. */
static void test_once(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach),
		       nodes = make_nodes(reach, ring, 2),
		       again = kernel_object();
	const struct dmabuf_rec_ref *root = vec_at(&reach->roots, 0);

	PUT(reach, again, io_rsrc_node, file_ptr, root->key);
	kernel_put(nodes, 0, again);
	kernel_put(nodes, 8, node_of(reach, buffer));
	kernel_root(reach, root->key, 4);
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_IO_URING);
}

/* Makes a ring that no process has, with a buffer. Return: the ring's file. */
static uint64_t make_lost_ring(struct reach *reach, uint64_t buffer)
{
	const uint64_t ring = make_ring(reach);
	const struct dmabuf_rec_ref *root =
		vec_at(&reach->roots, --reach->roots.n);

	kernel_put(make_nodes(reach, ring, 2), 0, node_of(reach, buffer));
	return root->key;
}

/* Makes a request that waits for a file. Return: the address of its node. */
static uint64_t make_request(struct reach *reach, uint64_t file, uint64_t next)
{
	const uint64_t request = kernel_object(),
		       node = request + OFFSET(reach, io_kiocb, hash_node);

	PUT(reach, request, io_kiocb, file, file);
	kernel_put(node, OFFSET(reach, hlist_node, next), next);
	return node;
}

/* Gives a ring a table with buckets. Return: address of the second one. */
static uint64_t make_table(struct reach *reach, uint64_t ring,
			   enum kernel_field member, uint32_t bits)
{
	const uint64_t table = ring + reach->layout.at[member],
		       buckets = kernel_object();

	kernel_put32(table, OFFSET(reach, io_hash_table, hash_bits), bits);
	kernel_put(table, OFFSET(reach, io_hash_table, hbs), buckets);
	return buckets + OFFSET(reach, io_hash_bucket, SIZE) +
	       OFFSET(reach, io_hash_bucket, list);
}

/* The second request of a bucket waits for the file of the lost ring. */
static void find_request(struct reach *reach, enum kernel_field member)
{
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach),
		       lost = make_lost_ring(reach, buffer);
	const struct dmabuf_rec_ref *ref;
	const struct link *link;

	kernel_put(make_table(reach, ring, member, 1), 0,
		   make_request(reach, 0, make_request(reach, lost, 0)));
	search(reach);
	ref = kernel_ref(reach, buffer, DMABUF_REC_REF_IO_URING);
	assert_int_equal(ref->pid, 3);
	link = vec_at(&reach->links, ref->keeper - 1);
	assert_int_equal(link->rec.by, DMABUF_REC_BY_REQUEST);
	assert_int_equal(reach->torn | reach->cut | reach->missing, 0);
}

static void test_request(void **state)
{
	find_request(*state, FIELD_io_ring_ctx_cancel_table);
}

static void test_locked_request(void **state)
{
	find_request(*state, FIELD_io_ring_ctx_cancel_table_locked);
}

/* Before v6.0 the buckets are the lists. */
static void test_old_request(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach),
		       lists = kernel_object_of(2 * sizeof(uint64_t));

	AT(&reach->layout, io_hash_table, hbs) = LAYOUT_NONE;
	PUT(reach, ring, io_ring_ctx, cancel_hash, lists);
	kernel_put32(ring, OFFSET(reach, io_ring_ctx, cancel_hash_bits), 1);
	kernel_put(lists, 8,
		   make_request(reach, make_lost_ring(reach, buffer), 0));
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_IO_URING);
}

/* A wait for a buffer is found from the buffer, and counted there. */
static void test_request_of_buffer(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach);

	kernel_put(make_table(reach, ring, FIELD_io_ring_ctx_cancel_table, 1),
		   0, make_request(reach, kernel_file_of(reach, buffer), 0));
	search(reach);
	assert_int_equal(reach->refs.n, 0);
}

/* A request that was moved meanwhile leads back to itself. */
static void test_cycle_of_requests(void **state)
{
	struct reach *reach = *state;
	const uint64_t buffer = kernel_buffer(reach), ring = make_ring(reach),
		       request = make_request(reach,
					      make_lost_ring(reach, buffer), 0);

	kernel_put(request, OFFSET(reach, hlist_node, next), request);
	kernel_put(make_table(reach, ring, FIELD_io_ring_ctx_cancel_table, 1),
		   0, request);
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_IO_URING);
	assert_in_range(kernel_reads, 1, 200);
}

/* A ring that was freed meanwhile. */
static void test_torn_requests(void **state)
{
	struct reach *reach = *state;

	make_table(reach, make_ring(reach), FIELD_io_ring_ctx_cancel_table,
		   0xdead);
	search(reach);
	assert_int_equal(reach->torn, 1U << KEEPER_RING);
}

static void test_no_types_of_requests(void **state)
{
	struct reach *reach = *state;

	make_ring(reach);
	AT(&reach->layout, io_hash_table, hbs) = LAYOUT_NONE;
	AT(&reach->layout, io_ring_ctx, cancel_hash) = LAYOUT_NONE;
	search(reach);
	assert_int_equal(reach->missing, 1U << KEEPER_RING);
}

static void test_no_types(void **state)
{
	struct reach *reach = *state;

	make_ring(reach);
	AT(&reach->layout, io_file_table, data) = LAYOUT_NONE;
	AT(&reach->layout, io_file_table, files) = LAYOUT_NONE;
	search(reach);
	assert_int_equal(reach->missing, 1U << KEEPER_RING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_nodes),
		KERNEL_TEST(test_too_long),
		KERNEL_TEST(test_array),
		KERNEL_TEST(test_once),
		KERNEL_TEST(test_no_types),
		KERNEL_TEST(test_request),
		KERNEL_TEST(test_locked_request),
		KERNEL_TEST(test_old_request),
		KERNEL_TEST(test_request_of_buffer),
		KERNEL_TEST(test_cycle_of_requests),
		KERNEL_TEST(test_torn_requests),
		KERNEL_TEST(test_no_types_of_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
