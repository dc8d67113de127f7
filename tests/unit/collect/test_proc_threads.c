// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads of this process: many with a table of their own, some without. */
#include "collect/proc_threads.h"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "collect/proc_refs.h"
#include "collect/proc_walk.h"
#include "core/context.h"
#include "snapshot/snapshot.h"
#include "tests/unit/unit.h"

enum { OWN = 300, SHARING = 20, THREADS = OWN + SHARING };

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

static pthread_barrier_t ready, done;
static size_t compared;
static int denied;

/* Only kcmp(2) is called by way of this. */
long __wrap_syscall(long number, ...)
{
	long arg[5], r;
	va_list args;
	size_t i;

	va_start(args, number);
	for (i = 0; i < ARRAY_SIZE(arg); i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	compared += number == SYS_kcmp;
	r = __real_syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4]);
	if (r < 0)
		denied = errno;
	return r;
}

static void *run(void *own)
{
	if (own)
		assert_int_equal(unshare(CLONE_FILES), 0);
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&done);
	return NULL;
}

static int ignore(struct proc_walk *walk, const struct proc_task *task,
		  uint64_t fd, const struct dmabuf_rec_buffer *buffer)
{
	(void)walk;
	(void)task;
	(void)fd;
	(void)buffer;
	return 0;
}

/* Reads this process. Return: the number of tables found. */
static size_t read_tables(void)
{
	static const struct proc_sink sink = { .descriptor = ignore };
	struct proc_task task = { .pid = getpid(), .tid = getpid() };
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_ctx *ctx = unit_ctx("/");
	struct proc_walk walk;
	size_t n;

	task.dir = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(task.dir >= 0);
	proc_walk_init(&walk, ctx, snapshot, &sink);
	walk.has_memory = true;
	assert_int_equal(proc_read_threads(&walk, &task), 0);
	n = walk.tables.tasks.n;
	proc_walk_fini(&walk);
	close(task.dir);
	dmabuf_ctx_free(ctx);
	dmabuf_snapshot_free(snapshot);
	return n;
}

static void test_each_table_is_found_once(void **state)
{
	static pthread_t threads[THREADS];
	size_t i, n;

	(void)state;
	pthread_barrier_init(&ready, NULL, THREADS + 1);
	pthread_barrier_init(&done, NULL, THREADS + 1);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run,
						i < OWN ? &done : NULL),
				 0);
	pthread_barrier_wait(&ready);
	n = read_tables();
	pthread_barrier_wait(&done);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (denied)
		skip();
	assert_int_equal(n, OWN + 1);
	/* Each with a few of the others, not with each of them. */
	assert_true(compared < THREADS * 10);
}

static pid_t tids[2];

static void *run_numbered(void *arg)
{
	pid_t *tid = arg;

	*tid = gettid();
	return run(tid == &tids[0] ? tid : NULL);
}

/* The table of a reference that a thread of this process has. */
static uint64_t table_of(struct proc_walk *walk, uint32_t type, pid_t tid)
{
	struct dmabuf_rec_ref ref = { .type = type };
	const struct proc_task task = { .pid = getpid(), .tid = tid };

	assert_int_equal(proc_add_ref(walk, &ref, &task), 0);
	return ref.table;
}

/* References from one table, or one address space, have one number. */
static void test_references_of_shared_objects(void **state)
{
	const uint32_t fd = DMABUF_REC_REF_FD, map = DMABUF_REC_REF_MAP;
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_ctx *ctx = unit_ctx("/");
	struct proc_walk walk;
	uint64_t mine, own, shared, memory[2];
	pthread_t threads[2];
	size_t i;

	(void)state;
	pthread_barrier_init(&ready, NULL, 3);
	pthread_barrier_init(&done, NULL, 3);
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_numbered,
						&tids[i]),
				 0);
	pthread_barrier_wait(&ready);
	proc_walk_init(&walk, ctx, snapshot, NULL);
	mine = table_of(&walk, fd, getpid());
	own = table_of(&walk, fd, tids[0]);
	shared = table_of(&walk, fd, tids[1]);
	memory[0] = table_of(&walk, map, tids[0]);
	memory[1] = table_of(&walk, map, getpid());
	pthread_barrier_wait(&done);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	proc_walk_fini(&walk);
	dmabuf_ctx_free(ctx);
	dmabuf_snapshot_free(snapshot);
	if (denied)
		skip();
	assert_int_equal(mine, getpid());
	assert_int_equal(shared, mine);
	assert_int_not_equal(own, mine);
	assert_int_not_equal(own, 0);
	assert_int_not_equal(memory[0], 0);
	assert_int_equal(memory[1], memory[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_table_is_found_once),
		cmocka_unit_test(test_references_of_shared_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
