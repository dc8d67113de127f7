// SPDX-License-Identifier: GPL-2.0-or-later
/* Values that btfwalk takes out of records, and conditions on them. */
#include <string.h>

#include "tests/unit/unit.h"
#include "walk/condition.h"
#include "walk/value.h"

/* A record with room for a few bytes of fields. */
struct with_data {
	struct walk_record record;
	unsigned char data[64];
};

static struct path number(enum show show, uint16_t bytes)
{
	return (struct path){
		.show = show,
		.field = { .bytes = bytes, .at = 8 },
	};
}

static void test_numbers_are_extended(void **state)
{
	struct with_data r = { .data[8] = 0xfe, .data[9] = 0xff };
	struct path path = number(SHOW_SIGNED, 2);

	(void)state;
	assert_int_equal((int64_t)walk_value_of(&path, 0, &r.record).number,
			 -2);
	path.show = SHOW_UNSIGNED;
	assert_int_equal(walk_value_of(&path, 0, &r.record).number, 0xfffe);
}

static void test_bit_fields(void **state)
{
	struct with_data r = { .data[8] = 0x7c, .data[9] = 0x02 };
	struct path path = number(SHOW_UNSIGNED, 2);

	(void)state;
	path.bit_offset = 2;
	path.bits = 5;
	assert_int_equal(walk_value_of(&path, 0, &r.record).number, 31);
	path.show = SHOW_SIGNED;
	assert_int_equal((int64_t)walk_value_of(&path, 0, &r.record).number,
			 -1);
	path.show = SHOW_UNSIGNED;
	path.bit_offset = 7;
	path.bits = 3;
	assert_int_equal(walk_value_of(&path, 0, &r.record).number, 4);
}

static void test_strings_end(void **state)
{
	struct with_data r = {};
	struct path path = number(SHOW_STRING, 8);
	struct walk_value value;

	(void)state;
	memcpy(r.data + 8, "eight ch", 8);
	value = walk_value_of(&path, 0, &r.record);
	assert_int_equal(value.length, 8);
	assert_false(value.cut);
	memcpy(r.data + 8, "six\0xxxx", 8);
	assert_int_equal(walk_value_of(&path, 0, &r.record).length, 3);
}

static void test_null_and_fault_are_of_the_field(void **state)
{
	struct with_data r = { .record = { .null = 1 << 3, .fault = 1 << 5 } };
	struct path path = number(SHOW_UNSIGNED, 8);

	(void)state;
	assert_true(walk_value_of(&path, 3, &r.record).null);
	assert_false(walk_value_of(&path, 4, &r.record).null);
	assert_true(walk_value_of(&path, 5, &r.record).fault);
}

static bool refs(enum relation relation, uint64_t with, enum show show,
		 int64_t is)
{
	struct condition condition = { .relation = relation, .number = with };
	struct path path = number(show, 8);
	struct with_data r = {};

	memcpy(r.data + 8, &is, sizeof(is));
	return condition_holds(&condition, &path, &r.record);
}

static void test_numbers_are_compared(void **state)
{
	(void)state;
	assert_true(refs(RELATION_LT, 3, SHOW_SIGNED, -1));
	assert_false(refs(RELATION_LT, 3, SHOW_UNSIGNED, -1));
	assert_true(refs(RELATION_LE, 3, SHOW_UNSIGNED, 3));
	assert_true(refs(RELATION_GE, 3, SHOW_UNSIGNED, 3));
	assert_false(refs(RELATION_GT, 3, SHOW_UNSIGNED, 3));
	assert_true(refs(RELATION_NE, 3, SHOW_UNSIGNED, 4));
	assert_false(refs(RELATION_EQ, 3, SHOW_UNSIGNED, 4));
}

static bool text_holds(enum relation relation, const char *with, const char *is)
{
	struct condition condition = {
		.relation = relation,
		.with = WITH_TEXT,
		.text = (char *)with,
	};
	struct path path = number(SHOW_STRING, 32);
	struct with_data r = {};

	strcpy((char *)r.data + 8, is);
	return condition_holds(&condition, &path, &r.record);
}

static void test_text_is_compared(void **state)
{
	(void)state;
	assert_true(text_holds(RELATION_EQ, "system", "system"));
	assert_false(text_holds(RELATION_EQ, "system", "system2"));
	assert_true(text_holds(RELATION_LIKE, "sys*", "system"));
	assert_false(text_holds(RELATION_LIKE, "sys?", "system"));
	assert_true(text_holds(RELATION_LT, "b", "a"));
}

static void test_what_is_not_known_holds_nothing(void **state)
{
	struct condition condition = { .relation = RELATION_EQ };
	struct with_data r = { .record = { .null = 1 } };
	struct path path = number(SHOW_UNSIGNED, 8);

	(void)state;
	/* A number behind a NULL is not 0; the pointer is NULL. */
	assert_false(condition_holds(&condition, &path, &r.record));
	condition.with = WITH_NULL;
	assert_true(condition_holds(&condition, &path, &r.record));
}

/* An object is left out for what it is, not for what cannot be read. */
static void test_what_cannot_be_read(void **state)
{
	struct condition condition = { .relation = RELATION_EQ, .number = 7 };
	struct with_data r = { .record = { .fault = 1 } };
	struct path path = number(SHOW_UNSIGNED, 8);

	(void)state;
	assert_true(condition_holds(&condition, &path, &r.record));
	condition.with = WITH_NULL;
	assert_true(condition_holds(&condition, &path, &r.record));
	condition.check = true;
	assert_false(condition_holds(&condition, &path, &r.record));
	condition.relation = RELATION_NE;
	assert_false(condition_holds(&condition, &path, &r.record));
}

static void test_the_object_itself(void **state)
{
	struct condition condition = { .with = WITH_OBJECT };
	struct with_data r = { .record.object = 0xffff888000001234 };
	struct path path = number(SHOW_HEX, 8);

	(void)state;
	assert_false(condition_holds(&condition, &path, &r.record));
	memcpy(r.data + 8, &r.record.object, sizeof(r.record.object));
	assert_true(condition_holds(&condition, &path, &r.record));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_extended),
		cmocka_unit_test(test_bit_fields),
		cmocka_unit_test(test_strings_end),
		cmocka_unit_test(test_null_and_fault_are_of_the_field),
		cmocka_unit_test(test_numbers_are_compared),
		cmocka_unit_test(test_text_is_compared),
		cmocka_unit_test(test_what_is_not_known_holds_nothing),
		cmocka_unit_test(test_what_cannot_be_read),
		cmocka_unit_test(test_the_object_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
