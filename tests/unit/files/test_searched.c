// SPDX-License-Identifier: GPL-2.0-or-later
/* Gaps of what a search could not see, and the types that it has seen. */
#include "tests/unit/files/kernel.h"

#include "files/files.h"
#include "files/kinds.h"
#include "files/searched.h"

#define COVERS(type) DMABUF_REC_COVERS(DMABUF_REC_REF_##type)

/* A search in a recorded tree, and what it tells. */
struct told {
	struct reach *reach;
	struct sysroot tree;
	struct dmabuf_snapshot snapshot;
	uint32_t covers;
};

static void begin(struct told *told, void **state)
{
	*told = (struct told){
		.reach = *state,
		.tree.dir = unit_tree(),
		.snapshot.gaps = VEC_OF(struct dmabuf_rec_gap),
	};
	told->reach->ctx->sysroot = told->tree;
}

static void end(struct told *told)
{
	vec_fini(&told->snapshot.gaps);
	unit_tree_free((char *)told->tree.dir);
}

static void tell(struct told *told)
{
	assert_return_code(searched_tell(told->reach, &told->snapshot,
					 FILES_COVERS, &told->covers),
			   0);
}

static void expect_gap(const struct told *told, size_t i, const char *what,
		       const char *why)
{
	const struct dmabuf_rec_gap *gap = vec_at(&told->snapshot.gaps, i);

	assert_in_range(i, 0, told->snapshot.gaps.n - 1);
	assert_string_equal(gap->what, what);
	assert_string_equal(gap->why, why);
}

/* A module as sysfs shows it, with type information or without. */
static void load(const struct told *told, const char *name, bool has_types)
{
	char path[64];

	snprintf(path, sizeof(path), "sys/module/%s/initstate", name);
	unit_tree_add(told->tree.dir, path, "live\n", 5);
	snprintf(path, sizeof(path), "sys/kernel/btf/%s", name);
	if (has_types)
		unit_tree_add(told->tree.dir, path, "", 0);
}

static void test_nothing_missing(void **state)
{
	struct told told;

	begin(&told, state);
	tell(&told);
	assert_int_equal(told.snapshot.gaps.n, 0);
	assert_int_equal(told.covers, FILES_COVERS);
	end(&told);
}

/* The modules that were stripped have names, and what to do follows. */
static void test_stripped_modules(void **state)
{
	struct told told;

	begin(&told, state);
	load(&told, "videodev", false);
	load(&told, "videobuf2_common", false);
	load(&told, "v4l2_mem2mem", false);
	load(&told, "drm", true);
	told.reach->missing = 1U << KEEPER_VIDEO;
	tell(&told);
	assert_int_equal(told.snapshot.gaps.n, 1);
	expect_gap(&told, 0, "buffers in V4L2 queues",
		   "no type information (BTF) in videodev, videobuf2_common, "
		   "v4l2_mem2mem: load modules that have it, built with "
		   "CONFIG_DEBUG_INFO_BTF_MODULES=y (Linux 5.11)");
	assert_int_equal(told.covers, FILES_COVERS & ~COVERS(V4L2));
	end(&told);
}

/* A later kernel may call a member something else. */
static void test_unknown_member(void **state)
{
	struct told told;

	begin(&told, state);
	load(&told, "drm", true);
	AT(&told.reach->layout, drm_file, fbs) = LAYOUT_NONE;
	told.reach->missing = 1U << KEEPER_DRM;
	tell(&told);
	expect_gap(&told, 0, "GEM handles",
		   "this kernel has no type information about drm_file.fbs");
	assert_int_equal(told.covers, FILES_COVERS & ~(COVERS(GEM_HANDLE) |
						       COVERS(GEM_OBJECT) |
						       COVERS(FRAMEBUFFER)));
	end(&told);
}

/* A module that is not loaded may be without types. */
static void test_other_module(void **state)
{
	struct told told;

	begin(&told, state);
	told.reach->missing = 1U << KEEPER_VIDEO;
	tell(&told);
	expect_gap(&told, 0, "buffers in V4L2 queues",
		   "this kernel has no type information about them");
	end(&told);
}

/* Files and the display lead to GEM objects: both must be read whole. */
static void test_display_not_whole(void **state)
{
	struct told told;

	begin(&told, state);
	told.reach->torn = 1U << KEEPER_DISPLAY;
	tell(&told);
	expect_gap(&told, 0, "framebuffers of displays",
		   "a list changed while it was read");
	assert_int_equal(told.covers, FILES_COVERS & ~COVERS(GEM_OBJECT));
	end(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_nothing_missing),
		KERNEL_TEST(test_stripped_modules),
		KERNEL_TEST(test_unknown_member),
		KERNEL_TEST(test_other_module),
		KERNEL_TEST(test_display_not_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
