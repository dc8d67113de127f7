// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices that are found from the buffers they exported, and what the kernel's
 * own files of them keep.
 */
#include "tests/unit/files/kernel.h"

#include "files/exported.h"
#include "files/links.h"
#include "util/cleanup.h"

enum { CARD = 226 << 20 | 1, ACCEL = 261 << 20 | 1, INDEX = 1, PLANE = 31 };

/* A device that only the kernel has open, with an object that it exported. */
struct console {
	uint64_t device, file, object, buffer;
};

static uint64_t config_of(struct reach *reach, uint64_t device)
{
	return device + OFFSET(reach, drm_device, mode_config);
}

/* Makes the node of a device that this member leads to. */
static void make_node(struct reach *reach, uint64_t device,
		      enum kernel_field member)
{
	const uint64_t minor = kernel_object();

	kernel_put(device, reach->layout.at[member], minor);
	kernel_put32(minor, OFFSET(reach, drm_minor, index), INDEX);
	PUT(reach, minor, drm_minor, dev, device);
}

static uint64_t make_device(struct reach *reach, enum kernel_field node)
{
	const uint64_t device = kernel_object();

	kernel_list(device + OFFSET(reach, drm_device, filelist_internal));
	kernel_list(config_of(reach, device) +
		    OFFSET(reach, drm_mode_config, fb_list));
	kernel_list(config_of(reach, device) +
		    OFFSET(reach, drm_mode_config, plane_list));
	make_node(reach, device, node);
	return device;
}

static uint64_t make_file(struct reach *reach, uint64_t device)
{
	const uint64_t file = kernel_object();

	kernel_list(file + OFFSET(reach, drm_file, fbs));
	kernel_list_add(device + OFFSET(reach, drm_device, filelist_internal),
			file + OFFSET(reach, drm_file, lhead));
	return file;
}

static struct console make_console(struct reach *reach, enum kernel_field node)
{
	struct console c = { .device = make_device(reach, node),
			     .object = kernel_object(),
			     .buffer = kernel_buffer(reach) };

	c.file = make_file(reach, c.device);
	PUT(reach, c.buffer, dma_buf, priv, c.object);
	PUT(reach, c.object, drm_gem_object, dev, c.device);
	PUT(reach, c.object, drm_gem_object, dma_buf, c.buffer);
	return c;
}

/* Makes a framebuffer of the object that no file has. */
static uint64_t make_framebuffer(struct reach *reach, const struct console *c)
{
	const uint64_t framebuffer = kernel_object();

	PUT(reach, framebuffer, drm_framebuffer, obj, c->object);
	kernel_list(framebuffer + OFFSET(reach, drm_framebuffer, filp_head));
	kernel_list_add(config_of(reach, c->device) +
				OFFSET(reach, drm_mode_config, fb_list),
			framebuffer + OFFSET(reach, drm_framebuffer, head));
	return framebuffer;
}

/* Gives a framebuffer to the file of the kernel. */
static void show_on_console(struct reach *reach, const struct console *c)
{
	kernel_list_add(c->file + OFFSET(reach, drm_file, fbs),
			make_framebuffer(reach, c) +
				OFFSET(reach, drm_framebuffer, filp_head));
}

static void search(struct reach *reach, uint64_t buffer)
{
	_cleanup_(vec_fini) struct vec buffers = VEC_OF(uint64_t);

	assert_return_code(vec_push(&buffers, &buffer), 0);
	exported_find(reach, &buffers);
	reach_all(reach);
	assert_int_equal(reach->error, 0);
}

/* The reference is the object's, which a framebuffer of the kernel keeps. */
static void test_console(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);
	const struct dmabuf_rec_ref *ref;
	const struct link *link;

	show_on_console(reach, &c);
	search(reach, c.buffer);
	ref = kernel_ref(reach, c.buffer, DMABUF_REC_REF_GEM_OBJECT);
	assert_int_equal(ref->refs, 1);
	assert_int_equal(ref->pid, 0);
	ref = kernel_ref(reach, c.buffer, DMABUF_REC_REF_FRAMEBUFFER);
	assert_int_equal(ref->refs, 0);
	assert_int_equal(ref->pid, 0);
	link = vec_at(&reach->links, ref->keeper - 1);
	assert_int_equal(link->rec.by, DMABUF_REC_BY_KERNEL);
	assert_int_equal(link->rec.pid, 0);
	assert_int_equal(link->rdev, CARD);
	assert_int_equal(reach->torn | reach->cut | reach->missing, 0);
}

/* Before v6.2 the console keeps the handle, too. */
static void test_handle(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);

	kernel_put(c.file,
		   OFFSET(reach, drm_file, object_idr) +
			   OFFSET(reach, idr, idr_rt) +
			   OFFSET(reach, xarray, xa_head),
		   c.object);
	search(reach, c.buffer);
	assert_int_equal(
		kernel_ref(reach, c.buffer, DMABUF_REC_REF_GEM_HANDLE)->pid, 0);
	assert_int_equal(
		kernel_ref(reach, c.buffer, DMABUF_REC_REF_GEM_OBJECT)->refs,
		1);
}

/* An accelerator does not have the first node. */
static void test_accelerator(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_accel);
	const struct link *link;

	show_on_console(reach, &c);
	search(reach, c.buffer);
	kernel_ref(reach, c.buffer, DMABUF_REC_REF_GEM_OBJECT);
	link = vec_at(&reach->links, 0);
	assert_int_equal(link->rdev, ACCEL);
}

/* Nobody has the device open, and no file has what is on the screen. */
static void test_screen(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);
	const uint64_t plane = kernel_object();

	kernel_list_add(config_of(reach, c.device) +
				OFFSET(reach, drm_mode_config, plane_list),
			plane + OFFSET(reach, drm_plane, head));
	kernel_put32(plane,
		     OFFSET(reach, drm_plane, base) +
			     OFFSET(reach, drm_mode_object, id),
		     PLANE);
	PUT(reach, plane, drm_plane, fb, make_framebuffer(reach, &c));
	search(reach, c.buffer);
	assert_int_equal(
		kernel_ref(reach, c.buffer, DMABUF_REC_REF_GEM_OBJECT)->place,
		PLANE);
}

/*
 * An object without handles gave its buffer up: the buffer keeps the object,
 * and not the other way round.
 */
static void test_no_handles(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);

	show_on_console(reach, &c);
	PUT(reach, c.object, drm_gem_object, dma_buf, 0);
	search(reach, c.buffer);
	assert_int_equal(reach->refs.n, 0);
}

/* An object that was exported again is another buffer's, though it knows both.
 */
static void test_other_buffer(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);
	const uint64_t old = kernel_buffer(reach);

	PUT(reach, old, dma_buf, priv, c.object);
	kernel_put(c.object, 64, old);
	show_on_console(reach, &c);
	search(reach, old);
	assert_int_equal(reach->refs.n, 0);
}

/* What keeps the object is not known: then nothing explains the reference. */
static void test_nobody(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);

	search(reach, c.buffer);
	assert_int_equal(reach->refs.n, 0);
	assert_int_equal(reach->torn | reach->cut | reach->missing, 0);
}

/* Another exporter points back at the buffer at the same offset. */
static void test_no_device(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);

	show_on_console(reach, &c);
	PUT(reach, c.device, drm_device, primary, kernel_object());
	search(reach, c.buffer);
	assert_int_equal(reach->refs.n, 0);
}

/* The types are not known, so what may be DRM's is a gap, and no other is. */
static void test_no_types(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);

	AT(&reach->layout, drm_gem_object, dma_buf) = LAYOUT_NONE;
	reach->prepared = 1U << KEEPER_DEVICE;
	search(reach, kernel_buffer(reach));
	assert_int_equal(reach->missing, 0);
	search(reach, c.buffer);
	assert_int_equal(reach->missing, 1U << KEEPER_DEVICE);
}

/* The list of files leads nowhere. What no file has is found all the same. */
static void test_torn(void **state)
{
	struct reach *reach = *state;
	const struct console c = make_console(reach, FIELD_drm_device_primary);

	make_framebuffer(reach, &c);
	PUT(reach, c.device, drm_device, filelist_internal, 0xdead000000000100);
	search(reach, c.buffer);
	assert_int_equal(reach->torn, 1U << KEEPER_DEVICE);
	kernel_ref(reach, c.buffer, DMABUF_REC_REF_GEM_OBJECT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_console),     KERNEL_TEST(test_handle),
		KERNEL_TEST(test_accelerator), KERNEL_TEST(test_screen),
		KERNEL_TEST(test_no_handles),  KERNEL_TEST(test_other_buffer),
		KERNEL_TEST(test_nobody),      KERNEL_TEST(test_no_device),
		KERNEL_TEST(test_no_types),    KERNEL_TEST(test_torn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
