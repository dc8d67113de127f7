// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>

#include "symbols/symbol.h"
#include "tests/unit/unit.h"

/* Writes /proc/kallsyms of a tree. */
static void put_kallsyms(const char *dir, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/proc/kallsyms", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void remove_tree(const char *dir)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/proc/kallsyms", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/proc", dir);
	rmdir(path);
	rmdir(dir);
}

/* Names addresses by a list of symbols. */
static void name(const char *kallsyms, struct symbol *symbols, size_t n)
{
	char dir[] = "/tmp/kallsyms-XXXXXX";
	struct dmabuf_ctx *ctx;

	assert_non_null(mkdtemp(dir));
	put_kallsyms(dir, kallsyms);
	ctx = unit_ctx(dir);
	assert_int_equal(symbols_name_kernel(ctx, symbols, n), 0);
	dmabuf_ctx_free(ctx);
	remove_tree(dir);
}

static void test_names(void **state)
{
	struct symbol symbols[] = {
		{ .at = 0xc0de2010 }, { .at = 0xc0de0000 },
		{ .at = 0xc0de1004 }, { .at = 0xc0de1800 },
		{ .at = 0xf0000010 }, { .at = 0xc0de1000 },
	};

	(void)state;
	/* Modules come later, and not in order. Data is no function. */
	name("00000000c0de0800 T first\n"
	     "00000000c0de1000 t second\n"
	     "00000000c0de1700 d data\n"
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
		cmocka_unit_test(test_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
