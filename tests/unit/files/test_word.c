// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/files/kernel.h"

#include "files/memory.h"

/* A word ends where another one begins, and NULL has none. */
static void test_words(void **state)
{
	static const uint32_t numbers[] = { 0xc0001000, 0xc0002000, 3 };
	struct reach *kernel = *state;
	const uint64_t object = kernel_object();
	const uint64_t at[] = { object, 0, object + 4 };
	uint64_t words[] = { 1, 1, 1 };

	kernel_put32(object, 0, numbers[0]);
	kernel_put32(object, 4, numbers[1]);
	kernel_put32(object, 8, numbers[2]);
	memory_queue_words(kernel->memory, at, ARRAY_SIZE(at), 4, words, 4);
	memory_run(kernel->memory);
	assert_int_equal(words[0], numbers[1]);
	assert_int_equal(words[1], 0);
	assert_int_equal(words[2], numbers[2]);
	assert_int_equal(memory_word(kernel->memory, object, 4), numbers[0]);
	assert_int_equal(memory_word(kernel->memory, object, 8),
			 (uint64_t)numbers[1] << 32 | numbers[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
