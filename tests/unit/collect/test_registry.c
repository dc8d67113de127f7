// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/registry.h"
#include "tests/unit/unit.h"

static void test_the_table(void **state)
{
	/* Complete collectors come before those that need fewer privileges. */
	static const char *const order[] = {
		"iter_open", "iter_seq",  "list_walk",	    "debugfs",
		"sysfs",     "task_iter", "pinned_holders", "procfs",
	};
	const struct dmabuf_collector *collector = NULL;
	const char *name;
	size_t i = 0;

	(void)state;
	while ((collector = dmabuf_collector_next(collector))) {
		name = dmabuf_collector_name(collector);
		i += i < ARRAY_SIZE(order) && !strcmp(name, order[i]);
		assert_ptr_equal(collector_find(name), collector);
		assert_true(dmabuf_collector_gives(collector) &
			    (DMABUF_GIVES_SIZE | DMABUF_GIVES_HOLDERS));
		assert_non_null(dmabuf_collector_misses(collector));
	}
	assert_int_equal(i, ARRAY_SIZE(order));
	assert_null(collector_find("iter"));
}

/* The bits of .gives are the bits of a record. */
static void test_gives_is_have(void **state)
{
	(void)state;
	assert_int_equal(DMABUF_GIVES_ADDRESS, DMABUF_HAVE_ADDRESS);
	assert_int_equal(DMABUF_GIVES_INO, DMABUF_HAVE_INO);
	assert_int_equal(DMABUF_GIVES_SIZE, DMABUF_HAVE_SIZE);
	assert_int_equal(DMABUF_GIVES_REFS, DMABUF_HAVE_REFS);
	assert_int_equal(DMABUF_GIVES_ATTACHMENTS, DMABUF_HAVE_ATTACHMENTS);
	assert_int_equal(DMABUF_GIVES_NAME, DMABUF_HAVE_NAME);
	assert_int_equal(DMABUF_GIVES_EXPORTER, DMABUF_HAVE_EXPORTER);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table),
		cmocka_unit_test(test_gives_is_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
