// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adversary iterators: runs the error paths of the kernel's iterators. After
 * each fault the errno must be ENOMEM or EFAULT, no buffer may have another
 * number of references, and the next reader must get everything.
 *
 * Needs root, a kernel with fault injection, the system heap, and the files of
 * "dmabuf pin". No other process may make buffers or hold iterators meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/records.h"
#include "adversary/calls.h"
#include "adversary/failnth.h"
#include "adversary/modes.h"
#include "adversary/programs.h"
#include "adversary/report.h"

#define PINNED "/sys/fs/bpf/dmabuf/records"

enum {
	BUFFERS = 16,
	PIECE = 500, /* small, so that the iterator stops and restarts often */
	BYTES_MAX = 256 * 1024,
	AGAIN_MAX = 3,
};

struct got {
	size_t bytes;
	char data[BYTES_MAX];
};

/*
 * While faults are on, the program allocates nothing and touches no new page.
 */
struct world {
	int buffers[BUFFERS];
	long counts[BUFFERS];
	struct programs programs;
	size_t records, all_records;
	struct got got, all;
};

/* -------------------------------------------------------------- operations */

/* Reads to the end. Retries a failed read, @again times in all. */
static int read_all(int fd, struct got *got, int again)
{
	int n;

	do {
		n = call_read(fd, got->data + got->bytes, PIECE);
		if (n > 0)
			got->bytes += n;
		if (got->bytes + PIECE > sizeof(got->data))
			return -E2BIG;
	} while (n > 0 || (n < 0 && again-- > 0));
	return n;
}

static int read_pinned(struct got *got, int again)
{
	int fd, err, r;

	got->bytes = 0;
	fd = open(PINNED, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = read_all(fd, got, again);
	r = call_close(fd);
	return err ? err : r;
}

static int run_read(void *world)
{
	struct world *w = world;

	return read_pinned(&w->got, 0);
}

/* A reader that retries after an error gets everything. */
static int run_read_on(void *world)
{
	struct world *w = world;

	return read_pinned(&w->got, AGAIN_MAX);
}

static bool is_read_whole(void *world)
{
	struct world *w = world;

	return w->got.bytes == w->all.bytes &&
	       !memcmp(w->got.data, w->all.data, w->all.bytes);
}

static int read_a_byte(int fd, struct got *got)
{
	int n = call_read(fd, got->data, 1);

	got->bytes = n > 0;
	return n < 0 ? n : 0;
}

static int run_link(void *world)
{
	struct world *w = world;
	int link = call_link_create(w->programs.seq);

	w->got.bytes = link >= 0;
	if (link >= 0)
		close(link);
	return link;
}

static int run_create(void *world)
{
	struct world *w = world;
	int link, iter, err;

	link = call_link_create(w->programs.seq);
	if (link < 0)
		return link;
	iter = call_iter_create(link);
	err = iter < 0 ? iter : read_a_byte(iter, &w->got);
	/* The iterator has a reference to a buffer, if the read came so far. */
	if (iter >= 0)
		close(iter);
	close(link);
	return err;
}

static bool is_created(void *world)
{
	struct world *w = world;

	return w->got.bytes == 1;
}

static int run_open_coded(void *world)
{
	struct world *w = world;

	*w->programs.pass = (struct open_pass){};
	return call_run(w->programs.open);
}

/* Counts the records of the last run and removes them. */
static bool is_array_whole(void *world)
{
	struct world *w = world;
	size_t i;

	w->records = 0;
	for (i = 0; i < RECORDS_MAX; i++)
		w->records += !!w->programs.array[i].key;
	memset(w->programs.array, 0, RECORDS_MAX * sizeof(*w->programs.array));
	return w->records == w->all_records;
}

/* --------------------------------------------------------------- the state */

static long count_of(const struct world *w, int i)
{
	char path[64], line[128];
	long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", w->buffers[i]);
	file = fopen(path, "re");
	if (!file)
		give_up("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "count: %ld", &count) == 1)
			break;
	fclose(file);
	return count;
}

/* Records the state without faults. Return: 0 or -errno. */
static int learn(struct world *w)
{
	int i;

	for (i = 0; i < BUFFERS; i++)
		w->counts[i] = count_of(w, i);
	return read_pinned(&w->all, 0);
}

/* Return: whether the state is that of learn(). Prints one difference. */
static bool is_as_before(void *world, int run, const char *after)
{
	struct world *w = world;
	int i, r, changed = 0;
	bool whole;
	long count;

	(void)run;
	for (i = 0; i < BUFFERS; i++) {
		count = count_of(w, i);
		if (count != w->counts[i] && !changed++)
			remark("%s: a buffer has %ld references, not %ld",
			       after, count, w->counts[i]);
	}
	r = read_pinned(&w->got, 0);
	whole = !r && is_read_whole(w);
	if (!whole && !changed)
		remark("%s: the next reader read something else: %s", after,
		       strerror(-r));
	if (!whole || changed)
		(void)learn(w);
	return whole && !changed;
}

static const struct operation operations[] = {
	{ "read", run_read, is_read_whole, is_as_before, false },
	{ "read-on", run_read_on, is_read_whole, is_as_before, false },
	{ "link", run_link, is_created, is_as_before, false },
	{ "create", run_create, is_created, is_as_before, false },
	{ "open-coded", run_open_coded, is_array_whole, is_as_before, false },
};

/* ------------------------------------------------------------------- setup */

static void make_buffers(struct world *w)
{
	int heap, i;

	heap = call_open("/dev/dma_heap/system");
	for (i = 0; i < BUFFERS; i++) {
		w->buffers[i] = call_heap_alloc(heap, PAGE);
		if (w->buffers[i] < 0)
			give_up("cannot allocate from the system heap: %s",
				strerror(-w->buffers[i]));
	}
	close(heap);
}

/* Runs each operation without faults. */
static void rehearse(struct world *w)
{
	size_t i;
	int r;

	r = learn(w);
	if (r || !w->all.bytes)
		give_up("cannot read " PINNED ": %s", strerror(-r));
	r = run_open_coded(w);
	(void)is_array_whole(w);
	w->all_records = w->records;
	if (r || w->all_records < BUFFERS)
		give_up("read %zu records: %s", w->records, strerror(-r));

	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		r = operations[i].run(w);
		if (r < 0 || !operations[i].is_whole(w))
			give_up("%s fails without a fault: %s",
				operations[i].name, strerror(-r));
	}
}

int iterators_main(char **args)
{
	static struct world w;
	bool ok = true;
	size_t i;
	int fd;

	(void)args;
	(void)failnth_prepare();
	fd = failnth_open();
	make_buffers(&w);
	programs_load(&w.programs);
	/* No page may be faulted in while faults are on. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		give_up("mlockall: %s", strerror(errno));
	rehearse(&w);
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		ok &= failnth_walk(fd, &operations[i], &w);
	return ok ? 0 : 1;
}
