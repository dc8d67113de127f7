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

static void test_limit(void **state)
{
	const uint64_t kept = CAPABILITY_BIT(CAP_CHOWN) |
			      CAPABILITY_BIT(CAP_SYS_PTRACE) |
			      CAPABILITY_BIT(CAP_BPF);
	const uint64_t effective = CAPABILITY_BIT(CAP_BPF);
	const uint64_t permitted = from_status("CapPrm");

	(void)state;
	assert_int_equal(capability_limit(kept, ~0ULL), 0);
	assert_true(from_status("CapPrm") == (permitted & kept));
	assert_true(from_status("CapEff") == (permitted & kept));
	assert_true(from_status("CapInh") == 0);
	assert_true(from_status("CapAmb") == 0);

	/* What is not effective can be so again, what was dropped cannot. */
	assert_int_equal(capability_limit(~0ULL, effective), 0);
	assert_true(from_status("CapPrm") == (permitted & kept));
	assert_true(from_status("CapEff") == (permitted & effective));
	assert_int_equal(capability_limit(~0ULL, ~0ULL), 0);
	assert_true(from_status("CapEff") == (permitted & kept));
	assert_int_equal(capability_limit(0, ~0ULL), 0);
	assert_true(from_status("CapPrm") == 0);
	assert_true(from_status("CapEff") == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
