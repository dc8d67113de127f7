// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table writer: widths, alignment, what is cut and wrapped on terminals,
 * and memory and streams that end.
 */
#include <locale.h>

#include "tests/unit/unit.h"
#include "ui/table.h"

/* How many more allocations succeed; -1 for all. */
static int left = -1;

static bool fails(void)
{
	if (left < 0)
		return false;
	if (left) {
		left--;
		return false;
	}
	errno = ENOMEM;
	return true;
}

#define WRAP(name, parameters, arguments)                                      \
	void *__real_##name parameters;                                        \
	void *__wrap_##name parameters;                                        \
	void *__wrap_##name parameters                                         \
	{                                                                      \
		return fails() ? NULL : __real_##name arguments;               \
	}

WRAP(calloc, (size_t n, size_t size), (n, size))
WRAP(reallocarray, (void *p, size_t n, size_t size), (p, n, size))

struct written {
	struct table table;
	char *text;
	size_t size;
	FILE *file;
};

/* @width: of the terminal, 0 for a file. */
static void begin(struct written *w, size_t width, bool headings)
{
	w->table = (struct table)TABLE_NONE;
	w->file = open_memstream(&w->text, &w->size);
	assert_non_null(w->file);
	table_begin(&w->table, w->file, headings);
	assert_int_equal(w->table.width, 0);
	assert_false(w->table.bold);
	w->table.width = width;
}

static void end(struct written *w, int r, const char *text)
{
	assert_int_equal(table_fit(&w->table) ?: table_print(&w->table), r);
	table_fini(&w->table);
	fclose(w->file);
	assert_string_equal(w->text, text);
	free(w->text);
}

static void row(struct written *w, const char *a, const char *b, const char *c)
{
	table_text(&w->table, a);
	table_text(&w->table, b);
	if (c)
		table_text(&w->table, c);
}

static void columns(struct written *w, unsigned int a, unsigned int b,
		    unsigned int c)
{
	table_column(&w->table, a);
	table_column(&w->table, b);
	table_column(&w->table, c);
}

static void test_alignment(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 0, true);
	columns(&w, TABLE_RIGHT, 0, 0);
	row(&w, "INO", "NAME", "LAST");
	row(&w, "1", "a long name", "x");
	row(&w, "12345", "", "");
	end(&w, 0,
	    "  INO NAME        LAST\n"
	    "    1 a long name x\n"
	    "12345             \n");
}

static void test_last_column_at_the_right(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 0, true);
	table_column(&w.table, 0);
	table_column(&w.table, TABLE_RIGHT);
	row(&w, "A", "SIZE", NULL);
	row(&w, "b", "1", NULL);
	end(&w, 0, "A SIZE\nb    1\n");
}

/* A long cell is kept in another way than a short one, and printed alike. */
static void test_cells_of_any_length(void **state)
{
	static const size_t sizes[] = { 0,   1,	  15,  16,  17,	 63,  64,  65,
					253, 254, 255, 256, 257, 510, 5000 };
	char text[5001], line[6 * sizeof(text)];
	struct written w;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(text, 'x', sizes[i]);
		text[sizes[i]] = 0;
		begin(&w, 0, false);
		columns(&w, 0, TABLE_RIGHT, 0);
		row(&w, text, "b", text);
		row(&w, "", text, "c");
		snprintf(line, sizeof(line), "%s %*s %s\n%*s %*s c\n", text,
			 (int)(sizes[i] ?: 1), "b", text, (int)sizes[i], "",
			 (int)(sizes[i] ?: 1), text);
		end(&w, 0, line);
	}
}

static void test_headings_alone_are_no_table(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 0, true);
	columns(&w, 0, 0, 0);
	row(&w, "A", "B", "C");
	end(&w, 0, "");
	begin(&w, 0, false);
	columns(&w, 0, 0, 0);
	end(&w, 0, "");
}

/* Even before there is any other text. */
static void test_empty_cells(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 0, false);
	table_column(&w.table, 0);
	table_column(&w.table, TABLE_RIGHT);
	row(&w, "", "1", NULL);
	row(&w, "", "", NULL);
	row(&w, "a", "23", NULL);
	end(&w, 0,
	    "   1\n"
	    "    \n"
	    "a 23\n");
}

static void test_odd_texts(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 0, false);
	columns(&w, 0, 0, 0);
	row(&w, "\xe6\xbc\xa2", "e\xcc\x81", "|");
	row(&w, "a\nb", "\xff", "|");
	row(&w, "back\\", "", "|");
	end(&w, 0,
	    "\xe6\xbc\xa2     e\xcc\x81    |\n"
	    "a\\x0ab \\xff |\n"
	    "back\\\\      |\n");
}

static void test_bold_headings(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 80, true);
	w.table.bold = true;
	table_column(&w.table, TABLE_RIGHT);
	table_column(&w.table, 0);
	row(&w, "A", "B", NULL);
	row(&w, "100", "longer", NULL);
	end(&w, 0,
	    "\033[1m  A\033[0m \033[1mB\033[0m\n"
	    "100 longer\n");
	/* Without headings the first row is not bold. */
	begin(&w, 80, false);
	w.table.bold = true;
	table_column(&w.table, 0);
	table_column(&w.table, 0);
	row(&w, "A", "B", NULL);
	end(&w, 0, "A B\n");
}

static void test_names_are_shortened(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 20, true);
	columns(&w, TABLE_SHORTEN, TABLE_RIGHT, 0);
	row(&w, "NAME", "SIZE", "KIND");
	row(&w, "abcdefghijklmnop", "123456", "word");
	row(&w, "abcdefgh", "1", "word");
	row(&w, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2",
	    "1", "word");
	end(&w, 0,
	    "NAME       SIZE KIND\n"
	    "abcdefg\xe2\x80\xa6 123456 word\n"
	    "abcdefgh      1 word\n"
	    "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6       1 word\n");
}

/* Numbers, words and headings stay whole, even where they do not fit. */
static void test_what_is_never_cut(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 10, true);
	columns(&w, TABLE_RIGHT, 0, TABLE_SHORTEN);
	row(&w, "SIZE", "COLLECTOR", "A_HEADING");
	row(&w, "18446744073709551615", "dma_noiommu", "abcdefghijklmnop");
	end(&w, 0,
	    "                SIZE COLLECTOR   A_\n"
	    "                                 HEADING\n"
	    "18446744073709551615 dma_noiommu abcdef\xe2\x80\xa6\n");
}

static void test_headings_are_wrapped(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 14, true);
	w.table.bold = true;
	columns(&w, TABLE_RIGHT, 0, TABLE_RIGHT);
	row(&w, "FREE_BYTES", "KIND", "SIZE");
	row(&w, "12K", "word", "1");
	end(&w, 0,
	    "\033[1mFREE_\033[0m \033[1mKIND\033[0m \033[1mSIZE\033[0m\n"
	    "\033[1mBYTES\033[0m\n"
	    "  12K word    1\n");
}

static void test_prose_is_wrapped(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 30, true);
	columns(&w, 0, TABLE_WRAP, 0);
	row(&w, "ID", "NOTE", "X");
	row(&w, "one", "mainline has it since version 6.16", "yes");
	row(&w, "two", "short", "no");
	end(&w, 0,
	    "ID  NOTE                   X\n"
	    "one mainline has it since  yes\n"
	    "    version 6.16\n"
	    "two short                  no\n");
}

static void test_lists_are_wrapped(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 16, false);
	table_column(&w.table, TABLE_RIGHT);
	table_column(&w.table, TABLE_WRAP_LIST);
	row(&w, "1", "a:1,bcd:2,efghi:3,j:4", NULL);
	end(&w, 0,
	    "1 a:1,bcd:2,\n"
	    "  efghi:3,j:4\n");
}

/* Names get shorter before an item of a list is wrapped. */
static void test_items_stay_whole(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 24, false);
	table_column(&w.table, TABLE_SHORTEN);
	table_column(&w.table, TABLE_WRAP_LIST);
	row(&w, "abcdefghijklm", "cameraserver:75,a:1", NULL);
	end(&w, 0,
	    "abcdef\xe2\x80\xa6 cameraserver:75,\n"
	    "        a:1\n");
	begin(&w, 14, false);
	table_column(&w.table, TABLE_SHORTEN);
	table_column(&w.table, TABLE_WRAP_LIST);
	row(&w, "abcdefghijklm", "cameraserver:75,a:1", NULL);
	end(&w, 0,
	    "abc\xe2\x80\xa6 cameraser\n"
	    "     ver:75,\n"
	    "     a:1\n");
}

static void test_three_dots_without_utf8(void **state)
{
	struct written w;

	(void)state;
	setlocale(LC_ALL, "C");
	begin(&w, 10, false);
	table_column(&w.table, TABLE_SHORTEN);
	table_column(&w.table, 0);
	row(&w, "abcdefghijklmnop", "w", NULL);
	end(&w, 0, "abcde... w\n");
	setlocale(LC_ALL, "C.UTF-8");
}

static int write_one(struct written *w)
{
	static const char large[] =
		"a text that is not ASCII: \xc3\xa9, to be copied by the slow "
		"way, again and again, until the table has to grow";
	int i, r;

	columns(w, 0, TABLE_RIGHT, TABLE_WRAP);
	row(w, "A", "B", "C");
	for (i = 0; i < 200; i++)
		row(w, "a", "1", large);
	r = table_fit(&w->table);
	if (!r) {
		/* From here on, nothing is allocated. */
		left = 0;
		r = table_print(&w->table);
		left = -1;
	}
	table_fini(&w->table);
	return r;
}

/* Each allocation fails once: an error and nothing written, or all of it. */
static void test_memory_that_ends(void **state)
{
	size_t whole;
	struct written w;
	int n, r;

	(void)state;
	begin(&w, 0, true);
	assert_int_equal(write_one(&w), 0);
	fclose(w.file);
	whole = w.size;
	free(w.text);
	for (n = 0, r = -1; r; n++) {
		/* Not the stream's own memory. */
		begin(&w, 0, true);
		setvbuf(w.file, NULL, _IOFBF, 4 * whole);
		left = n;
		r = write_one(&w);
		left = -1;
		fclose(w.file);
		assert_true(r == 0 || r == -ENOMEM);
		assert_int_equal(w.size, r ? 0 : whole);
		free(w.text);
	}
	assert_true(n > 4);
}

/* Rows that come later stand below those that were printed, wider ones too. */
static void test_rows_that_come_later(void **state)
{
	struct written w;

	(void)state;
	begin(&w, 0, true);
	columns(&w, 0, TABLE_RIGHT, 0);
	row(&w, "A", "B", "C");
	row(&w, "name", "1", "x");
	assert_int_equal(table_fit(&w.table) ?: table_print(&w.table), 0);
	table_next(&w.table);
	row(&w, "n", "12", "y");
	assert_int_equal(table_fit(&w.table) ?: table_print(&w.table), 0);
	table_next(&w.table);
	row(&w, "m", "3", "z");
	end(&w, 0, "A    B C\nname 1 x\nn    12 y\nm     3 z\n");
}

static void test_a_full_disk_is_an_error(void **state)
{
	struct written w = { .table = TABLE_NONE };

	(void)state;
	w.file = fopen("/dev/full", "we");
	assert_non_null(w.file);
	setvbuf(w.file, NULL, _IONBF, 0);
	table_begin(&w.table, w.file, true);
	assert_int_equal(write_one(&w), -ENOSPC);
	fclose(w.file);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_last_column_at_the_right),
		cmocka_unit_test(test_cells_of_any_length),
		cmocka_unit_test(test_headings_alone_are_no_table),
		cmocka_unit_test(test_empty_cells),
		cmocka_unit_test(test_odd_texts),
		cmocka_unit_test(test_bold_headings),
		cmocka_unit_test(test_names_are_shortened),
		cmocka_unit_test(test_what_is_never_cut),
		cmocka_unit_test(test_headings_are_wrapped),
		cmocka_unit_test(test_prose_is_wrapped),
		cmocka_unit_test(test_lists_are_wrapped),
		cmocka_unit_test(test_items_stay_whole),
		cmocka_unit_test(test_three_dots_without_utf8),
		cmocka_unit_test(test_memory_that_ends),
		cmocka_unit_test(test_rows_that_come_later),
		cmocka_unit_test(test_a_full_disk_is_an_error),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
