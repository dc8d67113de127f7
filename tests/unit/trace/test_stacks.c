// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/bpf.h>
#include <time.h>

#include "symbols/symbol.h"
#include "tests/unit/unit.h"
#include "trace/stacks.h"

/* Seconds of a clock that only goes on while names are searched for, or here.
 */
static double now, searching;

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	(void)clock;
	*ret = (struct timespec){ .tv_sec = now };
	ret->tv_nsec = (now - ret->tv_sec) * 1e9;
	return 0;
}

/* So it is called where a long has 32 bits. */
int __wrap___clock_gettime64(clockid_t clock, struct timespec *ret);
int __wrap___clock_gettime64(clockid_t clock, struct timespec *ret)
{
	return __wrap_clock_gettime(clock, ret);
}

int __wrap_symbols_name_user(struct dmabuf_ctx *ctx, struct symbol *symbols,
			     size_t n);
int __wrap_symbols_name_user(struct dmabuf_ctx *ctx, struct symbol *symbols,
			     size_t n)
{
	(void)ctx;
	(void)symbols;
	(void)n;
	now += 3;
	searching += 3;
	return 0;
}

/* Takes an event from a file. */
static void learn(struct trace_stacks *stacks, unsigned int number)
{
	union {
		struct trace_record record;
		char bytes[TRACE_STACKS_RECORD];
	} of = { .record = { .user_bytes = TRACE_USER_FRAME } };
	struct bpf_stack_build_id frame = {
		.status = BPF_STACK_BUILD_ID_VALID,
		.offset = 1,
	};

	memcpy(frame.build_id, &number, sizeof(number));
	memcpy(of.bytes + sizeof(of.record) + TRACE_KERNEL_ROOM, &frame,
	       sizeof(frame));
	assert_int_equal(trace_stacks_learn(stacks, of.bytes, 1), 0);
}

/* Return: for how long names are searched for, if each event is of a new file.
 */
static double search_for(double seconds)
{
	struct dmabuf_ctx *ctx = unit_ctx("/");
	struct trace_stacks stacks;
	unsigned int number = 0;

	now = 100;
	searching = 0;
	trace_stacks_init(&stacks, ctx, true);
	while (now < 100 + seconds) {
		now += 0.01;
		learn(&stacks, ++number);
	}
	trace_stacks_fini(&stacks);
	dmabuf_ctx_free(ctx);
	return searching;
}

/* Events must not be lost for that. */
static void test_patience(void **state)
{
	(void)state;
	assert_true(search_for(9) >= 9);
	assert_in_range(search_for(1000), 490, 520);
}

/* Names that there was no time for are found when there is. */
static void test_put_off(void **state)
{
	struct dmabuf_ctx *ctx = unit_ctx("/");
	struct trace_stacks stacks;

	(void)state;
	searching = 0;
	trace_stacks_init(&stacks, ctx, true);
	stacks.patience_ns = -1000000000;
	learn(&stacks, 1);
	assert_true(searching == 0);
	now += 2;
	learn(&stacks, 1);
	assert_true(searching == 3);
	/* And are not asked for once more. */
	now += 10;
	learn(&stacks, 1);
	assert_true(searching == 3);
	trace_stacks_fini(&stacks);
	dmabuf_ctx_free(ctx);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_put_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
