// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/condition.h"
#include "tests/unit/unit.h"

/* @value: NULL when there is just a name. */
static void expect(const char *text, const char *name, enum relation relation,
		   const char *value)
{
	struct condition_parts parts;

	assert_int_equal(condition_split(text, strlen(text), &parts), 0);
	assert_int_equal(parts.name_length, strlen(name));
	assert_memory_equal(parts.name, name, strlen(name));
	assert_false(parts.negated);
	if (!value) {
		assert_null(parts.value);
		return;
	}
	assert_int_equal(parts.relation, relation);
	assert_int_equal(parts.value_length, strlen(value));
	assert_memory_equal(parts.value, value, strlen(value));
}

static void test_relations(void **state)
{
	(void)state;
	expect("a==b", "a", RELATION_EQ, "b");
	expect("a=b", "a", RELATION_EQ, "b");
	expect("a!=b", "a", RELATION_NE, "b");
	expect("a<=b", "a", RELATION_LE, "b");
	expect("a<b", "a", RELATION_LT, "b");
	expect("a>=b", "a", RELATION_GE, "b");
	expect("a>b", "a", RELATION_GT, "b");
	expect("a~b*", "a", RELATION_LIKE, "b*");
}

static void test_blanks(void **state)
{
	(void)state;
	expect("  kernel_only \t> 64M ", "kernel_only", RELATION_GT, "64M");
	expect("comm ~ a b c", "comm", RELATION_LIKE, "a b c");
}

/* What a program cannot use is its own to refuse. */
static void test_odd_values(void **state)
{
	(void)state;
	expect("a=>1", "a", RELATION_EQ, ">1");
	expect("a<>1", "a", RELATION_LT, ">1");
	expect("a>-1", "a", RELATION_GT, "-1");
	expect("a===b", "a", RELATION_EQ, "=b");
}

static void test_arrows(void **state)
{
	(void)state;
	expect("file->f_inode->i_ino>3", "file->f_inode->i_ino", RELATION_GT,
	       "3");
	expect("ops->name", "ops->name", 0, NULL);
	expect("a - >b", "a -", RELATION_GT, "b");
}

static void test_names_alone(void **state)
{
	static const char text[] = " ! ops->name ";
	struct condition_parts parts;

	(void)state;
	expect("priv{TYPE}.x[3]", "priv{TYPE}.x[3]", 0, NULL);
	assert_int_equal(condition_split(text, strlen(text), &parts), 0);
	assert_true(parts.negated);
	assert_null(parts.value);
	assert_int_equal(parts.name_length, 9);
	assert_memory_equal(parts.name, "ops->name", 9);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = { "",    " ",   ">",	  ">1", "a>",
					     "a=",  "a !", "a!b", "!",	"!a>1",
					     "!!a", "a~",  "= b" };
	struct condition_parts parts = { .name_length = 77 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (!condition_split(wrong[i], strlen(wrong[i]), &parts))
			fail_msg("'%s' was taken", wrong[i]);
		assert_int_equal(parts.name_length, 77);
	}
}

/* The text need not end where the condition does. */
static void test_length(void **state)
{
	struct condition_parts parts;

	(void)state;
	assert_int_equal(condition_split("a>12,b", 4, &parts), 0);
	assert_int_equal(parts.value_length, 2);
	assert_int_equal(condition_split("a->b", 2, &parts), 0);
	assert_int_equal(parts.name_length, 2);
	assert_int_equal(condition_split("a>=1", 2, &parts), -EINVAL);
	assert_int_equal(condition_split("a!=1", 2, &parts), -EINVAL);
}

static void test_truth(void **state)
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
		{ RELATION_LIKE, false, false, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(relations); i++) {
		assert_int_equal(relation_is_true(relations[i].relation, -1),
				 relations[i].less);
		assert_int_equal(relation_is_true(relations[i].relation, 0),
				 relations[i].equal);
		assert_int_equal(relation_is_true(relations[i].relation, 1),
				 relations[i].more);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_odd_values),
		cmocka_unit_test(test_arrows),
		cmocka_unit_test(test_names_alone),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_truth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
