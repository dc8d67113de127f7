// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walk_vs_iter KIND SECONDS [OBJECTS]: compares the walk of btfwalk with the
 * kernel's iterator over objects of one kind. KIND is the name of the iterator,
 * such as "task" or "bpf_map".
 *
 * Two churners hold OBJECTS objects each (128). First the program compares the
 * walk and the iterator while nothing changes. Then it runs windows. In a
 * window the churners end objects and make new ones as fast as they can, some
 * of them far more often than others, so that old objects are always next to
 * new ones. After each window the churners stop. An object that exists before
 * and after a window must be in each reading of the window.
 *
 * Prints one line of JSON. Exit status: 1 if the walk and the iterator differ
 * while nothing changes, or if the walk misses an object without reporting a
 * gap; otherwise 0.
 */
#include <bpf/bpf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/udmabuf.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/guest/drm_abi.h"
#include "plain/walk_vs_iter.skel.h"
#include "util/cleanup.h"
#include "walk/condition.h"
#include "walk/walker.h"

enum {
	CHURNERS = 2,
	OBJECTS = 128,
	OBJECTS_MAX = 4096,
	OCTAVES = 16,
	WORDS_MAX = 16,
	QUIET_READS = 5,
	QUIET_TRIES = 20,
	THREAD_STACK = 64 * 1024,
};

#define WINDOW_SECONDS 0.5

static void __attribute__((noreturn, format(printf, 1, 2)))
fail(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "walk_vs_iter: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(EXIT_FAILURE);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* ------------------------------------------------------------------- churn */

/* Shared with the churners. */
struct churn {
	atomic_bool go, filled[CHURNERS], still[CHURNERS];
	atomic_ulong made;
};

/* An object that a churner holds: a descriptor, a child, or a thread. */
struct held {
	int fd;
	pid_t pid;
	pthread_t thread;
	sem_t end;
	_Alignas(16) char stack[4096];
};

struct churner {
	int source; /* what objects are made of */
	struct held held[OBJECTS_MAX];
};

static void *wait_for_end(void *end)
{
	while (sem_wait(end))
		;
	return NULL;
}

static int wait_to_die(void *never)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!never)
		pause();
	return 0;
}

/*
 * Makes processes and threads, by turns. The processes share our memory,
 * because that makes clone() fast.
 */
static void make_task(struct churner *c, struct held *held)
{
	pthread_attr_t attr;

	held->pid = 0;
	if ((held - c->held) % 2) {
		sem_init(&held->end, 0, 0);
		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, THREAD_STACK);
		if (pthread_create(&held->thread, &attr, wait_for_end,
				   &held->end))
			fail("cannot make a thread");
		pthread_attr_destroy(&attr);
		return;
	}
	held->pid = clone(wait_to_die, held->stack + sizeof(held->stack),
			  CLONE_VM | SIGCHLD, NULL);
	if (held->pid < 0)
		fail("cannot make a process: %s", strerror(errno));
}

static void end_task(struct held *held)
{
	if (held->pid) {
		kill(held->pid, SIGKILL);
		waitpid(held->pid, NULL, 0);
	} else {
		sem_post(&held->end);
		pthread_join(held->thread, NULL);
	}
}

static void made_fd(struct held *held, int fd)
{
	if (fd < 0)
		fail("cannot make an object: %s", strerror(errno));
	held->fd = fd;
}

static void end_fd(struct held *held)
{
	close(held->fd);
}

static void make_map(struct churner *c, struct held *held)
{
	(void)c;
	made_fd(held,
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "churn", 4, 8, 1, NULL));
}

static void make_prog(struct churner *c, struct held *held)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	(void)c;
	made_fd(held, bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "churn", "GPL",
				    insns, 2, NULL));
}

/* The link of an iterator: every kernel has it, and it changes no code. */
static void make_link(struct churner *c, struct held *held)
{
	made_fd(held, bpf_link_create(c->source, 0, BPF_TRACE_ITER, NULL));
}

/* The exporter: /dev/udmabuf, or vgem if this is -1. */
static int udmabuf = -1;

static int make_of_memfd(int memfd)
{
	struct udmabuf_create create = {
		.memfd = memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = getpagesize(),
	};

	return ioctl(udmabuf, UDMABUF_CREATE, &create);
}

static int make_of_drm(int drm)
{
	struct drm_abi_create_dumb dumb = {
		.width = 16,
		.height = 16,
		.bpp = 32,
	};
	struct drm_abi_prime prime = { .flags = DRM_ABI_CLOEXEC };
	struct drm_abi_gem_close gem_close = {};

	if (ioctl(drm, DRM_ABI_CREATE_DUMB, &dumb))
		return -1;
	prime.handle = gem_close.handle = dumb.handle;
	if (ioctl(drm, DRM_ABI_HANDLE_TO_FD, &prime) ||
	    ioctl(drm, DRM_ABI_GEM_CLOSE, &gem_close))
		return -1;
	return prime.fd;
}

static void make_dmabuf(struct churner *c, struct held *held)
{
	made_fd(held, udmabuf < 0 ? make_of_drm(c->source)
				  : make_of_memfd(c->source));
}

static int open_exporter(void)
{
	int fd;

	udmabuf = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	if (udmabuf < 0) {
		fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			fail("no exporter: neither /dev/udmabuf nor "
			     "/dev/dri/card0 can be opened");
		return fd;
	}
	fd = memfd_create("churn", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || ftruncate(fd, getpagesize()) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK))
		fail("cannot allocate memory for buffers: %s", strerror(errno));
	return fd;
}

/* No other list that an unprivileged process can change changes faster. */
static void make_inode(struct churner *c, struct held *held)
{
	(void)c;
	made_fd(held, memfd_create("churn", MFD_CLOEXEC));
}

/* Loads the program of an iterator. It stays loaded. */
static int load_iterator(const char *kind)
{
	struct walk_vs_iter_bpf *skel = walk_vs_iter_bpf__open();
	struct bpf_program *program = NULL, *write = NULL;

	if (!skel)
		fail("cannot open the iterators: %s", strerror(errno));
	bpf_object__for_each_program(program, skel->obj)
	{
		const char *name = bpf_program__name(program);
		bool wanted = !strcmp(name + strlen("write_"), kind);

		bpf_program__set_autoload(program, wanted);
		if (wanted)
			write = program;
	}
	if (walk_vs_iter_bpf__load(skel))
		fail("cannot load iter/%s: %s", kind, strerror(errno));
	return bpf_program__fd(write);
}

static int open_iterator(void)
{
	return load_iterator("bpf_map");
}

/* ------------------------------------------------------------------- kinds */

static const struct kind {
	const char *name;
	const char *walks[4]; /* the first one that this kernel has */
	/* A member that differs from that of a later object at this address. */
	const char *identity;
	/* A condition that holds for each object, as in the iterator. */
	const char *check;
	const char *where; /* a condition, or NULL: compare all objects */
	int (*source)(void);
	void (*make)(struct churner *c, struct held *held);
	void (*end)(struct held *held);
} kinds[] = {
	{
		"task",
		{ "init_task{task_struct}.tasks task_struct.tasks / "
		  "signal.thread_head task_struct.thread_node" },
		"pid",
		"thread_pid",
		NULL,
		NULL,
		make_task,
		end_task,
	},
	{
		"bpf_map",
		{ "map_idr bpf_map" },
		"id",
		"refcnt.counter",
		NULL,
		NULL,
		make_map,
		end_fd,
	},
	{
		"bpf_prog",
		{ "prog_idr bpf_prog" },
		"aux.id",
		"aux.refcnt.counter",
		NULL,
		NULL,
		make_prog,
		end_fd,
	},
	{
		"bpf_link",
		{ "link_idr bpf_link" },
		"id",
		"id && refcnt.counter",
		NULL,
		open_iterator,
		make_link,
		end_fd,
	},
	{
		/* No program can make them. */
		"kmem_cache",
		{ "slab_caches kmem_cache.list" },
		"size",
		"refcount",
		NULL,
		NULL,
		NULL,
		NULL,
	},
	{
		"inode",
		{ "super_blocks super_block.s_list / "
		  "s_inodes inode.i_sb_list" },
		"i_ino",
		"i_sb",
		"s_type.name == tmpfs",
		NULL,
		make_inode,
		end_fd,
	},
	{
		"dmabuf",
		{ "dmabuf_list dma_buf.list_node",
		  "debugfs_list dma_buf.list_node",
		  "db_list dma_buf.list_node" },
		"file.f_inode.i_ino",
		"file.f_op == &dma_buf_fops && file.private_data == .",
		NULL,
		open_exporter,
		make_dmabuf,
		end_fd,
	},
};

/* Chooses an object. Each octave is chosen half as often as the one before. */
static size_t choose(size_t n)
{
	unsigned int octave = __builtin_ctz(random() | 1 << (OCTAVES - 1));

	return (octave * n + random() % n) / OCTAVES;
}

static void __attribute__((noreturn))
be_churner(const struct kind *kind, struct churn *churn, int self, size_t n)
{
	static struct churner c;
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	srandom(self + 1);
	if (kind->source)
		c.source = kind->source();
	for (i = 0; i < n; i++)
		kind->make(&c, &c.held[i]);
	churn->filled[self] = true;
	for (;;) {
		while (!churn->go) {
			churn->still[self] = true;
			usleep(1000);
		}
		churn->still[self] = false;
		i = choose(n);
		kind->end(&c.held[i]);
		kind->make(&c, &c.held[i]);
		churn->made++;
	}
}

static void wait_for(const atomic_bool *flags)
{
	int i;

	for (i = 0; i < CHURNERS; i++) {
		while (!flags[i]) {
			if (waitpid(-1, NULL, WNOHANG) > 0)
				fail("a churner died");
			usleep(1000);
		}
	}
}

static struct churn *start_churners(const struct kind *kind, size_t n)
{
	struct churn *churn = mmap(NULL, sizeof(*churn), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	if (churn == MAP_FAILED)
		fail("out of memory");
	for (i = 0; i < CHURNERS; i++) {
		switch (fork()) {
		case -1:
			fail("cannot fork: %s", strerror(errno));
		case 0:
			be_churner(kind, churn, i, n);
		}
	}
	wait_for(churn->filled);
	return churn;
}

/* ----------------------------------------------------------------- reading */

struct seen {
	uint64_t address, identity;
};

struct reading {
	bool gaps;
	struct vec seen; /* struct seen, by address */
};

struct comparison;

struct method {
	void (*read)(struct comparison *cmp, struct reading *to);
	uint64_t rounds, missed, missed_silently, twice;
	/* double: the time per object of each reading */
	struct vec quiet_ns, churn_ns;
	struct vec window; /* struct reading of this window */
};

struct comparison {
	const struct kind *kind;
	struct churn *churn;
	/* The link of the iterator, or -1 if the kernel does not have one. */
	int link;
	/* For the walk. */
	struct dmabuf_ctx *ctx;
	struct types *types;
	struct symbols *symbols;
	struct query query;
	struct walker *walker;
	uint64_t gaps, restarts, checks_failed;
	struct method iterator, walk;
	bool quiet_equal;
	uint64_t windows, stable;
	double seconds;
};

static void push(struct vec *v, const void *element)
{
	if (vec_push(v, element))
		fail("out of memory");
}

static void read_iterator(struct comparison *cmp, struct reading *to)
{
	_cleanup_close_ int fd = bpf_iter_create(cmp->link);
	uint64_t addresses[1024];
	ssize_t n;
	size_t i;

	if (fd < 0)
		fail("cannot open the iterator: %s", strerror(errno));
	/* 5.10 to 7.3 return EAGAIN when the iterator has run for long. */
	while ((n = read(fd, addresses, sizeof(addresses)))) {
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			fail("cannot read the iterator: %s", strerror(errno));
		if (n > 0 && n % sizeof(addresses[0]))
			fail("the iterator returned a part of an address");
		for (i = 0; n > 0 && i < n / sizeof(addresses[0]); i++)
			push(&to->seen, &(struct seen){ addresses[i], 0 });
	}
}

static void read_walk(struct comparison *cmp, struct reading *to)
{
	const struct walk_limits limits = {
		.objects_max = 1000000,
		.seconds = 60,
	};
	const size_t last = cmp->query.levels.n - 1;
	const struct level *level = query_level(&cmp->query, last);
	const struct path *identity = vec_at(&level->paths, 0);
	const struct object *object = NULL;
	struct walk_result result;

	if (walker_run(cmp->walker, &cmp->query, &limits, &result))
		fail("%s", cmp->ctx->error.text);
	while ((object = vec_next(&result.objects[last], object))) {
		struct seen seen = { .address = object->record.object };

		memcpy(&seen.identity,
		       (const char *)(&object->record + 1) + identity->field.at,
		       identity->field.bytes);
		push(&to->seen, &seen);
	}
	to->gaps = result.gaps.n;
	cmp->gaps += result.gaps.n != 0;
	cmp->restarts += result.restarts;
	cmp->checks_failed += result.checks_failed;
	walk_result_fini(&result);
}

static int compare_seen(const void *a, const void *b)
{
	const struct seen *left = a, *right = b;

	return (left->address > right->address) -
	       (left->address < right->address);
}

/* Sorts and removes duplicates. Return: the number of duplicates. */
static size_t make_set(struct vec *seen)
{
	size_t i, kept = 0, twice;

	vec_sort(seen, compare_seen);
	for (i = 0; i < seen->n; i++)
		if (!kept ||
		    compare_seen(vec_at(seen, kept - 1), vec_at(seen, i)))
			*(struct seen *)vec_at(seen, kept++) =
				*(struct seen *)vec_at(seen, i);
	twice = seen->n - kept;
	seen->n = kept;
	return twice;
}

static const struct seen *find(const struct vec *seen, const struct seen *key)
{
	return seen->n ? bsearch(key, seen->data, seen->n, seen->each,
				 compare_seen)
		       : NULL;
}

static struct reading take(struct comparison *cmp, struct method *method,
			   struct vec *ns)
{
	struct reading reading = { .seen = VEC_OF(struct seen) };
	double before = now(), each;

	method->read(cmp, &reading);
	if (reading.seen.n) {
		each = (now() - before) * 1e9 / reading.seen.n;
		push(ns, &each);
	}
	method->twice += make_set(&reading.seen);
	return reading;
}

static bool equal(const struct vec *a, const struct vec *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (compare_seen(vec_at(a, i), vec_at(b, i)))
			return false;
	return true;
}

static void tell_missing(const struct vec *from, const struct vec *in,
			 const char *who)
{
	const struct seen *seen = NULL;

	while ((seen = vec_next(from, seen)))
		if (!find(in, seen))
			fprintf(stderr,
				"walk_vs_iter: %s does not show 0x%" PRIx64
				" (%" PRIu64 ")\n",
				who, seen->address, seen->identity);
}

/*
 * Reads while nothing changes: a reading of the walk between two equal readings
 * of the iterator, or of the walk if there is no iterator. It tries this
 * several times, because kernel threads come and go and the kernel frees ended
 * objects a moment later.
 */
static struct vec read_quiet(struct comparison *cmp)
{
	struct method *truth = cmp->link < 0 ? &cmp->walk : &cmp->iterator;
	struct reading before, walk, after;
	bool steady = false;
	int i;

	for (i = 0; !steady && i < QUIET_TRIES; i++) {
		if (i) {
			vec_fini(&walk.seen);
			usleep(20000);
		}
		before = take(cmp, truth, &truth->quiet_ns);
		walk = take(cmp, &cmp->walk, &cmp->walk.quiet_ns);
		after = take(cmp, truth, &truth->quiet_ns);
		steady = equal(&before.seen, &after.seen);
		if (steady && !equal(&walk.seen, &after.seen)) {
			cmp->quiet_equal = false;
			tell_missing(&after.seen, &walk.seen, "the walk");
			tell_missing(&walk.seen, &after.seen, "the iterator");
		}
		vec_fini(&before.seen);
		vec_fini(&after.seen);
	}
	if (!steady)
		fail("the objects change without the churners");
	return walk.seen;
}

/* ------------------------------------------------------------------ windows */

/* Returns the objects that are in both and are the same. */
static struct vec stable_of(const struct vec *first, const struct vec *last)
{
	struct vec stable = VEC_OF(struct seen);
	const struct seen *seen = NULL, *other;

	while ((seen = vec_next(first, seen))) {
		other = find(last, seen);
		if (other && other->identity == seen->identity)
			push(&stable, seen);
	}
	return stable;
}

static void count_missed(struct method *method, const struct vec *stable)
{
	const struct seen *seen;
	struct reading *reading = NULL;

	while ((reading = vec_next(&method->window, reading))) {
		method->rounds++;
		for (seen = NULL; (seen = vec_next(stable, seen));) {
			if (find(&reading->seen, seen))
				continue;
			method->missed++;
			method->missed_silently += !reading->gaps;
		}
		vec_fini(&reading->seen);
	}
	method->window.n = 0;
}

static void run_window(struct comparison *cmp, struct vec *first)
{
	double begin = now();
	struct reading reading;
	struct vec last, stable;

	cmp->churn->go = true;
	while (now() - begin < WINDOW_SECONDS) {
		if (cmp->link >= 0) {
			reading = take(cmp, &cmp->iterator,
				       &cmp->iterator.churn_ns);
			push(&cmp->iterator.window, &reading);
		}
		reading = take(cmp, &cmp->walk, &cmp->walk.churn_ns);
		push(&cmp->walk.window, &reading);
	}
	cmp->churn->go = false;
	wait_for(cmp->churn->still);
	cmp->seconds += now() - begin;

	last = read_quiet(cmp);
	stable = stable_of(first, &last);
	count_missed(&cmp->iterator, &stable);
	count_missed(&cmp->walk, &stable);
	cmp->stable += stable.n;
	cmp->windows++;
	vec_fini(&stable);
	vec_fini(first);
	*first = last;
}

static void run(struct comparison *cmp, double seconds)
{
	double end = now() + seconds;
	struct vec first = read_quiet(cmp);
	int i;

	for (i = 1; i < QUIET_READS; i++) {
		vec_fini(&first);
		first = read_quiet(cmp);
	}
	while (cmp->churn && now() < end)
		run_window(cmp, &first);
	if (!cmp->windows)
		cmp->stable = first.n;
	vec_fini(&first);
}

/* ------------------------------------------------------- begin and print */

static int parse_walk(struct comparison *cmp, const char *walk,
		      struct dmabuf_error *error)
{
	char words[256], identity[64], *operands[WORDS_MAX + 1] = {};
	char *word, *rest = words;
	size_t n = 0;
	int r;

	snprintf(words, sizeof(words), "%s", walk);
	snprintf(identity, sizeof(identity), "%s", cmp->kind->identity);
	while (n < WORDS_MAX - 1 && (word = strsep(&rest, " ")))
		operands[n++] = word;
	operands[n] = identity;
	query_init(&cmp->query, cmp->types, cmp->symbols);
	r = query_parse(&cmp->query, operands, error);
	if (r)
		query_fini(&cmp->query);
	if (!r && cmp->kind->where)
		r = condition_parse(&cmp->query, cmp->kind->where, false,
				    error);
	return r ?: condition_parse(&cmp->query, cmp->kind->check, true, error);
}

static void open_walk(struct comparison *cmp)
{
	const char *const *walk;
	struct dmabuf_error error = {};
	int r = -ENOENT;

	if (types_open(&cmp->ctx->sysroot, NULL, &cmp->types, &error))
		fail("%s", error.text);
	cmp->symbols = symbols_new(&cmp->ctx->sysroot);
	if (!cmp->symbols)
		fail("out of memory");
	for (walk = cmp->kind->walks; r && *walk; walk++)
		r = parse_walk(cmp, *walk, &error);
	if (r)
		fail("%s", error.text);
}

static bool has_iterator(const struct comparison *cmp)
{
	struct dmabuf_error error;
	struct type type;
	char name[64];
	int n;

	n = snprintf(name, sizeof(name), "bpf_iter__%s", cmp->kind->name);
	return !types_find(cmp->types, name, n, NULL, &type, &error);
}

static void begin(struct comparison *cmp, size_t objects)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	/* Before 5.11, BPF maps count as locked memory. */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	if (cmp->kind->make)
		cmp->churn = start_churners(cmp->kind, objects);
	if (dmabuf_ctx_new(NULL, &cmp->ctx))
		fail("out of memory");
	open_walk(cmp);
	cmp->link = -1;
	if (has_iterator(cmp)) {
		cmp->link = bpf_link_create(load_iterator(cmp->kind->name), 0,
					    BPF_TRACE_ITER, NULL);
		if (cmp->link < 0)
			fail("cannot attach iter/%s: %s", cmp->kind->name,
			     strerror(errno));
	}
	if (walker_open(cmp->ctx, &cmp->walker))
		fail("%s", cmp->ctx->error.text);
}

static int compare_doubles(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void print_median(const char *name, struct vec *values)
{
	if (!values->n) {
		printf(",\"%s\":null", name);
		return;
	}
	vec_sort(values, compare_doubles);
	printf(",\"%s\":%.0f", name, *(double *)vec_at(values, values->n / 2));
}

static void print_method(struct method *method)
{
	printf("\"rounds\":%" PRIu64 ",\"missed\":%" PRIu64
	       ",\"missed_silently\":%" PRIu64 ",\"twice\":%" PRIu64,
	       method->rounds, method->missed, method->missed_silently,
	       method->twice);
	print_median("ns", &method->quiet_ns);
	print_median("ns_churn", &method->churn_ns);
}

static void print(struct comparison *cmp)
{
	struct utsname name = {};

	uname(&name);
	printf("{\"kind\":\"%s\",\"kernel\":\"%s\",\"windows\":%" PRIu64
	       ",\"stable\":%" PRIu64 ",\"churned_per_second\":%.0f"
	       ",\"quiet_equal\":%s,\"iterator\":",
	       cmp->kind->name, name.release, cmp->windows,
	       cmp->stable / (cmp->windows ?: 1),
	       cmp->seconds ? cmp->churn->made / cmp->seconds : 0,
	       cmp->link < 0	  ? "null"
	       : cmp->quiet_equal ? "true"
				  : "false");
	if (cmp->link < 0) {
		printf("null");
	} else {
		printf("{\"name\":\"iter/%s\",", cmp->kind->name);
		print_method(&cmp->iterator);
		printf("}");
	}
	printf(",\"walk\":{");
	print_method(&cmp->walk);
	printf(",\"gaps\":%" PRIu64 ",\"restarts\":%" PRIu64
	       ",\"checks_failed\":%" PRIu64 "}}\n",
	       cmp->gaps, cmp->restarts, cmp->checks_failed);
}

static struct method method_of(void (*read)(struct comparison *,
					    struct reading *))
{
	return (struct method){
		.read = read,
		.quiet_ns = VEC_OF(double),
		.churn_ns = VEC_OF(double),
		.window = VEC_OF(struct reading),
	};
}

int main(int argc, char **argv)
{
	struct comparison cmp = {
		.iterator = method_of(read_iterator),
		.walk = method_of(read_walk),
		.quiet_equal = true,
	};
	long objects = argc > 3 ? atol(argv[3]) : OBJECTS;
	size_t i;

	for (i = 0; argc > 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, argv[1]))
			cmp.kind = &kinds[i];
	if (!cmp.kind || objects < 1 || objects > OBJECTS_MAX) {
		fprintf(stderr, "usage: walk_vs_iter KIND SECONDS [OBJECTS]\n");
		return 2;
	}
	begin(&cmp, objects);
	run(&cmp, atof(argv[2]));
	print(&cmp);
	return cmp.quiet_equal && !cmp.walk.missed_silently ? EXIT_SUCCESS
							    : EXIT_FAILURE;
}
