// SPDX-License-Identifier: GPL-2.0-or-later
/* Strings that grow, and what is left of them when memory ends. */
#include "tests/unit/unit.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* How many more allocations succeed; -1 for all. */
static int left = -1;

void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_realloc(void *p, size_t size)
{
	if (!left)
		return NULL;
	left -= left > 0;
	return __real_realloc(p, size);
}

static void test_texts(void **state)
{
	struct strbuf buf = {};
	char *text;

	(void)state;
	text = strbuf_take(&buf);
	assert_string_equal(text, "");
	free(text);

	strbuf_puts(&buf, "one");
	strbuf_puts(&buf, "");
	strbuf_printf(&buf, ", %d, %s", 2, "three");
	assert_int_equal(buf.n, strlen("one, 2, three"));
	text = strbuf_take(&buf);
	assert_string_equal(text, "one, 2, three");
	free(text);

	/* It is as new. */
	strbuf_puts(&buf, "four");
	text = strbuf_take(&buf);
	assert_string_equal(text, "four");
	free(text);
}

/* Texts of all lengths around those at which the string grows. */
static void test_growing(void **state)
{
	char part[600], *text;
	struct strbuf buf = {};
	size_t n, sum = 0;

	(void)state;
	for (n = 0; n < sizeof(part); n++) {
		memset(part, 'a' + n % 26, n);
		part[n] = 0;
		if (n % 2)
			strbuf_printf(&buf, "%s", part);
		else
			strbuf_puts(&buf, part);
		sum += n;
		assert_int_equal(buf.n, sum);
	}
	text = strbuf_take(&buf);
	assert_int_equal(strlen(text), sum);
	assert_memory_equal(text + sum - (n - 1), part, n);
	free(text);
}

static char *make(void)
{
	_cleanup_(strbuf_fini) struct strbuf buf = {};
	int i;

	for (i = 0; i < 300; i++)
		strbuf_printf(&buf, "%d %s\n", i, i % 7 ? "" : "more and more");
	strbuf_printf(&buf, "%5000d", 1);
	strbuf_puts(&buf, "the end");
	return strbuf_take(&buf);
}

/* After an allocation has failed, those that succeed are of no use. */
static void test_memory_that_ends(void **state)
{
	struct strbuf buf = {};
	char *whole = make(), *text = NULL;
	int n;

	(void)state;
	assert_non_null(whole);
	for (n = 0; !text; n++) {
		left = n;
		text = make();
		left = -1;
	}
	assert_string_equal(text, whole);
	assert_true(n > 4);
	free(text);
	free(whole);

	strbuf_puts(&buf, "before");
	left = 0;
	strbuf_printf(&buf, "%500d", 1);
	left = -1;
	strbuf_puts(&buf, "after");
	assert_true(buf.failed);
	assert_null(strbuf_take(&buf));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_memory_that_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
