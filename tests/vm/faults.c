// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faults PREFIX: runs the error paths of the kernel's iterators. For each
 * operation it lets the first allocation, or copy from or to user space, fail,
 * then the second, and so on, until the operation ends before the fault
 * (/proc/thread-self/fail-nth, see the kernel's Documentation/fault-injection).
 * After each fault the errno must be ENOMEM or EFAULT, no buffer may have
 * another number of references, and the next reader must get everything.
 *
 * Needs root, a kernel with fault injection, the system heap, and the files of
 * "dmabuf pin". No other process may make buffers or hold iterators meanwhile.
 * Prints the lines of tests/run, with names that begin with PREFIX.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/iter_open.h"
#include "abi/records.h"
#include "plain/iter_open.skel.h"
#include "plain/iter_seq.skel.h"

#define PINNED "/sys/fs/bpf/dmabuf/records"

enum {
	BUFFERS = 16,
	PIECE = 500, /* small, so that the iterator stops and restarts often */
	BYTES_MAX = 256 * 1024,
	RECORDS_MAX = 1024,
	SITES_MAX = 5000,
	/*
	 * The number of tries of each fault. An allocation sometimes contains a
	 * second one, often every other time: a single try would then always
	 * skip the same one.
	 */
	TURNS = 3,
	AGAIN_MAX = 3,
};

struct got {
	size_t bytes;
	char data[BYTES_MAX];
};

/*
 * While faults are on, the program allocates nothing and touches no new page.
 */
struct faults {
	const char *prefix;
	int fail_nth;
	int buffers[BUFFERS];
	long counts[BUFFERS];
	struct iter_open_bpf *open;
	struct iter_seq_bpf *seq;
	struct open_buffer *array;
	size_t records, all_records;
	struct got got, all;
};

struct operation {
	const char *name;
	/* Called with a fault. Return: 0 or -errno. */
	int (*run)(struct faults *f);
	/* Called after it, without a fault: did it get everything? */
	bool (*is_whole)(struct faults *f);
};

static void __attribute__((noreturn, format(printf, 2, 3)))
give_up(const struct faults *f, const char *format, ...)
{
	va_list args;

	printf("not ok %s/faults\n  # ", f->prefix);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	puts("");
	exit(EXIT_FAILURE);
}

/* -------------------------------------------------------------- operations */

/* Reads to the end. Retries a failed read, @again times in all. */
static int read_all(int fd, struct got *got, int again)
{
	ssize_t n;
	int err;

	do {
		err = 0;
		n = read(fd, got->data + got->bytes, PIECE);
		if (n < 0)
			err = -errno;
		else
			got->bytes += n;
		if (got->bytes + PIECE > sizeof(got->data))
			return -E2BIG;
	} while (n > 0 || (n < 0 && again-- > 0));
	return err;
}

static int read_pinned(struct got *got, int again)
{
	int fd, err;

	got->bytes = 0;
	fd = open(PINNED, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = read_all(fd, got, again);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int run_read(struct faults *f)
{
	return read_pinned(&f->got, 0);
}

/* A reader that retries after an error gets everything. */
static int run_read_on(struct faults *f)
{
	return read_pinned(&f->got, AGAIN_MAX);
}

static bool is_read_whole(struct faults *f)
{
	return f->got.bytes == f->all.bytes &&
	       !memcmp(f->got.data, f->all.data, f->all.bytes);
}

/* Not through libbpf, which tries another way after a failure. */
static int sys_bpf(int cmd, union bpf_attr *attr)
{
	int r = syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return r < 0 ? -errno : r;
}

static int read_a_byte(int fd, struct got *got)
{
	ssize_t n = read(fd, got->data, 1);

	got->bytes = n > 0;
	return n < 0 ? -errno : 0;
}

static int run_create(struct faults *f)
{
	union bpf_attr attr = {};
	int link, iter, err;

	attr.link_create.prog_fd = bpf_program__fd(f->seq->progs.read_buffers);
	attr.link_create.attach_type = BPF_TRACE_ITER;
	link = sys_bpf(BPF_LINK_CREATE, &attr);
	if (link < 0)
		return link;

	memset(&attr, 0, sizeof(attr));
	attr.iter_create.link_fd = link;
	iter = sys_bpf(BPF_ITER_CREATE, &attr);
	err = iter < 0 ? iter : read_a_byte(iter, &f->got);
	/* The iterator has a reference to a buffer, if the read came so far. */
	if (iter >= 0)
		close(iter);
	close(link);
	return err;
}

static bool is_created(struct faults *f)
{
	return f->got.bytes == 1;
}

static int run_open_coded(struct faults *f)
{
	union bpf_attr attr = {};
	int r;

	f->open->bss->pass = (struct open_pass){};
	attr.test.prog_fd = bpf_program__fd(f->open->progs.read_buffers);
	r = sys_bpf(BPF_PROG_TEST_RUN, &attr);
	return r < 0 ? r : -(int)attr.test.retval;
}

/* Counts the records of the last run and removes them. */
static bool is_array_whole(struct faults *f)
{
	size_t i;

	f->records = 0;
	for (i = 0; i < RECORDS_MAX; i++)
		f->records += !!f->array[i].key;
	memset(f->array, 0, RECORDS_MAX * sizeof(*f->array));
	return f->records == f->all_records;
}

static const struct operation operations[] = {
	{ "read", run_read, is_read_whole },
	{ "read-on", run_read_on, is_read_whole },
	{ "create", run_create, is_created },
	{ "open-coded", run_open_coded, is_array_whole },
};

/* ------------------------------------------------------------------ faults */

/* Allows each kind of fault everywhere. fail-nth chooses one. */
static void prepare_faults(struct faults *f)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/cache-filter", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_usercopy/verbose", "0" },
	};
	char path[128];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 settings[i][0]);
		fd = open(path, O_WRONLY);
		if (fd < 0 || write(fd, settings[i][1], 1) != 1)
			give_up(f, "this kernel has no fault injection: %s: %s",
				path, strerror(errno));
		close(fd);
	}
	f->fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (f->fail_nth < 0)
		give_up(f, "this kernel has no fault injection: fail-nth: %s",
			strerror(errno));
}

static void arm(struct faults *f, int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(f->fail_nth, text, len, 0) != len)
		give_up(f, "fail-nth: %s", strerror(errno));
}

/*
 * Turns faults off. Return: whether the fault has happened. If it has not, it
 * can happen here, because reading and writing the file copies too.
 */
static bool disarm(struct faults *f)
{
	char left[16] = "";
	ssize_t n = pread(f->fail_nth, left, sizeof(left) - 1, 0);
	int i;

	if (n < 0 && errno != EFAULT)
		give_up(f, "fail-nth: %s", strerror(errno));
	for (i = 0; i < 2; i++)
		if (pwrite(f->fail_nth, "0", 1, 0) == 1)
			return n > 0 && !atoi(left);
	give_up(f, "fail-nth: %s", strerror(errno));
}

static long count_of(const struct faults *f, int i)
{
	char path[64], line[128];
	long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", f->buffers[i]);
	file = fopen(path, "re");
	if (!file)
		give_up(f, "%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "count: %ld", &count) == 1)
			break;
	fclose(file);
	return count;
}

/* Records the state without faults. Return: 0 or -errno. */
static int learn(struct faults *f)
{
	int i;

	for (i = 0; i < BUFFERS; i++)
		f->counts[i] = count_of(f, i);
	return read_pinned(&f->all, 0);
}

/* Return: whether the state is that of learn(). Prints one difference. */
static bool is_as_before(struct faults *f, const char *after)
{
	int i, r, changed = 0;
	bool whole;
	long count;

	for (i = 0; i < BUFFERS; i++) {
		count = count_of(f, i);
		if (count != f->counts[i] && !changed++)
			printf("  # %s: a buffer has %ld references, not %ld\n",
			       after, count, f->counts[i]);
	}
	r = read_pinned(&f->got, 0);
	whole = !r && is_read_whole(f);
	if (!whole && !changed)
		printf("  # %s: the next reader read something else: %s\n",
		       after, strerror(-r));
	if (!whole || changed)
		(void)learn(f);
	return whole && !changed;
}

struct tally {
	int failed, through, wrong;
};

/* Lets the @nth place fail. Return: whether the operation reached it. */
static bool try_fault(struct faults *f, const struct operation *op, int nth,
		      struct tally *tally)
{
	char after[64];
	bool met, whole;
	int r;

	arm(f, nth);
	r = op->run(f);
	met = disarm(f);
	whole = op->is_whole(f);

	tally->failed += met && r;
	tally->through += met && !r;
	snprintf(after, sizeof(after), "%s %d (%s)", op->name, nth,
		 strerror(-r));
	if (r && !met) {
		printf("  # %s: failed without a fault\n", after);
		tally->wrong++;
	} else if (r && r != -ENOMEM && r != -EFAULT) {
		printf("  # %s: not a plain errno\n", after);
		tally->wrong++;
	} else if (!r && !whole) {
		printf("  # %s: records are missing\n", after);
		tally->wrong++;
	}
	tally->wrong += !is_as_before(f, after);
	return met;
}

/* Return: whether the operation passes with every fault. */
static bool walk(struct faults *f, const struct operation *op)
{
	struct tally tally = {};
	int nth, turn, met, ok;

	for (nth = 0, met = 1; met && nth < SITES_MAX;) {
		nth++;
		for (turn = 0, met = 0; turn < TURNS; turn++)
			met += try_fault(f, op, nth, &tally);
	}
	ok = !tally.wrong && !met && tally.failed;
	printf("%s %s/faults-%s\n", ok ? "ok" : "not ok", f->prefix, op->name);
	printf("  # %s: %d places, %d faults: the operation failed "
	       "%d times and succeeded %d times\n",
	       op->name, nth - 1, tally.failed + tally.through, tally.failed,
	       tally.through);
	return ok;
}

/* ------------------------------------------------------------------- setup */

static void make_buffers(struct faults *f)
{
	struct dma_heap_allocation_data data;
	int heap, i;

	heap = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);
	for (i = 0; i < BUFFERS; i++) {
		data = (struct dma_heap_allocation_data){
			.len = 4096,
			.fd_flags = O_RDWR | O_CLOEXEC,
		};
		if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
			give_up(f, "cannot allocate from the system heap: %s",
				strerror(errno));
		f->buffers[i] = data.fd;
	}
	close(heap);
}

static void load_programs(struct faults *f)
{
	f->open = iter_open_bpf__open();
	f->seq = iter_seq_bpf__open_and_load();
	if (!f->open || !f->seq ||
	    bpf_map__set_max_entries(f->open->maps.records, RECORDS_MAX) ||
	    iter_open_bpf__load(f->open))
		give_up(f, "cannot load the programs: %s", strerror(errno));
	f->array = mmap(NULL, RECORDS_MAX * sizeof(*f->array),
			PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			bpf_map__fd(f->open->maps.records), 0);
	if (f->array == MAP_FAILED)
		give_up(f, "cannot map the records: %s", strerror(errno));
}

/* Runs each operation without faults. */
static void rehearse(struct faults *f)
{
	size_t i;
	int r;

	r = learn(f);
	if (r || !f->all.bytes)
		give_up(f, "cannot read " PINNED ": %s", strerror(-r));
	r = run_open_coded(f);
	(void)is_array_whole(f);
	f->all_records = f->records;
	if (r || f->all_records < BUFFERS)
		give_up(f, "read %zu records: %s", f->records, strerror(-r));

	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		r = operations[i].run(f);
		if (r || !operations[i].is_whole(f))
			give_up(f, "%s fails without a fault: %s",
				operations[i].name, strerror(-r));
	}
}

int main(int argc, char **argv)
{
	static struct faults faults;
	bool ok = true;
	size_t i;

	if (argc != 2) {
		fprintf(stderr, "usage: faults PREFIX\n");
		return 2;
	}
	faults.prefix = argv[1];
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	prepare_faults(&faults);
	make_buffers(&faults);
	load_programs(&faults);
	/* No page may be faulted in while faults are on. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		give_up(&faults, "mlockall: %s", strerror(errno));
	rehearse(&faults);
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		ok &= walk(&faults, &operations[i]);
	return ok ? 0 : 1;
}
