// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/texts.h"
#include "tests/unit/unit.h"

/* Texts stay where they are, whatever comes after them. */
static void test_add(void **state)
{
	enum { N = 10000 };
	const char *texts_at[N];
	struct texts texts = {};
	char text[32];
	int i;

	(void)state;
	for (i = 0; i < N; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		texts_at[i] = texts_add(&texts, text);
		assert_non_null(texts_at[i]);
	}
	for (i = 0; i < N; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		assert_string_equal(texts_at[i], text);
	}
	assert_string_equal(texts_add(&texts, ""), "");
	texts_fini(&texts);
}

/* What is not kept is written over by the next text. */
static void test_room(void **state)
{
	struct texts texts = {};
	char *room = texts_room(&texts, 32);

	(void)state;
	assert_non_null(room);
	assert_ptr_equal(texts_room(&texts, 8), room);
	memcpy(room, "frame", 6);
	texts_keep(&texts, 8);
	assert_ptr_equal(texts_add(&texts, "other"), room + 8);
	assert_string_equal(room, "frame");
	texts_fini(&texts);
}

static void test_share(void **state)
{
	struct texts texts = {};
	const char *system, *udmabuf;
	char text[32];
	int i;

	(void)state;
	system = texts_share(&texts, "system");
	udmabuf = texts_share(&texts, "udmabuf");
	assert_ptr_not_equal(system, udmabuf);
	assert_ptr_equal(texts_share(&texts, "system"), system);
	assert_ptr_equal(texts_share(&texts, "udmabuf"), udmabuf);
	assert_string_equal(texts_share(&texts, ""), "");
	/* One that was not seen for long may get a copy. */
	for (i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "driver %d", i);
		assert_string_equal(texts_share(&texts, text), text);
	}
	assert_string_equal(texts_share(&texts, "system"), "system");
	assert_string_equal(system, "system");
	texts_fini(&texts);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
