// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "util/build_id.h"

/* One of 20 bytes may end with zeros by chance. */
static void test_sizes(void **state)
{
	static const struct {
		uint8_t id[BUILD_ID_BYTES];
		const char *text;
	} cases[] = {
		{ { 1,	2,  3,	4,  5,	6,  7,	8,  9,	  10,
		    11, 12, 13, 14, 15, 16, 17, 18, 0xff, 0 },
		  "0102030405060708090a0b0c0d0e0f101112ff00" },
		{ { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 },
		  "0102030405060708090a0b0c0d0e0f1011000000" },
		{ { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
		  "0102030405060708090a0b0c0d0e0f00" },
		{ { 1, 2, 3, 4, 5, 6, 7, 8, 9 },
		  "01020304050607080900000000000000" },
		{ { 1, 2, 3, 4, 5, 6, 7 }, "0102030405060700" },
		{ { 0 }, "0000000000000000" },
	};
	char text[BUILD_ID_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(build_id_text(cases[i].id, text),
				    cases[i].text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
