// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbols/symbol.h"
#include "tests/unit/unit.h"

/* Writes a file in /proc of a tree. */
static void put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Names addresses by a list of symbols, with modules if they are not NULL. */
static void name_with(const char *kallsyms, const char *modules,
		      struct symbol *symbols, size_t n)
{
	char dir[] = "/tmp/kallsyms-XXXXXX", command[64];
	struct dmabuf_ctx *ctx;

	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command), "mkdir %s/proc", dir);
	assert_int_equal(system(command), 0);
	put(dir, "kallsyms", kallsyms);
	if (modules)
		put(dir, "modules", modules);
	ctx = unit_ctx(dir);
	assert_int_equal(symbols_name_kernel(ctx, symbols, n), 0);
	dmabuf_ctx_free(ctx);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void name(const char *kallsyms, struct symbol *symbols, size_t n)
{
	name_with(kallsyms, NULL, symbols, n);
}

static void expect_names(const struct symbol *symbols, const char *const *names,
			 size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		assert_string_equal(symbols[i].name, names[i]);
}

static void test_names(void **state)
{
	struct symbol symbols[] = {
		{ .at = 0xc0de2010 }, { .at = 0xc0de0000 },
		{ .at = 0xc0de1004 }, { .at = 0xc0de1800 },
		{ .at = 0xf0000010 }, { .at = 0xc0de1000 },
	};

	(void)state;
	/* Modules come later, and not in order. */
	name("00000000c0de0800 T first\n"
	     "00000000c0de1000 t second\n"
	     "00000000c0de1700 A number\n"
	     "00000000c0de2000 W third\n"
	     "00000000f0000000 t probe\t[mod]\n"
	     "00000000e0000000 t other\t[mod]\n",
	     symbols, 6);
	assert_string_equal(symbols[0].name, "third");
	assert_int_equal(symbols[0].offset, 0x10);
	assert_string_equal(symbols[0].file, "");
	assert_string_equal(symbols[1].name, "");
	assert_string_equal(symbols[2].name, "second");
	assert_int_equal(symbols[2].offset, 4);
	assert_string_equal(symbols[3].name, "second");
	assert_int_equal(symbols[3].offset, 0x800);
	assert_string_equal(symbols[4].name, "probe");
	assert_string_equal(symbols[4].file, "mod");
	/* A call that never returns may be the last one of a function. */
	assert_string_equal(symbols[5].name, "first");
	assert_int_equal(symbols[5].offset, 0x800);
}

/* Code of a module that is there no more is not of what is before it. */
static void test_gone(void **state)
{
	struct symbol symbols[] = {
		{ .at = 0xc0de0810 }, { .at = 0xc0de1710 },
		{ .at = 0xe0000010 }, { .at = 0xe0001800 },
		{ .at = 0xe0002010 }, { .at = 0xf0000100 },
		{ .at = 0xf0001010 }, { .at = 0xffffffffc0000000 },
	};
	static const char *const names[] = {
		"first", "", "probe", "probe", "", "ftrace_trampoline", "", "",
	};

	(void)state;
	name_with("c0de0800 T first\n"
		  "c0de1700 D data\n"
		  "c0de1800 B _end\n"
		  "e0000000 t probe\t[mod]\n"
		  "f0000000 t ftrace_trampoline\t[__builtin__ftrace]\n",
		  "other 4096 1 - Live 0xe0003000\n"
		  "mod 8192 2 other,another, Live 0x00000000e0000000 (OE)\n",
		  symbols, ARRAY_SIZE(symbols));
	expect_names(symbols, names, ARRAY_SIZE(symbols));
	assert_string_equal(symbols[2].file, "mod");
	assert_string_equal(symbols[4].file, "");
}

/* The size of a module can be more than its code, which ends before the next.
 */
static void test_next_module(void **state)
{
	struct symbol symbols[] = {
		{ .at = 0xe0000010 },
		{ .at = 0xe0001000 },
		{ .at = 0xe0001010 },
		{ .at = 0xe0001110 },
	};
	static const char *const names[] = { "probe", "probe", "", "begin" };

	(void)state;
	name_with("e0000000 t probe\t[mod]\n"
		  "e0001100 t begin\t[next]\n",
		  "mod 65536 0 - Live 0xe0000000\n"
		  "next 8192 0 - Live 0xe0001000\n",
		  symbols, ARRAY_SIZE(symbols));
	expect_names(symbols, names, ARRAY_SIZE(symbols));
}

static void test_hidden(void **state)
{
	struct symbol symbol = { .at = 0xc0de2010 };

	(void)state;
	name("0000000000000000 T first\n0000000000000000 t second\n", &symbol,
	     1);
	assert_string_equal(symbol.name, "");
	name("", &symbol, 1);
	name("c0de2000 T\nzzz T name\n\nc0de2000\n", &symbol, 1);
	assert_string_equal(symbol.name, "");
	name("c0de2000 ", &symbol, 1);
	assert_string_equal(symbol.name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_next_module),
		cmocka_unit_test(test_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
