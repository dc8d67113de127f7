// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adversary random SECONDS SEED VFIO-DEVICE UIO-DEVICE: four threads make
 * random calls with the same descriptors, which others close meanwhile, and let
 * some of the calls fail. Each kind of call must succeed now and then, and
 * nothing may be left in the end. The seed gives the calls of each thread, not
 * their order.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "adversary/calls.h"
#include "adversary/failnth.h"
#include "adversary/modes.h"
#include "adversary/pins.h"
#include "adversary/programs.h"
#include "adversary/report.h"

enum {
	THREADS = 4,
	PAGES = 32,
	IOVA = 0x10000000,
	/* The numbers of iommufd's objects begin with 1. */
	IDS = 5,
	REPLACE_EVERY = 16,
	FAULT_EVERY = 8,
	FAULT_MOST = 24,
	PATIENCE = 300,
	KINDS_MAX = 64,
};

enum pool { BUFFER, LINK, ITER, DEVICE, IOMMUFD, UIO, POOLS };

static const unsigned int pool_sizes[POOLS] = {
	[BUFFER] = 16, [LINK] = 4,    [ITER] = 4,
	[DEVICE] = 2,  [IOMMUFD] = 1, [UIO] = 2,
};

/*
 * struct world - what all threads share
 * @slots: descriptors, or -1. Only who takes one out may close it
 */
struct world {
	const char *device, *uio;
	bool has_faults;
	int heap, memfd;
	struct programs programs;
	char *memory;
	struct timespec end;
	atomic_bool succeeded[KINDS_MAX];
	atomic_int slots[POOLS][16];
};

struct kind;

struct thread {
	struct world *w;
	uint64_t state;
	pthread_t thread;
	long faults;
	long *calls, *successes;
};

/* The xorshift of Marsaglia, the one of 64 bits. */
static unsigned int pick(struct thread *t, unsigned int n)
{
	t->state ^= t->state << 13;
	t->state ^= t->state >> 7;
	t->state ^= t->state << 17;
	return (unsigned int)(t->state >> 32) % n;
}

static atomic_int *any_slot(struct thread *t, enum pool pool)
{
	return &t->w->slots[pool][pick(t, pool_sizes[pool])];
}

static int any(struct thread *t, enum pool pool)
{
	return atomic_load(any_slot(t, pool));
}

/*
 * Puts a new descriptor into a slot. Now and then it closes the one that is
 * there; if it always did, little would be built on a descriptor.
 */
static int keep(struct thread *t, enum pool pool, int fd)
{
	atomic_int *slot = any_slot(t, pool);
	int old = -1;

	if (fd < 0)
		return fd;
	if (!pick(t, REPLACE_EVERY))
		old = atomic_exchange(slot, fd);
	else if (!atomic_compare_exchange_strong(slot, &old, fd))
		old = fd;
	if (old >= 0)
		(void)call_close(old);
	return 0;
}

static int take_and_close(struct thread *t, enum pool pool)
{
	int fd = atomic_exchange(any_slot(t, pool), -1);

	return fd < 0 ? -EBADF : call_close(fd);
}

static __u32 any_id(struct thread *t)
{
	return pick(t, IDS);
}

/* ------------------------------------------------------------------- calls */

static int heap_alloc(struct thread *t)
{
	return keep(t, BUFFER,
		    call_heap_alloc(t->w->heap, (1 + pick(t, 64)) * PAGE));
}

static int set_name(struct thread *t)
{
	static const char *const names[] = { "", "a", "camera", "\n\t\x7f",
					     "a name of 31 characters, or so" };

	return call_set_name(any(t, BUFFER), names[pick(t, 5)]);
}

static int heap_close(struct thread *t)
{
	return take_and_close(t, BUFFER);
}

static int link_create(struct thread *t)
{
	return keep(t, LINK, call_link_create(t->w->programs.seq));
}

static int link_close(struct thread *t)
{
	return take_and_close(t, LINK);
}

static int iter_create(struct thread *t)
{
	return keep(t, ITER, call_iter_create(any(t, LINK)));
}

static int iter_read(struct thread *t)
{
	char piece[2000];

	return call_read(any(t, ITER), piece, 1 + pick(t, sizeof(piece)));
}

static int iter_close(struct thread *t)
{
	return take_and_close(t, ITER);
}

static int open_coded(struct thread *t)
{
	return call_run(t->w->programs.open);
}

static int device_open(struct thread *t)
{
	return keep(t, DEVICE, call_open(t->w->device));
}

static int device_close(struct thread *t)
{
	return take_and_close(t, DEVICE);
}

static int iommufd_open(struct thread *t)
{
	return keep(t, IOMMUFD, call_open("/dev/iommu"));
}

static int iommufd_close(struct thread *t)
{
	return take_and_close(t, IOMMUFD);
}

static int bind(struct thread *t)
{
	__u32 id;

	return call_bind(any(t, DEVICE), any(t, IOMMUFD), &id);
}

static int attach(struct thread *t)
{
	return call_attach(any(t, DEVICE), any_id(t));
}

static int detach(struct thread *t)
{
	return call_detach(any(t, DEVICE));
}

static int ioas_alloc(struct thread *t)
{
	__u32 id;

	return call_ioas_alloc(any(t, IOMMUFD), &id);
}

static int hwpt_alloc(struct thread *t)
{
	__u32 id;

	return call_hwpt_alloc(any(t, IOMMUFD), any_id(t), any_id(t), &id);
}

static int destroy(struct thread *t)
{
	return call_destroy(any(t, IOMMUFD), any_id(t));
}

/* A part of the memory, and the same part of the IOVAs. */
struct part {
	size_t offset, size;
};

static struct part any_part(struct thread *t)
{
	unsigned int first = pick(t, PAGES);

	return (struct part){ first * PAGE,
			      (1 + pick(t, PAGES - first)) * PAGE };
}

static int map(struct thread *t)
{
	const struct part part = any_part(t);

	return call_map(any(t, IOMMUFD), any_id(t), t->w->memory + part.offset,
			part.size, IOVA + pick(t, 2 * PAGES) * PAGE);
}

static int map_file(struct thread *t)
{
	return call_map_file(any(t, IOMMUFD), any_id(t), t->w->memfd,
			     any_part(t).size,
			     IOVA + pick(t, 2 * PAGES) * PAGE);
}

/* Takes the memory of the file away, mapped or not, and gives it new memory. */
static int truncate_file(struct thread *t)
{
	int r = ftruncate(t->w->memfd, (off_t)any_part(t).offset);

	if (!r)
		r = ftruncate(t->w->memfd, PAGES * PAGE);
	return r ? -errno : 0;
}

/* Only whole mappings can be unmapped, or everything. */
static int unmap(struct thread *t)
{
	const struct part part = any_part(t);

	if (pick(t, 4))
		return call_unmap(any(t, IOMMUFD), any_id(t), IOVA,
				  3 * PAGES * PAGE);
	return call_unmap(any(t, IOMMUFD), any_id(t), IOVA + part.offset,
			  part.size);
}

static int get_pa(struct thread *t)
{
	const struct part part = any_part(t);
	__u64 phys;

	return call_get_pa(any(t, IOMMUFD), any_id(t), IOVA + part.offset,
			   part.size, &phys);
}

static int dontneed(struct thread *t)
{
	const struct part part = any_part(t);
	int r = madvise(t->w->memory + part.offset, part.size, MADV_DONTNEED);

	return r ? -errno : 0;
}

static int uio_open(struct thread *t)
{
	return keep(t, UIO, call_open(t->w->uio));
}

static int uio_read(struct thread *t)
{
	__u32 count;
	int r = call_read(any(t, UIO), &count, sizeof(count));

	/* No interrupt has come. */
	return r == -EAGAIN ? 0 : r;
}

static int uio_close(struct thread *t)
{
	return take_and_close(t, UIO);
}

static const struct kind {
	const char *name;
	int (*run)(struct thread *t);
	/* How often it is picked: what makes things more often than what ends
	 * them. */
	unsigned int weight;
} kinds[] = {
	{ "heap-alloc", heap_alloc, 3 },
	{ "set-name", set_name, 2 },
	{ "heap-close", heap_close, 2 },
	{ "link-create", link_create, 2 },
	{ "link-close", link_close, 1 },
	{ "iter-create", iter_create, 2 },
	{ "iter-read", iter_read, 6 },
	{ "iter-close", iter_close, 1 },
	{ "open-coded", open_coded, 1 },
	{ "device-open", device_open, 2 },
	{ "device-close", device_close, 1 },
	{ "iommufd-open", iommufd_open, 1 },
	{ "iommufd-close", iommufd_close, 1 },
	{ "bind", bind, 8 },
	{ "attach", attach, 12 },
	{ "detach", detach, 1 },
	{ "ioas-alloc", ioas_alloc, 4 },
	{ "hwpt-alloc", hwpt_alloc, 12 },
	{ "destroy", destroy, 3 },
	{ "map", map, 12 },
	{ "map-file", map_file, 6 },
	{ "truncate", truncate_file, 2 },
	{ "unmap", unmap, 6 },
	{ "get-pa", get_pa, 16 },
	{ "dontneed", dontneed, 2 },
	{ "uio-open", uio_open, 2 },
	{ "uio-read", uio_read, 2 },
	{ "uio-close", uio_close, 1 },
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
};

static_assert(sizeof(kinds) / sizeof(kinds[0]) <= KINDS_MAX, "room for all");

/* ----------------------------------------------------------------- threads */

static size_t any_kind(struct thread *t, unsigned int weights)
{
	unsigned int at = pick(t, weights);
	size_t i;

	for (i = 0; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return i;
}

static void call_one(struct thread *t, size_t kind, int fd)
{
	bool faulty = fd >= 0 && !pick(t, FAULT_EVERY);
	int r;

	if (faulty)
		failnth_arm(fd, 1 + (int)pick(t, FAULT_MOST));
	r = kinds[kind].run(t);
	if (faulty)
		t->faults += failnth_disarm(fd);
	t->calls[kind]++;
	t->successes[kind] += r >= 0;
	if (r >= 0)
		t->w->succeeded[kind] = true;
}

static bool all_succeeded(const struct world *w)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (!w->succeeded[i])
			return false;
	return true;
}

/* On a slow machine the time is longer, so that each kind can succeed. */
static bool is_over(const struct world *w)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec >= w->end.tv_sec + PATIENCE ||
	       (now.tv_sec >= w->end.tv_sec && all_succeeded(w));
}

static void *make_calls(void *arg)
{
	struct thread *t = arg;
	unsigned int weights = 0;
	int fd = t->w->has_faults ? failnth_open() : -1;
	size_t i;

	for (i = 0; i < KINDS; i++)
		weights += kinds[i].weight;
	while (!is_over(t->w))
		call_one(t, any_kind(t, weights), fd);
	return NULL;
}

static void start_thread(struct world *w, struct thread *t, uint64_t seed)
{
	t->w = w;
	t->state = seed * 0x9e3779b97f4a7c15ULL | 1;
	t->calls = calloc(KINDS, sizeof(*t->calls));
	t->successes = calloc(KINDS, sizeof(*t->successes));
	if (!t->calls || !t->successes ||
	    pthread_create(&t->thread, NULL, make_calls, t))
		give_up("cannot start a thread");
}

static void join_all(const struct thread *threads, long seconds)
{
	struct timespec patience;
	int i;

	clock_gettime(CLOCK_REALTIME, &patience);
	patience.tv_sec += seconds + 2 * PATIENCE;
	for (i = 0; i < THREADS; i++) {
		if (pthread_timedjoin_np(threads[i].thread, NULL, &patience)) {
			report(false, "random-ends");
			remark("thread %d hangs in a call", i);
			_exit(1);
		}
	}
}

/* ----------------------------------------------------------------- results */

/* Prints how often each kind was called. Return: whether each has succeeded. */
static bool print_counts(const struct thread *threads)
{
	long calls, successes, all = 0, faults = 0;
	bool ok = true;
	size_t k;
	int i;

	for (k = 0; k < KINDS; k++) {
		calls = successes = 0;
		for (i = 0; i < THREADS; i++) {
			calls += threads[i].calls[k];
			successes += threads[i].successes[k];
		}
		remark("%s: %ld calls, %ld succeeded", kinds[k].name, calls,
		       successes);
		all += calls;
		ok &= successes > 0;
	}
	for (i = 0; i < THREADS; i++)
		faults += threads[i].faults;
	remark("%ld calls, %ld faults", all, faults);
	return ok && (faults || !threads->w->has_faults);
}

static void close_all(struct world *w)
{
	unsigned int pool, i;
	int fd;

	for (pool = 0; pool < POOLS; pool++)
		for (i = 0; i < pool_sizes[pool]; i++) {
			fd = atomic_exchange(&w->slots[pool][i], -1);
			if (fd >= 0)
				(void)call_close(fd);
		}
}

/* Uses the device as a driver does. Return: 0 or -errno. */
static int use_device(const struct world *w)
{
	int device = call_open(w->device), iommufd = call_open("/dev/iommu");
	__u32 id, ioas = 0;
	__u64 phys;
	int r;

	r = device < 0 ? device : call_bind(device, iommufd, &id);
	r = r < 0 ? r : call_ioas_alloc(iommufd, &ioas);
	r = r < 0 ? r : call_attach(device, ioas);
	r = r < 0 ? r : call_map(iommufd, ioas, w->memory, PAGES * PAGE, IOVA);
	r = r < 0 ? r : call_get_pa(iommufd, ioas, IOVA, PAGE, &phys);
	(void)call_close(iommufd);
	(void)call_close(device);
	return r;
}

static void begin(struct world *w, long seconds)
{
	memset(w->slots, 0xff, sizeof(w->slots));
	w->has_faults = failnth_prepare();
	programs_load(&w->programs);
	w->heap = call_open("/dev/dma_heap/system");
	w->memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	w->memfd = memfd_create("adversary", MFD_CLOEXEC);
	if (w->memfd < 0 || ftruncate(w->memfd, PAGES * PAGE))
		give_up("memfd: %s", strerror(errno));
	if (w->heap < 0 || w->memory == MAP_FAILED)
		give_up("no heap or no memory: %s", strerror(errno));
	clock_gettime(CLOCK_MONOTONIC, &w->end);
	w->end.tv_sec += seconds;
}

int random_main(char **args)
{
	static struct world w;
	static struct thread threads[THREADS];
	const long before = pins_count(), seconds = atol(args[0]);
	const uint64_t seed = strtoull(args[1], NULL, 10);
	bool ok;
	int i, r;

	w.device = args[2];
	w.uio = args[3];
	begin(&w, seconds);
	remark("seed %" PRIu64, seed);
	for (i = 0; i < THREADS; i++)
		start_thread(&w, &threads[i], seed * THREADS + (unsigned int)i);
	join_all(threads, seconds);
	close_all(&w);

	ok = report(print_counts(threads), "random-calls");
	ok &= report(pins_wait(before), "random-closed");
	r = use_device(&w);
	ok &= report(r >= 0, "random-works-on");
	if (r < 0)
		remark("a driver gets: %s", strerror(-r));
	return ok ? 0 : 1;
}
