// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel prints for addresses of code, and could print. */
#include "symbols/lookup.h"
#include "tests/unit/unit.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text, *name, *file;
		uint64_t offset;
	} cases[] = {
		{ "dma_buf_export+0x1f/0x2b0", "dma_buf_export", "", 0x20 },
		{ "probe+0x0/0x10 [mod]", "probe", "mod", 1 },
		{ "bpf_prog_6deef7357e7b4530_f+0xab/0xcd [bpf]",
		  "bpf_prog_6deef7357e7b4530_f", "bpf", 0xac },
		/* Rust and compilers make odd names. */
		{ "_RNvCs1+0z$.isra.0+0x8/0x9", "_RNvCs1+0z$.isra.0", "", 9 },
		/* No name, or not what the kernel prints. */
		{ "0xffffffffc0123456", "", "", 7 },
		{ "", "", "", 7 },
		{ "name", "", "", 7 },
		{ "name+0x", "", "", 7 },
		{ "name+0x12", "", "", 7 },
		{ "name+0x12/", "", "", 7 },
		{ "+0x12/0x34", "", "", 0x13 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct symbol symbol = { .offset = 7 };

		lookup_parse(cases[i].text, &symbol);
		assert_string_equal(symbol.name, cases[i].name);
		assert_string_equal(symbol.file, cases[i].file);
		assert_int_equal(symbol.offset, cases[i].offset);
	}
}

static void test_long_names(void **state)
{
	char text[1024], *end;
	struct symbol symbol = {};

	(void)state;
	memset(text, 'x', 511);
	end = stpcpy(text + 511, "+0x10/0x20 [");
	memset(end, 'm', 300);
	strcpy(end + 300, "]");
	lookup_parse(text, &symbol);
	assert_int_equal(strlen(symbol.name), SYMBOL_NAME - 1);
	assert_int_equal(strlen(symbol.file), SYMBOL_FILE - 1);
	assert_int_equal(symbol.offset, 0x11);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
