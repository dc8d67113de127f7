// SPDX-License-Identifier: GPL-2.0-or-later
/* BTF that no compiler writes: cycles, chains without end, missing types. */
#include <bpf/btf.h>

#include "core/error.h"
#include "tests/unit/unit.h"
#include "walk/btf_check.h"

static struct btf *new_btf(void)
{
	struct btf *btf = btf__new_empty();

	assert_non_null(btf);
	assert_int_equal(btf__add_int(btf, "int", 4, BTF_INT_SIGNED), 1);
	return btf;
}

/* Adds a struct with one member at each of @n offsets, all of type @of. */
static int add_struct(struct btf *btf, const char *member, int of, int n)
{
	int id = btf__add_struct(btf, "s", 4 * n), i;

	assert_true(id > 0);
	for (i = 0; i < n; i++)
		assert_int_equal(btf__add_field(btf, member, of, 32 * i, 0), 0);
	return id;
}

/* @text: what the error says; NULL: that there is none. */
static void expect(struct btf *btf, const char *text)
{
	struct dmabuf_error error = {};
	int r = btf_check(btf, 1, "file", &error);

	if (!text) {
		assert_string_equal(error.text, "");
		assert_int_equal(r, 0);
	} else {
		assert_non_null(strstr(error.text, text));
		assert_int_equal(r, -EBADMSG);
	}
	btf__free(btf);
}

static void test_pointers_may_lead_back(void **state)
{
	struct btf *btf = new_btf();

	(void)state;
	btf__add_ptr(btf, 4);
	btf__add_array(btf, 1, 2, 3);
	add_struct(btf, "next", 2, 3);
	add_struct(btf, "all", 3, 1);
	btf__add_typedef(btf, "name", 4);
	btf__add_const(btf, 6);
	expect(btf, NULL);
}

static void test_alias_of_itself(void **state)
{
	struct btf *btf = new_btf();

	(void)state;
	btf__add_typedef(btf, "a", 3);
	btf__add_const(btf, 2);
	expect(btf, "file: invalid BTF: type 2 leads to itself, or too far");
}

static void test_pointer_to_itself(void **state)
{
	struct btf *btf = new_btf();

	(void)state;
	btf__add_ptr(btf, 2);
	expect(btf, "type 2 leads to itself, or too far");
}

static void test_array_of_itself(void **state)
{
	struct btf *btf = new_btf();

	(void)state;
	btf__add_array(btf, 1, 3, 2);
	btf__add_volatile(btf, 2);
	expect(btf, "type 2 leads to itself, or too far");
}

static void test_long_chain(void **state)
{
	struct btf *btf = new_btf();
	int i;

	(void)state;
	for (i = 0; i < BTF_CHAIN_MAX; i++)
		btf__add_ptr(btf, i + 1);
	expect(btf, NULL);

	btf = new_btf();
	for (i = 0; i < BTF_CHAIN_MAX + 1; i++)
		btf__add_ptr(btf, i + 1);
	expect(btf, "type 34 leads to itself, or too far");
}

static void test_missing_type(void **state)
{
	struct btf *btf = new_btf();

	(void)state;
	btf__add_ptr(btf, 77);
	expect(btf, "type 77 does not exist");
	btf = new_btf();
	add_struct(btf, "", 78, 1);
	expect(btf, "type 78 does not exist");
}

/* By a member without a name, and by one that is all of the struct. */
static void test_struct_inside_itself(void **state)
{
	struct btf *btf = new_btf();

	(void)state;
	add_struct(btf, "", 3, 2);
	btf__add_typedef(btf, "a", 2);
	expect(btf, "contains itself, or is nested too deep");
	btf = new_btf();
	add_struct(btf, "only", 3, 1);
	add_struct(btf, "only", 2, 1);
	expect(btf, "contains itself, or is nested too deep");
}

static void test_deep_structs(void **state)
{
	struct btf *btf = new_btf();
	int i;

	(void)state;
	for (i = 0; i < BTF_NESTED_MAX; i++)
		add_struct(btf, "", i + 1, 1);
	expect(btf, NULL);

	/* With the innermost first, and with the outermost first. */
	btf = new_btf();
	for (i = 0; i < BTF_NESTED_MAX + 1; i++)
		add_struct(btf, "", i + 1, 1);
	expect(btf, "contains itself, or is nested too deep");
	btf = new_btf();
	for (i = 0; i < BTF_NESTED_MAX + 1; i++)
		add_struct(btf, "", i + 3, 1);
	add_struct(btf, "id", 1, 1);
	expect(btf, "contains itself, or is nested too deep");
}

/* Two members of the same type in each: 2^40 in the last. */
static void test_many_members(void **state)
{
	struct btf *btf = new_btf();
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		add_struct(btf, "", i + 1, 2);
	expect(btf, "too many members");
}

/* Each struct of many has not too many itself. */
static void test_many_members_in_all(void **state)
{
	struct btf *btf = new_btf();
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		add_struct(btf, "", i + 1, 2);
	for (i = 0; i < 20; i++)
		add_struct(btf, "", 21, 1);
	expect(btf, "too many members");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pointers_may_lead_back),
		cmocka_unit_test(test_alias_of_itself),
		cmocka_unit_test(test_pointer_to_itself),
		cmocka_unit_test(test_array_of_itself),
		cmocka_unit_test(test_long_chain),
		cmocka_unit_test(test_missing_type),
		cmocka_unit_test(test_struct_inside_itself),
		cmocka_unit_test(test_deep_structs),
		cmocka_unit_test(test_many_members),
		cmocka_unit_test(test_many_members_in_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
