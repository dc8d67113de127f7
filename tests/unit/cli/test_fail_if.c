// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

#include "cli/cmd.h"
#include "cli/fail_if.h"
#include "tests/unit/ui/stderr.h"
#include "ui/message.h"

static void expect(const char *text, enum total_id total,
		   enum relation relation, uint64_t limit)
{
	struct fail_if condition;
	char wrong[FAIL_IF_WRONG];

	assert_int_equal(fail_if_parse(&text, &condition, wrong), 0);
	assert_string_equal(text, "");
	assert_int_equal(condition.total, total);
	assert_int_equal(condition.relation, relation);
	assert_true(condition.limit == limit);
}

static void test_parse(void **state)
{
	(void)state;
	expect("kernel_only>64M", TOTAL_KERNEL_ONLY, RELATION_GT, 64ULL << 20);
	expect("unexplained>=0", TOTAL_UNEXPLAINED, RELATION_GE, 0);
	expect("buffers<1K", TOTAL_BUFFERS, RELATION_LT, 1024);
	expect("bytes<=3GiB", TOTAL_BYTES, RELATION_LE, 3ULL << 30);
	expect("bytes=1T", TOTAL_BYTES, RELATION_EQ, 1ULL << 40);
	expect("bytes==1T", TOTAL_BYTES, RELATION_EQ, 1ULL << 40);
	expect("bytes != 1", TOTAL_BYTES, RELATION_NE, 1);
	expect("bytes>18446744073709551615", TOTAL_BYTES, RELATION_GT,
	       UINT64_MAX);
	expect("bytes>15E", TOTAL_BYTES, RELATION_GT, 15ULL << 60);
}

static void test_parse_several(void **state)
{
	const char *text = "kernel_only>1, buffers>2,";
	char wrong[FAIL_IF_WRONG];
	struct fail_if condition;

	(void)state;
	assert_int_equal(fail_if_parse(&text, &condition, wrong), 0);
	assert_int_equal(condition.total, TOTAL_KERNEL_ONLY);
	assert_int_equal(fail_if_parse(&text, &condition, wrong), 0);
	assert_int_equal(condition.total, TOTAL_BUFFERS);
	assert_int_equal(condition.limit, 2);
	assert_string_equal(text, "");
}

static void test_parse_wrong(void **state)
{
	static const char *const wrong[] = {
		"",	     ">1",
		"bytes",     "!bytes",
		"bytes>",    "bytes>x",
		"bytes>-1",  "bytes>+1",
		"bytes>1 2", "bytes=>1",
		"bytes<>1",  "bytes>>>1",
		"bytes!1",   "bytes~1",
		"bytes>1Q",  "bytes>1MB",
		"bytes>1;",  "bytes>18446744073709551616",
		"bytes>16E", "a_name_longer_than_any>1",
		"Bytes>1",
	};
	struct fail_if condition;
	char why[FAIL_IF_WRONG];
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		text = wrong[i];
		if (!fail_if_parse(&text, &condition, why))
			fail_msg("'%s' was taken", wrong[i]);
		assert_ptr_equal(text, wrong[i]);
	}
}

static void test_is_true(void **state)
{
	static const struct {
		enum relation relation;
		bool less, equal, more;
	} relations[] = {
		{ RELATION_GT, false, false, true },
		{ RELATION_GE, false, true, true },
		{ RELATION_LT, true, false, false },
		{ RELATION_LE, true, true, false },
		{ RELATION_EQ, false, true, false },
		{ RELATION_NE, true, false, true },
	};
	struct fail_if condition = { .limit = 10 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(relations); i++) {
		condition.relation = relations[i].relation;
		assert_int_equal(fail_if_is_true(&condition, 9),
				 relations[i].less);
		assert_int_equal(fail_if_is_true(&condition, 10),
				 relations[i].equal);
		assert_int_equal(fail_if_is_true(&condition, 11),
				 relations[i].more);
	}
	/* The largest numbers are not negative ones. */
	condition.relation = RELATION_GT;
	assert_true(fail_if_is_true(&condition, UINT64_MAX));
}

static void judge(const char *text, uint64_t number, bool bytes,
		  const char *says, int status)
{
	struct envelope envelope = {};

	envelope.totals[TOTAL_KERNEL_ONLY] =
		(struct total){ true, number, false };
	envelope.totals[TOTAL_BUFFERS] = (struct total){ true, number, false };
	assert_says(says, assert_int_equal(fail_if_judge(text, &envelope, bytes,
							 STATUS_WHOLE),
					   status));
}

static void test_judge(void **state)
{
	(void)state;
	judge("kernel_only>1K", 852 * 1024, false,
	      "prog: condition met: kernel_only is 852K (limit 1K)\n",
	      STATUS_CONDITION);
	judge("kernel_only>1K", 852 * 1024, true,
	      "prog: condition met: kernel_only is 872448 (limit 1K)\n",
	      STATUS_CONDITION);
	judge("kernel_only>852K", 852 * 1024 + 1, false,
	      "prog: condition met: kernel_only is 872449 (limit 852K)\n",
	      STATUS_CONDITION);
	judge("kernel_only>=852K", 852 * 1024, false,
	      "prog: condition met: kernel_only is 852K (limit 852K)\n",
	      STATUS_CONDITION);
	judge("buffers>1K", 2048, false,
	      "prog: condition met: buffers is 2048 (limit 1K)\n",
	      STATUS_CONDITION);
	judge("buffers>4K", 2048, false, "", STATUS_WHOLE);
	judge("unexplained>0", 1, false,
	      "prog: not complete: unexplained: not known, so --fail-if cannot "
	      "tell\n",
	      STATUS_GAPS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_several),
		cmocka_unit_test(test_parse_wrong),
		cmocka_unit_test(test_is_true),
		cmocka_unit_test(test_judge),
	};

	message_set_program("prog");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
