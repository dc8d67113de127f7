// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

#include "cli/cmd.h"
#include "cli/fail_if.h"
#include "tests/unit/ui/stderr.h"
#include "ui/message.h"

static const uint64_t numbers[] = { 5, 4096, 0 };

static void get_number(const struct cell *cell, struct value *value)
{
	value->number = numbers[cell->index];
	value->known = value->number;
}

static void get_index(const struct cell *cell, struct value *value)
{
	value_set_number(value, cell->index + 1);
}

static void get_age(const struct cell *cell, struct value *value)
{
	value->number = numbers[cell->index] * 60 * 1000000000;
	value->known = value->number;
}

static const struct column columns[] = {
	COLUMN(PID, COLUMN_BOTH, get_index),
	COLUMN(FDS, COLUMN_BOTH, get_number),
	COLUMN(RSS, COLUMN_BOTH | NEEDS_HOLDERS, get_number),
	COLUMN(LARGEST, COLUMN_BOTH, get_number),
	COLUMN(COMM, COLUMN_BOTH, get_number),
	COLUMN(AGE, COLUMN_BOTH | NEEDS_BIRTHS, get_age),
	{},
};

static void parse(const char *text, struct fail_if *condition)
{
	char wrong[FAIL_IF_WRONG] = "";

	if (fail_if_parse(&text, columns, condition, wrong))
		fail_msg("%s", wrong);
	assert_string_equal(text, "");
}

static void expect(const char *text, enum total_id total,
		   enum relation relation, uint64_t limit)
{
	struct fail_if condition;

	parse(text, &condition);
	assert_int_equal(condition.total, total);
	assert_null(condition.column);
	assert_false(condition.any);
	assert_int_equal(condition.relation, relation);
	assert_true(condition.limit == limit);
}

static void expect_column(const char *text, bool any, const char *name)
{
	struct fail_if condition;

	parse(text, &condition);
	assert_int_equal(condition.total, TOTALS);
	assert_string_equal(condition.column->field->name, name);
	assert_int_equal(condition.any, any);
}

static void test_parse_columns(void **state)
{
	(void)state;
	expect_column("fds>10", false, "fds");
	expect_column("any fds>10", true, "fds");
	expect_column(" any \t rss >= 1G", true, "rss");
	expect_column("any largest>1G", true, "largest");
}

static void expect_wrong(const char *text, const char *why)
{
	char wrong[FAIL_IF_WRONG] = "";
	struct fail_if condition;

	assert_int_equal(fail_if_parse(&text, columns, &condition, wrong),
			 -EINVAL);
	assert_string_equal(wrong, why);
}

static void test_wrong_words(void **state)
{
	(void)state;
	expect_wrong("fsd>1", "no total or column is called 'fsd'; did you "
			      "mean 'fds'?");
	expect_wrong("bites>1", "no total or column is called 'bites'; did you "
				"mean 'bytes'?");
	expect_wrong("any fsd>1",
		     "no column is called 'fsd'; did you mean 'fds'?");
	/* Totals are not of rows. */
	expect_wrong("any userspace_rss>1", "no column is called "
					    "'userspace_rss'; --help has the "
					    "columns");
	expect_wrong("anyfds>1", "no total or column is called 'anyfds'; the "
				 "totals are in --json");
	expect_wrong("any>1", "no total or column is called 'any'; the totals "
			      "are in --json");
	expect_wrong("largest>1", "'largest' has no sum; write 'any largest' "
				  "for that of each row");
	expect_wrong("any pid>1",
		     "column 'pid' has no amounts; see --help for others");
	expect_wrong("comm>1",
		     "column 'comm' has no amounts; see --help for others");
}

static void test_needs(void **state)
{
	(void)state;
	assert_false(fail_if_needs(NULL, columns) & NEEDS_HOLDERS);
	assert_false(fail_if_needs("bytes>1,buffers>2", columns) &
		     NEEDS_HOLDERS);
	assert_false(fail_if_needs("any fds>1", columns) & NEEDS_HOLDERS);
	assert_true(fail_if_needs("any rss>1", columns) & NEEDS_HOLDERS);
	assert_true(fail_if_needs("bytes>1,kernel_only>1", columns) &
		    NEEDS_HOLDERS);
	assert_true(fail_if_needs("unexplained>1", columns) & NEEDS_HOLDERS);
	assert_false(fail_if_needs("any rss>1", columns) & NEEDS_BIRTHS);
	assert_true(fail_if_needs("bytes>1,any age>1h", columns) &
		    NEEDS_BIRTHS);
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
	assert_int_equal(fail_if_parse(&text, columns, &condition, wrong), 0);
	assert_int_equal(condition.total, TOTAL_KERNEL_ONLY);
	assert_int_equal(fail_if_parse(&text, columns, &condition, wrong), 0);
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
		if (!fail_if_parse(&text, columns, &condition, why))
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
		assert_int_equal(fail_if_state(&condition, 9, false),
				 relations[i].less);
		assert_int_equal(fail_if_state(&condition, 10, false),
				 relations[i].equal);
		assert_int_equal(fail_if_state(&condition, 11, false),
				 relations[i].more);
	}
	/* The largest numbers are not negative ones. */
	condition.relation = RELATION_GT;
	assert_int_equal(fail_if_state(&condition, UINT64_MAX, false),
			 FAIL_IF_TRUE);
}

/* A number that is only known to be at least so much. */
static void test_lower_limit(void **state)
{
	static const struct {
		enum relation relation;
		enum fail_if_state less, equal, more;
	} relations[] = {
		{ RELATION_GT, FAIL_IF_UNKNOWN, FAIL_IF_UNKNOWN, FAIL_IF_TRUE },
		{ RELATION_GE, FAIL_IF_UNKNOWN, FAIL_IF_TRUE, FAIL_IF_TRUE },
		{ RELATION_LT, FAIL_IF_UNKNOWN, FAIL_IF_FALSE, FAIL_IF_FALSE },
		{ RELATION_LE, FAIL_IF_UNKNOWN, FAIL_IF_UNKNOWN,
		  FAIL_IF_FALSE },
		{ RELATION_EQ, FAIL_IF_UNKNOWN, FAIL_IF_UNKNOWN,
		  FAIL_IF_FALSE },
		{ RELATION_NE, FAIL_IF_UNKNOWN, FAIL_IF_UNKNOWN, FAIL_IF_TRUE },
	};
	struct fail_if condition = { .limit = 10 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(relations); i++) {
		condition.relation = relations[i].relation;
		assert_int_equal(fail_if_state(&condition, 9, true),
				 relations[i].less);
		assert_int_equal(fail_if_state(&condition, 10, true),
				 relations[i].equal);
		assert_int_equal(fail_if_state(&condition, 11, true),
				 relations[i].more);
	}
}

/* @rows: how many of numbers[] there are. */
static void judge_all(const char *text, const struct envelope *envelope,
		      size_t rows, bool bytes, const char *says, int status)
{
	const struct rows all = { .n = rows };
	const struct rows_view view = { .bytes = bytes };
	const struct answer answer = { envelope, &all, &view, NULL };

	assert_says(says,
		    assert_int_equal(fail_if_judge(text, columns, &answer),
				     status));
}

static void judge(const char *text, uint64_t number, bool bytes,
		  const char *says, int status)
{
	struct envelope envelope = {};

	envelope.totals[TOTAL_KERNEL_ONLY] =
		(struct total){ true, number, false };
	envelope.totals[TOTAL_BUFFERS] = (struct total){ true, number, false };
	judge_all(text, &envelope, 0, bytes, says, status);
}

/* Buffers may be missing, so a total is at least what was seen. */
static void test_judge_least(void **state)
{
	struct envelope envelope = {};

	(void)state;
	envelope.totals[TOTAL_BYTES] = (struct total){ true, 4096, true };
	envelope.totals[TOTAL_KERNEL_ONLY] =
		(struct total){ false, 4096, false };
	judge_all("bytes>1K", &envelope, 0, false,
		  "prog: condition met: bytes is at least 4.0K (limit 1K)\n",
		  STATUS_CONDITION);
	judge_all("kernel_only>1K", &envelope, 0, false,
		  "prog: condition met: kernel_only is at least 4.0K (limit "
		  "1K)\n",
		  STATUS_CONDITION);
	judge_all("bytes>1M", &envelope, 0, false,
		  "prog: not complete: bytes: not known, so --fail-if cannot "
		  "tell\n",
		  STATUS_GAPS);
	judge_all("bytes<1K", &envelope, 0, false, "", STATUS_WHOLE);
}

static void test_judge_rows(void **state)
{
	struct envelope envelope = {};

	(void)state;
	judge_all("any fds>5", &envelope, 1, false, "", STATUS_WHOLE);
	judge_all("any fds>5", &envelope, 2, false,
		  "prog: condition met: fds of pid 2 is 4096 (limit 5)\n",
		  STATUS_CONDITION);
	judge_all("any rss>=1K", &envelope, 2, false,
		  "prog: condition met: rss of pid 2 is 4.0K (limit 1K)\n",
		  STATUS_CONDITION);
	/* A row that is known to be true is enough. */
	judge_all("any fds>5", &envelope, 3, false,
		  "prog: condition met: fds of pid 2 is 4096 (limit 5)\n",
		  STATUS_CONDITION);
	judge_all("any fds>5K", &envelope, 3, false,
		  "prog: not complete: fds: not known, so --fail-if cannot "
		  "tell\n",
		  STATUS_GAPS);
	/* The sum of all rows. */
	judge_all("fds>4100", &envelope, 2, false,
		  "prog: condition met: fds is 4101 (limit 4100)\n",
		  STATUS_CONDITION);
	judge_all("fds>4101", &envelope, 2, false, "", STATUS_WHOLE);
	judge_all("fds>4101", &envelope, 3, false,
		  "prog: not complete: fds: not known, so --fail-if cannot "
		  "tell\n",
		  STATUS_GAPS);

	envelope.lacks_rows = true;
	judge_all("any fds>5", &envelope, 1, false,
		  "prog: not complete: fds: not known, so --fail-if cannot "
		  "tell\n",
		  STATUS_GAPS);
	judge_all("fds>5", &envelope, 1, false,
		  "prog: not complete: fds: not known, so --fail-if cannot "
		  "tell\n",
		  STATUS_GAPS);
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
		cmocka_unit_test(test_judge_least),
		cmocka_unit_test(test_judge_rows),
		cmocka_unit_test(test_lower_limit),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_parse_columns),
		cmocka_unit_test(test_wrong_words),
	};

	message_set_program("prog");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
