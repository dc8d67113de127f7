// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DRM: handles in an IDR, the PRIME cache, framebuffers of files and of
 * displays, and damaged trees and lists.
 */
#include "tests/unit/files/kernel.h"

enum { DRM_DEVICE = 226 << 20, PLANE = 31, FRAMEBUFFER = 44, SLOTS = 64 };

/* Makes an open file of a new device that a process has. */
static uint64_t make_file(struct reach *reach, uint32_t pid)
{
	const uint64_t file = kernel_object(), minor = kernel_object(),
		       device = kernel_object();
	const uint64_t config = device + OFFSET(reach, drm_device, mode_config);

	PUT(reach, file, drm_file, minor, minor);
	PUT(reach, minor, drm_minor, dev, device);
	kernel_list(file + OFFSET(reach, drm_file, fbs));
	kernel_list(config + OFFSET(reach, drm_mode_config, fb_list));
	kernel_list(config + OFFSET(reach, drm_mode_config, plane_list));
	kernel_root(reach, kernel_file(reach, S_IFCHR, DRM_DEVICE, file), pid);
	return file;
}

static uint64_t config_of(struct reach *reach, uint64_t file)
{
	const uint64_t minor = memory_u64(
		reach->memory, file + OFFSET(reach, drm_file, minor));

	return memory_u64(reach->memory,
			  minor + OFFSET(reach, drm_minor, dev)) +
	       OFFSET(reach, drm_device, mode_config);
}

/* Makes an object that was exported as this buffer. */
static uint64_t make_object(struct reach *reach, uint64_t buffer)
{
	const uint64_t object = kernel_object();

	PUT(reach, object, drm_gem_object, dma_buf, buffer);
	return object;
}

static uint32_t root_of_idr(struct reach *reach)
{
	return OFFSET(reach, drm_file, object_idr) +
	       OFFSET(reach, idr, idr_rt) + OFFSET(reach, xarray, xa_head);
}

/* Makes the only node of the IDR. Return: the address of its slots. */
static uint64_t make_node(struct reach *reach, uint64_t file)
{
	const uint64_t node = kernel_object();

	kernel_put(file, root_of_idr(reach), node | 2);
	return node + OFFSET(reach, xa_node, slots);
}

static uint64_t make_framebuffer(struct reach *reach, uint64_t object)
{
	const uint64_t framebuffer = kernel_object();

	kernel_put32(framebuffer,
		     OFFSET(reach, drm_framebuffer, base) +
			     OFFSET(reach, drm_mode_object, id),
		     FRAMEBUFFER);
	PUT(reach, framebuffer, drm_framebuffer, obj, object);
	return framebuffer;
}

/* Adds a framebuffer to the list of its device. */
static void list_framebuffer(struct reach *reach, uint64_t file,
			     uint64_t framebuffer)
{
	kernel_list_add(config_of(reach, file) +
				OFFSET(reach, drm_mode_config, fb_list),
			framebuffer + OFFSET(reach, drm_framebuffer, head));
}

static void search(struct reach *reach)
{
	reach_all(reach);
	assert_int_equal(reach->error, 0);
}

static void test_handle(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach);
	const struct dmabuf_rec_ref *ref;

	kernel_put(make_node(reach, file), 5 * sizeof(uint64_t),
		   make_object(reach, buffer));
	search(reach);
	ref = kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE);
	assert_int_equal(ref->place, 5);
	assert_int_equal(ref->pid, 8);
	assert_int_equal(ref->refs, 0);
	ref = kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_OBJECT);
	assert_int_equal(ref->refs, 1);
}

/* The cache has a reference for the handle. A node leads back to itself. */
static void test_prime(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach), member = kernel_object();
	const uint64_t node =
		member + OFFSET(reach, drm_prime_member, handle_rb);

	kernel_put(make_node(reach, file), 5 * sizeof(uint64_t),
		   make_object(reach, buffer));
	kernel_put32(member, OFFSET(reach, drm_prime_member, handle), 5);
	kernel_put(file,
		   OFFSET(reach, drm_file, prime) +
			   OFFSET(reach, drm_prime_file_private, handles) +
			   OFFSET(reach, rb_root, rb_node),
		   node);
	kernel_put(node, OFFSET(reach, rb_node, rb_left), node);
	search(reach);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE)->refs, 1);
}

/* A node of the IDR leads back to itself, at every slot. */
static void test_cycle_of_idr(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       slots = make_node(reach, file);
	int i;

	for (i = 0; i < SLOTS; i++)
		kernel_put(slots, i * sizeof(uint64_t),
			   (slots - OFFSET(reach, xa_node, slots)) | 2);
	search(reach);
	assert_int_equal(reach->refs.n, 0);
	assert_in_range(kernel_reads, 1, 100);
}

/* What changes while it is read. */
static struct {
	uint64_t pointer; /* when this was read, */
	uint64_t value; /* this is written there, */
	uint64_t old; /* and this is cleared; 0: not */
	size_t times;
} change;

static void change_pointer(uint64_t address)
{
	if (address != change.pointer || !change.times)
		return;
	change.times--;
	kernel_put(change.pointer, 0, change.value);
	if (change.old)
		memset((void *)(uintptr_t)change.old, 0, SLOTS * 8);
}

/* The IDR gets another node, and the first one is freed, before it is read. */
static void test_changed_idr(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach);
	const uint64_t object = make_object(reach, buffer),
		       new = make_node(reach, file),
		       old = make_node(reach, file);

	kernel_put(old, 5 * sizeof(uint64_t), object);
	kernel_put(new, 5 * sizeof(uint64_t), object);
	change.pointer = file + root_of_idr(reach);
	change.value = (new - OFFSET(reach, xa_node, slots)) | 2;
	change.old = old;
	change.times = 1;
	kernel_after_read = change_pointer;
	search(reach);
	kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE);
	assert_int_equal(reach->torn, 0);
}

/* A handle comes and goes whenever the node was read. */
static uint64_t restless;

static void change_always(uint64_t address)
{
	static uint64_t value;

	if (address == restless)
		kernel_put(restless, 7 * sizeof(uint64_t) + 512, value += 8);
}

/* One file changes all the time. The other one is read all the same. */
static void test_torn_idr(void **state)
{
	struct reach *reach = *state;
	const uint64_t first = make_file(reach, 8),
		       second = make_file(reach, 9),
		       buffer = kernel_buffer(reach);
	const struct dmabuf_rec_ref *ref;

	restless = make_node(reach, first) - OFFSET(reach, xa_node, slots);
	assert_int_equal(OFFSET(reach, xa_node, slots), 512);
	kernel_put(make_node(reach, second), 5 * sizeof(uint64_t),
		   make_object(reach, buffer));
	kernel_after_read = change_always;
	search(reach);
	assert_int_equal(reach->torn, 1U << KEEPER_DRM);
	ref = kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE);
	assert_int_equal(ref->pid, 9);
	assert_int_equal(ref->place, 5);
	assert_in_range(kernel_reads, 1, 150);
}

/* The cache gets a new root, above the old one, after that one was found. */
static void test_changed_prime(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach), old = kernel_object(),
		       new = kernel_object();
	const uint32_t node_at = OFFSET(reach, drm_prime_member, handle_rb);

	kernel_put(make_node(reach, file), 5 * sizeof(uint64_t),
		   make_object(reach, buffer));
	kernel_put32(old, OFFSET(reach, drm_prime_member, handle), 4);
	kernel_put32(new, OFFSET(reach, drm_prime_member, handle), 5);
	kernel_put(new + node_at, OFFSET(reach, rb_node, rb_left),
		   old + node_at);
	change.pointer = file + OFFSET(reach, drm_file, prime) +
			 OFFSET(reach, drm_prime_file_private, handles) +
			 OFFSET(reach, rb_root, rb_node);
	kernel_put(change.pointer, 0, old + node_at);
	change.value = new + node_at;
	change.old = 0;
	change.times = 1;
	kernel_after_read = change_pointer;
	search(reach);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE)->refs, 1);
	assert_int_equal(reach->torn, 0);
}

/* Two layers of nodes, and an IDR that does not begin at 0. */
static void test_large_idr(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach);
	const uint64_t leaf = make_node(reach, file),
		       top = make_node(reach, file);

	kernel_put(top - OFFSET(reach, xa_node, slots),
		   OFFSET(reach, xa_node, shift), 6);
	kernel_put(top, 3 * sizeof(uint64_t),
		   (leaf - OFFSET(reach, xa_node, slots)) | 2);
	kernel_put(leaf, 5 * sizeof(uint64_t), make_object(reach, buffer));
	kernel_put32(file,
		     OFFSET(reach, drm_file, object_idr) +
			     OFFSET(reach, idr, idr_base),
		     1);
	search(reach);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE)->place,
		3 * SLOTS + 5 + 1);
}

/* Files of one device, which all have a handle of one object. */
static size_t count_runs(struct reach *reach, int files)
{
	const size_t before = kernel_runs;
	const uint64_t object = make_object(reach, kernel_buffer(reach)),
		       minor = kernel_object();
	uint64_t file;

	while (files--) {
		file = make_file(reach, 8);
		PUT(reach, file, drm_file, minor, minor);
		kernel_put(make_node(reach, file), 5 * sizeof(uint64_t),
			   object);
	}
	search(reach);
	return kernel_runs - before;
}

/* Ten files take as many runs of the program as one. */
static void test_runs(void **state)
{
	struct reach *reach = *state;
	const size_t one = count_runs(reach, 1);

	reach->roots.n = reach->refs.n = 0;
	assert_int_equal(count_runs(reach, 10), one);
	assert_int_equal(reach->refs.n, 11);
}

/* The same object by a handle and by a framebuffer: it is one. */
static void test_object_once(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach),
		       object = make_object(reach, buffer),
		       framebuffer = make_framebuffer(reach, object);

	kernel_put(make_node(reach, file), 0, object);
	kernel_list_add(file + OFFSET(reach, drm_file, fbs),
			framebuffer +
				OFFSET(reach, drm_framebuffer, filp_head));
	list_framebuffer(reach, file, framebuffer);
	search(reach);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_FRAMEBUFFER)->place,
		FRAMEBUFFER);
	kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_HANDLE);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_OBJECT)->pid, 8);
}

/* A framebuffer that no file has is of no process, but on a plane. */
static void show_on_plane(struct reach *reach, bool atomic)
{
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach), plane = kernel_object(),
		       state = kernel_object();
	const uint64_t framebuffer =
		make_framebuffer(reach, make_object(reach, buffer));
	const struct dmabuf_rec_ref *ref;

	list_framebuffer(reach, file, framebuffer);
	kernel_put32(plane,
		     OFFSET(reach, drm_plane, base) +
			     OFFSET(reach, drm_mode_object, id),
		     PLANE);
	if (atomic) {
		PUT(reach, plane, drm_plane, state, state);
		PUT(reach, state, drm_plane_state, fb, framebuffer);
	} else {
		PUT(reach, plane, drm_plane, fb, framebuffer);
	}
	kernel_list_add(config_of(reach, file) +
				OFFSET(reach, drm_mode_config, plane_list),
			plane + OFFSET(reach, drm_plane, head));
	search(reach);
	ref = kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_OBJECT);
	assert_int_equal(ref->pid, 0);
	assert_int_equal(ref->place, PLANE);
	assert_int_equal(reach->refs.n, 1);
}

static void test_plane(void **state)
{
	show_on_plane(*state, true);
}

static void test_old_plane(void **state)
{
	show_on_plane(*state, false);
}

/* The device of one file is read after the other file, which has the object. */
static void test_display_last(void **state)
{
	struct reach *reach = *state;
	const uint64_t first = make_file(reach, 8),
		       second = make_file(reach, 9),
		       buffer = kernel_buffer(reach),
		       object = make_object(reach, buffer);

	list_framebuffer(reach, first, make_framebuffer(reach, object));
	list_framebuffer(reach, second, make_framebuffer(reach, object));
	kernel_put(make_node(reach, second), 0, object);
	search(reach);
	assert_int_equal(
		kernel_ref(reach, buffer, DMABUF_REC_REF_GEM_OBJECT)->pid, 9);
}

/*
 * The file of another process has the framebuffer, but the reader cannot see
 * this process. So it is not the device that keeps the buffer.
 */
static void test_hidden_file(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8), hidden = kernel_object(),
		       buffer = kernel_buffer(reach),
		       framebuffer = make_framebuffer(
			       reach, make_object(reach, buffer));

	kernel_list(hidden + OFFSET(reach, drm_file, fbs));
	kernel_list_add(hidden + OFFSET(reach, drm_file, fbs),
			framebuffer +
				OFFSET(reach, drm_framebuffer, filp_head));
	list_framebuffer(reach, file, framebuffer);
	search(reach);
	assert_int_equal(reach->refs.n, 0);
}

/* The first framebuffer goes to another list between it and the list's
 * head. */
static uint64_t list_head, first_node, second_node, other_head;
static int head_reads;

static void move_first(uint64_t address)
{
	/* The first read only tells that the list is not empty. */
	if (address != list_head || ++head_reads != 2)
		return;
	kernel_list(other_head);
	kernel_list_add(other_head, first_node);
	kernel_put(list_head, 0, second_node);
}

static void test_changed_list(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8),
		       buffer = kernel_buffer(reach),
		       first = make_framebuffer(reach, kernel_object()),
		       second = make_framebuffer(reach,
						 make_object(reach, buffer));

	list_head = file + OFFSET(reach, drm_file, fbs);
	first_node = first + OFFSET(reach, drm_framebuffer, filp_head);
	second_node = second + OFFSET(reach, drm_framebuffer, filp_head);
	kernel_list_add(list_head, first_node);
	kernel_list_add(list_head, second_node);
	other_head = kernel_object();
	head_reads = 0;
	kernel_after_read = move_first;
	search(reach);
	assert_in_range(head_reads, 3, 8);
	kernel_ref(reach, buffer, DMABUF_REC_REF_FRAMEBUFFER);
	assert_int_equal(reach->torn | reach->cut, 0);
}

static void test_torn_lists(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8);

	kernel_put(file, OFFSET(reach, drm_file, fbs), 0xdead000000000100);
	kernel_put(config_of(reach, file),
		   OFFSET(reach, drm_mode_config, fb_list), 0xdead000000000100);
	search(reach);
	assert_int_equal(reach->torn, 1U << KEEPER_DRM | 1U << KEEPER_DISPLAY);
}

/* A device without displays never made its lists. */
static void test_no_display(void **state)
{
	struct reach *reach = *state;
	const uint64_t file = make_file(reach, 8);

	kernel_put(config_of(reach, file),
		   OFFSET(reach, drm_mode_config, fb_list), 0);
	search(reach);
	assert_int_equal(reach->torn | reach->cut | reach->missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_handle),	 KERNEL_TEST(test_prime),
		KERNEL_TEST(test_cycle_of_idr),	 KERNEL_TEST(test_object_once),
		KERNEL_TEST(test_changed_idr),	 KERNEL_TEST(test_torn_idr),
		KERNEL_TEST(test_changed_prime), KERNEL_TEST(test_large_idr),
		KERNEL_TEST(test_runs),		 KERNEL_TEST(test_plane),
		KERNEL_TEST(test_old_plane),	 KERNEL_TEST(test_display_last),
		KERNEL_TEST(test_torn_lists),	 KERNEL_TEST(test_no_display),
		KERNEL_TEST(test_hidden_file),	 KERNEL_TEST(test_changed_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
