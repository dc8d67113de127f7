// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/capability.h"

/* A mask from /proc/thread-self/status. */
static uint64_t from_status(const char *name)
{
	FILE *file = fopen("/proc/thread-self/status", "re");
	const size_t n = strlen(name);
	char line[256];
	unsigned long long mask = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, n) &&
		    sscanf(line + n, ": %llx", &mask) == 1)
			break;
	fclose(file);
	return mask;
}

static void test_has(void **state)
{
	const uint64_t mask = from_status("CapEff");
	int cap;

	(void)state;
	for (cap = 0; cap < 64; cap++)
		assert_int_equal(capability_has(CAPABILITY_BIT(cap)),
				 !!(mask & CAPABILITY_BIT(cap)));
	assert_true(capability_has(0));
	assert_true(capability_has(mask));
	assert_int_equal(capability_has(~0ULL), mask == ~0ULL);
}

static void test_drop(void **state)
{
	const uint64_t drop =
		CAPABILITY_BIT(CAP_CHOWN) | CAPABILITY_BIT(CAP_BPF);
	const uint64_t effective = from_status("CapEff"),
		       permitted = from_status("CapPrm");

	(void)state;
	assert_int_equal(capability_drop(drop), 0);
	assert_false(capability_has(CAPABILITY_BIT(CAP_CHOWN)));
	assert_false(capability_has(CAPABILITY_BIT(CAP_BPF)));
	assert_true(from_status("CapEff") == (effective & ~drop));
	assert_true(from_status("CapPrm") == (permitted & ~drop));
	assert_false(from_status("CapInh") & drop);
	/* Again, and capabilities that this thread never had. */
	assert_int_equal(capability_drop(drop), 0);
	assert_int_equal(capability_drop(~0ULL), 0);
	assert_true(from_status("CapPrm") == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
