// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffers that only files opened with O_PATH keep. */
#include <sys/stat.h>

#include "files/released.h"
#include "tests/unit/files/kernel.h"

enum { POISON = 0x100, INO = 44, SIZE = 8192 };

#define DELTA 0xdead000000000000

/* Makes a file of a buffer that was opened with O_PATH. */
static uint64_t make_path(struct reach *reach, uint64_t buffer)
{
	const uint64_t file = kernel_file(reach, S_IFREG, 0, 0),
		       dentry = kernel_object(), inode = kernel_object();

	kernel_put(file,
		   OFFSET(reach, file, f_path) + OFFSET(reach, path, dentry),
		   dentry);
	PUT(reach, dentry, dentry, d_fsdata, buffer);
	PUT(reach, dentry, dentry, d_inode, inode);
	PUT(reach, inode, inode, i_ino, INO);
	return file;
}

static uint64_t make_text(const char *text)
{
	const uint64_t object = kernel_object();

	strcpy((char *)(uintptr_t)object, text);
	return object;
}

/* The same, with other memory behind the text. */
static uint64_t make_text_before(const char *text, const char *other)
{
	const uint64_t object = make_text(text);

	strcpy((char *)(uintptr_t)object + strlen(text) + 1, other);
	return object;
}

/* Makes a buffer that has left the list, whose file is gone. */
static uint64_t make_released(struct reach *reach)
{
	const uint64_t buffer = kernel_buffer(reach);

	PUT(reach, buffer, dma_buf, file, 0xdead);
	PUT(reach, buffer, dma_buf, list_node, DELTA + POISON);
	PUT(reach, buffer, dma_buf, size, SIZE);
	PUT(reach, buffer, dma_buf, exp_name, make_text("system"));
	PUT(reach, buffer, dma_buf, name, make_text_before("frame", "secret"));
	return buffer;
}

static void add(struct reach *reach, uint64_t file, uint64_t fd)
{
	const struct dmabuf_rec_ref path = {
		.head = { DMABUF_REC_REF, sizeof(path) },
		.key = file,
		.place = fd,
		.type = DMABUF_REC_REF_PATH,
		.pid = 7,
	};

	reach_push(reach, &reach->paths, &path);
}

static void test_released(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct vec *buffers = &snapshot->released;
	struct reach *reach = *state;
	const uint64_t released = make_released(reach),
		       listed = make_released(reach);
	const struct buffer *rec;
	const struct dmabuf_rec_ref *ref;

	kernel_list(listed + OFFSET(reach, dma_buf, list_node));
	add(reach, make_path(reach, listed), 3);
	add(reach, make_path(reach, released), 4);
	/* A directory entry that nothing is left of. */
	add(reach, make_path(reach, 0), 5);
	add(reach, 0x1234, 6);
	released_find(reach, snapshot);
	assert_int_equal(reach->error, 0);
	assert_int_equal(reach->paths.n, 0);
	assert_int_equal(reach->refs.n, 1);
	ref = kernel_ref(reach, released, DMABUF_REC_REF_PATH);
	assert_true(ref->ino == INO && ref->place == 4 && ref->pid == 7);
	assert_int_equal(ref->refs, 0);
	assert_int_equal(buffers->n, 1);
	rec = vec_at(buffers, 0);
	assert_true(is_released(rec));
	assert_true(rec->key == released && rec->ino == INO);
	assert_true(rec->bytes == SIZE && rec->refs == 0);
	assert_string_equal(rec->exporter, "system");
	assert_string_equal(rec->name, "frame");
	assert_false(rec->have & DMABUF_HAVE_ATTACHMENTS);
	dmabuf_snapshot_free(snapshot);
}

/* No name is a name; one that cannot be read is not known. */
static void test_names(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct vec *buffers = &snapshot->released;
	struct reach *reach = *state;
	const uint64_t without = make_released(reach),
		       torn = make_released(reach);
	const struct buffer *rec;

	PUT(reach, without, dma_buf, name, 0);
	PUT(reach, torn, dma_buf, name, 0x1234);
	PUT(reach, torn, dma_buf, exp_name, 0x1234);
	add(reach, make_path(reach, without), 3);
	add(reach, make_path(reach, torn), 4);
	released_find(reach, snapshot);
	assert_int_equal(buffers->n, 2);
	rec = vec_at(buffers, 0);
	assert_true(rec->have & DMABUF_HAVE_NAME && !rec->name[0]);
	assert_true(rec->have & DMABUF_HAVE_EXPORTER);
	rec = vec_at(buffers, 1);
	assert_false(rec->have & (DMABUF_HAVE_NAME | DMABUF_HAVE_EXPORTER));
	assert_true(rec->have & DMABUF_HAVE_SIZE);
	dmabuf_snapshot_free(snapshot);
}

/* One in a message is no reference, but a path that is to be looked at. */
static void test_in_message(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct vec *buffers = &snapshot->released;
	struct reach *reach = *state;
	const struct slot slot = { .type = DMABUF_REC_REF_MESSAGE, .refs = 1 };
	const struct keeper keeper = { .kind = KEEPER_SOCKET, .number = 0 };
	const uint64_t released = make_released(reach),
		       file = make_path(reach, released);
	const uint64_t inode = memory_u64(reach->memory,
					  file + OFFSET(reach, file, f_inode)),
		       super = kernel_object();

	PUT(reach, inode, inode, i_sb, super);
	PUT(reach, super, super_block, s_magic, 0x444d4142);
	kernel_root(reach, kernel_file(reach, S_IFREG, 0, 0), 7);
	reach_file(reach, &keeper, file, &slot);
	reach_all(reach);
	assert_int_equal(reach->refs.n, 0);
	assert_int_equal(reach->paths.n, 1);
	released_find(reach, snapshot);
	assert_int_equal(buffers->n, 1);
	assert_int_equal(
		kernel_ref(reach, released, DMABUF_REC_REF_MESSAGE)->refs, 0);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_released),
		KERNEL_TEST(test_names),
		KERNEL_TEST(test_in_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
