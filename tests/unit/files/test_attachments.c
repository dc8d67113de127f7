// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices that are attached to buffers. */
#include "files/attachments.h"
#include "tests/unit/files/kernel.h"
#include "util/cleanup.h"

enum { INO = 44, MOST = 256, PAGE = 4096 };

#define SNAPSHOT                                                               \
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot =         \
		snapshot_new()

static struct reach *reach;
/* What the kernel does between two reads. */
static uint64_t watched, changed, attached_then;
static int changes_left;

static uint64_t make_text(const char *text)
{
	const uint64_t object = kernel_object();

	strcpy((char *)(uintptr_t)object, text);
	return object;
}

/* Makes a buffer, with a record that lacks the attachments. */
static uint64_t add_buffer(struct dmabuf_snapshot *snapshot, uint32_t have)
{
	const uint64_t buffer = kernel_buffer(reach), inode = kernel_object();
	const struct buffer rec = {
		.key = buffer,
		.ino = INO,
		.have = have,
	};

	PUT(reach, kernel_file_of(reach, buffer), file, f_inode, inode);
	PUT(reach, inode, inode, i_ino, INO);
	kernel_list(buffer + OFFSET(reach, dma_buf, attachments));
	assert_return_code(vec_push(&snapshot->buffers, &rec), 0);
	return buffer;
}

static uint64_t make_device(const char *name, uint64_t driver_name)
{
	const uint64_t device = kernel_object(), driver = kernel_object();

	kernel_put(device,
		   OFFSET(reach, device, kobj) + OFFSET(reach, kobject, name),
		   make_text(name));
	PUT(reach, device, device, driver, driver_name ? driver : 0);
	PUT(reach, driver, device_driver, name, driver_name);
	return device;
}

static void attach(uint64_t buffer, uint64_t device)
{
	const uint64_t attachment = kernel_object();

	PUT(reach, attachment, dma_buf_attachment, dmabuf, buffer);
	PUT(reach, attachment, dma_buf_attachment, dev, device);
	kernel_list_add(buffer + OFFSET(reach, dma_buf, attachments),
			attachment + OFFSET(reach, dma_buf_attachment, node));
}

static const struct buffer *buffer_at(const struct dmabuf_snapshot *snapshot,
				      size_t i)
{
	return vec_at(&snapshot->buffers, i);
}

static void find(struct dmabuf_snapshot *snapshot)
{
	attachments_find(reach, snapshot);
	assert_int_equal(reach->error, 0);
}

static void check_device(const struct dmabuf_snapshot *snapshot,
			 uint64_t buffer, uint32_t order, const char *device,
			 const char *driver)
{
	const struct dmabuf_rec_attachment *rec = NULL;

	while ((rec = vec_next(&snapshot->attachments, rec)))
		if (rec->key == buffer && rec->order == order)
			break;
	assert_non_null(rec);
	assert_string_equal(rec->device, device);
	assert_string_equal(rec->driver, driver);
}

static void test_lists(void **state)
{
	SNAPSHOT;
	uint64_t two, one, early;

	reach = *state;
	add_buffer(snapshot, 0);
	two = add_buffer(snapshot, 0);
	add_buffer(snapshot, DMABUF_HAVE_ATTACHMENTS);
	one = add_buffer(snapshot, 0);
	attach(two, make_device("gpu.0", make_text("panthor")));
	attach(two, make_device("display.1", 0));
	early = make_device("wrong", make_text("early"));
	PUT(reach, early, device, init_name, make_text("cpu0"));
	attach(one, early);
	find(snapshot);
	assert_int_equal(snapshot->buffers.n, 4);
	assert_int_equal(buffer_at(snapshot, 0)->attachments, 0);
	assert_int_equal(buffer_at(snapshot, 1)->attachments, 2);
	assert_int_equal(buffer_at(snapshot, 3)->attachments, 1);
	assert_int_equal(buffer_at(snapshot, 0)->have, DMABUF_HAVE_ATTACHMENTS);
	assert_int_equal(buffer_at(snapshot, 1)->cut, 0);
	assert_int_equal(snapshot->attachments.n, 3);
	check_device(snapshot, two, 0, "gpu.0", "panthor");
	check_device(snapshot, two, 1, "display.1", "");
	check_device(snapshot, one, 0, "cpu0", "early");
}

/* Makes an object at the end of a page. Return: its end. */
static uint64_t make_end_of_page(void)
{
	uint64_t object;
	size_t bytes = 64;

	do {
		bytes += 16;
		object = kernel_object_of(bytes);
	} while ((object + bytes) % PAGE);
	return object + bytes;
}

/* Memory behind the end of a text cannot be read. */
static void test_text_at_the_end(void **state)
{
	const char text[] = "driver-at-the-end";
	const uint64_t at = make_end_of_page() - sizeof(text);
	uint64_t buffer;
	SNAPSHOT;

	reach = *state;
	buffer = add_buffer(snapshot, 0);
	memcpy((char *)(uintptr_t)at, text, sizeof(text));
	attach(buffer, make_device("gpu", at));
	find(snapshot);
	check_device(snapshot, buffer, 0, "gpu", text);
}

static void test_many(void **state)
{
	uint64_t buffer, device;
	SNAPSHOT;
	int i;

	reach = *state;
	buffer = add_buffer(snapshot, 0);
	device = make_device("gpu", 0);
	for (i = 0; i < MOST; i++)
		attach(buffer, device);
	find(snapshot);
	assert_int_equal(buffer_at(snapshot, 0)->attachments, MOST);
	assert_int_equal(buffer_at(snapshot, 0)->cut, 0);

	snapshot->attachments.n = 0;
	((struct buffer *)snapshot->buffers.data)->have = 0;
	((struct buffer *)snapshot->buffers.data)->attachments = 0;
	attach(buffer, device);
	find(snapshot);
	assert_int_equal(buffer_at(snapshot, 0)->attachments, MOST);
	assert_int_equal(buffer_at(snapshot, 0)->cut, DMABUF_HAVE_ATTACHMENTS);
	assert_int_equal(snapshot->attachments.n, MOST);
}

static void attach_one_more(uint64_t address)
{
	if (address != watched || !changes_left)
		return;
	changes_left--;
	attach(changed, attached_then);
}

/* A buffer that stays, and one whose list changes while lists are read. */
static void find_changing(struct dmabuf_snapshot *snapshot, int changes)
{
	uint64_t still = add_buffer(snapshot, 0);

	changed = add_buffer(snapshot, 0);
	attach(still, make_device("display", 0));
	attached_then = make_device("gpu", 0);
	attach(changed, attached_then);
	watched = attached_then + OFFSET(reach, device, driver);
	changes_left = changes;
	kernel_after_read = attach_one_more;
	find(snapshot);
	kernel_after_read = NULL;
}

/* Another device is attached while the lists are read. */
static void test_change(void **state)
{
	SNAPSHOT;

	reach = *state;
	find_changing(snapshot, 1);
	assert_int_equal(buffer_at(snapshot, 0)->attachments, 1);
	assert_int_equal(buffer_at(snapshot, 1)->attachments, 2);
	assert_int_equal(buffer_at(snapshot, 1)->cut, 0);
	assert_int_equal(snapshot->attachments.n, 3);
}

/* One that changes all the time is cut; the others are whole. */
static void test_always_changes(void **state)
{
	SNAPSHOT;

	reach = *state;
	find_changing(snapshot, 1000);
	assert_int_equal(buffer_at(snapshot, 0)->cut, 0);
	assert_int_equal(buffer_at(snapshot, 1)->cut, DMABUF_HAVE_ATTACHMENTS);
	assert_true(buffer_at(snapshot, 1)->attachments > 1);
}

/* Buffers that were freed after the kernel told of them. */
static void test_gone(void **state)
{
	uint64_t freed, reused, still;
	SNAPSHOT;

	reach = *state;
	freed = add_buffer(snapshot, 0);
	still = add_buffer(snapshot, 0);
	reused = add_buffer(snapshot, 0);
	attach(reused, make_device("gpu", 0));
	kernel_put(freed, OFFSET(reach, dma_buf, attachments), 0xdead);
	PUT(reach, freed, dma_buf, file, 0xdead);
	((struct buffer *)vec_at(&snapshot->buffers, 2))->ino++;
	find(snapshot);
	assert_int_equal(snapshot->buffers.n, 1);
	assert_int_equal(buffer_at(snapshot, 0)->key, still);
}

/* Without types they stay unknown, which is a gap. */
static void test_no_types(void **state)
{
	SNAPSHOT;

	reach = *state;
	add_buffer(snapshot, 0);
	AT(&reach->layout, device, kobj) = LAYOUT_NONE;
	find(snapshot);
	assert_int_equal(buffer_at(snapshot, 0)->have, 0);
	assert_int_equal(buffer_at(snapshot, 0)->cut, DMABUF_HAVE_ATTACHMENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_lists),
		KERNEL_TEST(test_text_at_the_end),
		KERNEL_TEST(test_many),
		KERNEL_TEST(test_change),
		KERNEL_TEST(test_always_changes),
		KERNEL_TEST(test_gone),
		KERNEL_TEST(test_no_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
