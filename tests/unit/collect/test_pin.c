// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

/* tests/vm tests pinning on a kernel. */

static void test_options_of_another_library(void **state)
{
	struct {
		struct dmabuf_pin_opts known;
		uint64_t unknown;
	} later = { .known = { .size = sizeof(later), .gid = -1 },
		    .unknown = 1 };
	struct dmabuf_ctx *ctx = unit_ctx("/");

	(void)state;
	assert_int_equal(dmabuf_pin(ctx, &later.known), -EINVAL);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "options are of another libdmabuf");
	later.known.size = 0;
	assert_int_equal(dmabuf_pin(ctx, &later.known), -EINVAL);
	dmabuf_ctx_free(ctx);
}

/* With a recorded tree nothing is pinned, or unpinned, in the running system.
 */
static void test_not_for_a_recorded_tree(void **state)
{
	char *tree = unit_tree();
	struct dmabuf_ctx *ctx = unit_ctx(tree);

	(void)state;
	assert_int_equal(dmabuf_pin(ctx, NULL), -EOPNOTSUPP);
	assert_string_equal(
		dmabuf_ctx_error(ctx)->text,
		"BPF reads the running kernel, not a recorded tree");
	assert_int_equal(dmabuf_unpin(ctx), -EOPNOTSUPP);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "a recorded tree has nothing pinned");
	dmabuf_ctx_free(ctx);
	unit_tree_free(tree);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_of_another_library),
		cmocka_unit_test(test_not_for_a_recorded_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
