// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads what the BPF iterators of the kernel tell of dma-bufs, and compares it
 * with what this program made.
 *
 * Others may have buffers too, and make and free them meanwhile. So whatever is
 * in a stream besides ours is stepped over, and nothing is said of totals.
 *
 * A kernel without the iterators is a skip. DMABUF_ITER_NEEDS="seq open" in the
 * environment makes it a failure.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "abi/iter_open.h"
#include "abi/records.h"

#define PIN "/sys/fs/bpf/dmabuf_iter"
#define HEAP "/dev/dma_heap/system"
#define UDMABUF "/dev/udmabuf"
#define BUFINFO "/sys/kernel/debug/dma_buf/bufinfo"

#define ENTRY_MAX 256
#define CHILDREN 4
#define REFUSALS 5U
#define MANY 5000
/* A reading of one byte at a time takes long on an emulated machine. */
#define LONG_TIMEOUT 240

/* Whether a buffer of ours is in the next stream. */
enum due {
	ONCE,
	NEVER,
	AT_MOST_ONCE,
};

struct buffer {
	int fd;
	__u64 ino;
	__u64 size;
	/* References to its file. */
	__u64 count;
	char name[DMABUF_REC_NAME_LEN];
	char exporter[DMABUF_REC_EXPORTER_LEN];
	enum due due;
	/* How often it was in the stream, and its place among ours there. */
	unsigned int seen;
	unsigned int place;
};

/* How to read: one of the programs that this directory shares with others. */
struct way {
	const char *object;
	const char *program;
	bool text;
	bool pinned;
	/* Records have the kernel's address of the buffer. */
	bool address;
};

static const struct way text = {
	.object = "iter_text",
	.program = "print_buffers",
	.text = true,
};

static const struct way text_pinned = {
	.object = "iter_text",
	.program = "print_buffers",
	.text = true,
	.pinned = true,
};

static const struct way records = {
	.object = "iter_seq",
	.program = "read_buffers",
};

static const struct way records_pinned = {
	.object = "iter_seq",
	.program = "read_buffers",
	.pinned = true,
};

static const struct way retry = {
	.object = "retry",
	.program = "read_buffers",
};

static const struct way open_coded = {
	.object = "iter_open",
	.program = "read_buffers",
	.address = true,
};

struct scene {
	struct buffer *buffers; /* sorted by inode */
	unsigned int n;
	/* Other readers come and go, each with a reference to a buffer. */
	bool counts_vary;
	struct bpf_object *object;
	const struct way *way;
	struct bpf_link *link;
};

struct stream {
	char *data;
	size_t len;
};

/* One of each kind: sizes, exporters, and names that are hard to write down. */
static const struct {
	bool udmabuf;
	unsigned int pages;
	const char *name;
} few[] = {
	{ false, 1, "" },
	{ true, 1, "" },
	{ false, 3, "camera" },
	{ true, 2, "codec input" },
	{ false, 1, "two\nlines" },
	{ true, 5, "\n" },
	{ false, 2, "a name of exactly 31 characters" },
	{ true, 1, "another one, as long as can be." },
	{ false, 16, "%s%n \t\x1b[31m\xff" },
	{ true, 1, "camera" },
	{ false, 1, "last" },
	{ true, 1, "" },
};

static const size_t chunks[] = { 1, 100, 1024, 65536 };

/* Asks the kernel itself: versions lie, where things are carried back. */
static bool kernel_has(const char *function)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool has;

	has = btf && btf__find_by_name_kind(btf, function, BTF_KIND_FUNC) > 0;
	btf__free(btf);
	return has;
}

/*
 * What is missing for a test of the iterator "seq" or "open", NULL if nothing
 * is. It is a failure where it has to be there.
 */
static const char *missing(struct __test_metadata *_metadata,
			   const char *iterator)
{
	const char *needs = getenv("DMABUF_ITER_NEEDS");
	const char *what = NULL;

	if (!strcmp(iterator, "seq") && !kernel_has("bpf_iter_dmabuf"))
		what = "iter/dmabuf in this kernel";
	else if (!strcmp(iterator, "open") && !kernel_has("bpf_iter_dmabuf_new"))
		what = "open-coded iterator in this kernel";
	else if (access(HEAP, F_OK))
		what = HEAP;
	else if (access(UDMABUF, F_OK))
		what = UDMABUF;
	else if (geteuid())
		what = "privilege: not root";
	ASSERT_FALSE(what && needs && strstr(needs, iterator)) {
		TH_LOG("no %s", what);
	}
	return what;
}

/* The value of the first line "@key:" of the fdinfo of @fd; "" if none. */
static void fdinfo_value(struct __test_metadata *_metadata, int fd,
			 const char *key, char *value, size_t size)
{
	char path[64], line[256];
	size_t len = strlen(key);
	FILE *file;

	value[0] = 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	ASSERT_NE(NULL, file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(value, size, "%s",
			 line + len + 1 + strspn(line + len + 1, " \t"));
		break;
	}
	fclose(file);
}

static __u64 count_of(struct __test_metadata *_metadata, const struct buffer *b)
{
	char value[32];

	fdinfo_value(_metadata, b->fd, "count", value, sizeof(value));
	ASSERT_NE(0, value[0]);
	return strtoull(value, NULL, 10);
}

static int make_heap(struct __test_metadata *_metadata, unsigned int pages)
{
	struct dma_heap_allocation_data data = {
		.len = pages * getpagesize(),
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open(HEAP, O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, heap) {
		TH_LOG(HEAP ": %s", strerror(errno));
	}
	ASSERT_EQ(0, ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data));
	close(heap);
	return data.fd;
}

static int make_udmabuf(struct __test_metadata *_metadata, unsigned int pages)
{
	struct udmabuf_create create = {
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = pages * getpagesize(),
	};
	int device, fd;

	device = open(UDMABUF, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, device) {
		TH_LOG(UDMABUF ": %s", strerror(errno));
	}
	create.memfd = memfd_create("dmabuf_iter", MFD_ALLOW_SEALING |
						   MFD_CLOEXEC);
	ASSERT_EQ(0, ftruncate(create.memfd, create.size));
	ASSERT_EQ(0, fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK));
	fd = ioctl(device, UDMABUF_CREATE, &create);
	ASSERT_LE(0, fd) {
		TH_LOG("UDMABUF_CREATE: %s", strerror(errno));
	}
	close(create.memfd);
	close(device);
	return fd;
}

static void make_buffer(struct __test_metadata *_metadata, struct buffer *b,
			bool udmabuf, unsigned int pages, const char *name)
{
	struct stat st;
	int r = 0;

	memset(b, 0, sizeof(*b));
	b->fd = udmabuf ? make_udmabuf(_metadata, pages) :
			  make_heap(_metadata, pages);
	b->size = pages * getpagesize();
	ASSERT_GT(sizeof(b->name), strlen(name));
	snprintf(b->name, sizeof(b->name), "%s", name);
	if (name[0])
		r = ioctl(b->fd, DMA_BUF_SET_NAME_B, name);
	ASSERT_EQ(0, r);
	ASSERT_EQ(0, fstat(b->fd, &st));
	b->ino = st.st_ino;
	fdinfo_value(_metadata, b->fd, "exp_name", b->exporter,
		     sizeof(b->exporter));
	/* A heap need not go by its own name: in v5.10 it is heap_helpers. */
	ASSERT_NE(0, b->exporter[0]);
	b->count = count_of(_metadata, b);
	ASSERT_EQ(1U, b->count);
}

static int by_inode(const void *left, const void *right)
{
	const struct buffer *l = left, *r = right;

	return (l->ino > r->ino) - (l->ino < r->ino);
}

static void make_few(struct __test_metadata *_metadata, struct scene *s)
{
	unsigned int i;

	s->n = ARRAY_SIZE(few);
	s->buffers = calloc(s->n, sizeof(*s->buffers));
	ASSERT_NE(NULL, s->buffers);
	for (i = 0; i < s->n; i++)
		make_buffer(_metadata, &s->buffers[i], few[i].udmabuf,
			    few[i].pages, few[i].name);
	qsort(s->buffers, s->n, sizeof(*s->buffers), by_inode);
}

static void make_many(struct __test_metadata *_metadata, struct scene *s,
		      unsigned int n)
{
	struct rlimit files = { n + 64, n + 64 };
	char name[DMABUF_REC_NAME_LEN];
	unsigned int i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	s->n = n;
	s->buffers = calloc(s->n, sizeof(*s->buffers));
	ASSERT_NE(NULL, s->buffers);
	for (i = 0; i < s->n; i++) {
		snprintf(name, sizeof(name), "number %u", i);
		/* Every third has no name. */
		make_buffer(_metadata, &s->buffers[i], true, 1,
			    i % 3 ? name : "");
	}
	qsort(s->buffers, s->n, sizeof(*s->buffers), by_inode);
}

static void free_buffer(struct buffer *b)
{
	close(b->fd);
	b->fd = -1;
	b->due = NEVER;
}

static struct buffer *find(const struct scene *s, __u64 ino)
{
	const struct buffer key = { .ino = ino };

	return bsearch(&key, s->buffers, s->n, sizeof(key), by_inode);
}

/*
 * Loads a BPF object that lies beside this program. @room: number of entries of
 * the array to which it writes records, 0 when it has no such array.
 */
static struct bpf_object *open_sized(struct __test_metadata *_metadata,
				     const char *name, __u32 room)
{
	char path[PATH_MAX + 64];
	struct bpf_object *object;
	struct bpf_map *map;
	ssize_t len;
	char *base;

	len = readlink("/proc/self/exe", path, PATH_MAX - 1);
	ASSERT_LT(0, len);
	path[len] = 0;
	base = strrchr(path, '/') + 1;
	snprintf(base, path + sizeof(path) - base, "%s.bpf.o", name);
	object = bpf_object__open_file(path, NULL);
	ASSERT_NE(NULL, object) {
		TH_LOG("cannot open %s", path);
	}
	if (room) {
		map = bpf_object__find_map_by_name(object, "records");
		ASSERT_NE(NULL, map);
		ASSERT_EQ(0, bpf_map__set_max_entries(map, room));
	}
	ASSERT_EQ(0, bpf_object__load(object)) {
		TH_LOG("the kernel does not take %s", path);
	}
	return object;
}

static struct bpf_object *open_object(struct __test_metadata *_metadata,
				      const char *name)
{
	return open_sized(_metadata, name, 0);
}

/*
 * Reads a global variable of a program, or sets it: the values of all of them
 * are one array in a map, and BTF says where each lies in it.
 */
static void variable(struct __test_metadata *_metadata,
		     const struct bpf_object *object, const char *name,
		     bool set, void *value, size_t size)
{
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_var_secinfo *var;
	const struct btf_type *section;
	const struct bpf_map *map;
	char values[1024];
	__u32 key = 0;
	int i, id;

	bpf_object__for_each_map(map, object) {
		if (strstr(bpf_map__name(map), ".bss"))
			break;
	}
	ASSERT_NE(NULL, map);
	ASSERT_GE(sizeof(values), bpf_map__value_size(map));
	ASSERT_EQ(0, bpf_map_lookup_elem(bpf_map__fd(map), &key, values));

	id = btf__find_by_name_kind(btf, ".bss", BTF_KIND_DATASEC);
	ASSERT_LT(0, id);
	section = btf__type_by_id(btf, id);
	var = btf_var_secinfos(section);
	for (i = 0; i < btf_vlen(section); i++, var++) {
		const struct btf_type *type = btf__type_by_id(btf, var->type);

		if (!strcmp(btf__name_by_offset(btf, type->name_off), name))
			break;
	}
	ASSERT_GT(btf_vlen(section), i);
	ASSERT_EQ(size, var->size);

	if (set) {
		memcpy(values + var->offset, value, size);
		ASSERT_EQ(0, bpf_map_update_elem(bpf_map__fd(map), &key, values,
						 0));
	} else {
		memcpy(value, values + var->offset, size);
	}
}

/* A mount namespace of our own, so that whatever is pinned goes with us. */
static void mount_bpffs(struct __test_metadata *_metadata)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL)) {
		TH_LOG("cannot mount /sys/fs/bpf: %s", strerror(errno));
	}
}

static void attach(struct __test_metadata *_metadata, struct scene *s,
		   const struct way *way)
{
	const struct bpf_program *program;

	s->way = way;
	s->object = open_object(_metadata, way->object);
	program = bpf_object__find_program_by_name(s->object, way->program);
	ASSERT_NE(NULL, program);
	s->link = bpf_program__attach_iter(program, NULL);
	ASSERT_NE(NULL, s->link);
	if (way->pinned) {
		mount_bpffs(_metadata);
		ASSERT_EQ(0, bpf_link__pin(s->link, PIN));
	}
}

static void end_scene(struct scene *s)
{
	unsigned int i;

	bpf_link__destroy(s->link);
	bpf_object__close(s->object);
	for (i = 0; i < s->n; i++)
		if (s->buffers[i].fd >= 0)
			close(s->buffers[i].fd);
	free(s->buffers);
}

static int open_iterator(struct __test_metadata *_metadata,
			 const struct scene *s)
{
	int fd = s->way->pinned ? open(PIN, O_RDONLY | O_CLOEXEC) :
				  bpf_iter_create(bpf_link__fd(s->link));

	ASSERT_LE(0, fd) {
		TH_LOG("cannot open the iterator: %s", strerror(errno));
	}
	return fd;
}

/* Reads once, and puts it behind what is in @st. */
static ssize_t read_more(struct __test_metadata *_metadata, int fd,
			 size_t chunk, struct stream *st)
{
	/* Room for steps of 1 MiB, lest single bytes are moved about. */
	const size_t step = 1 << 20;
	ssize_t n;

	if (st->len % step == 0 || st->len % step + chunk > step) {
		st->data = realloc(st->data, st->len + chunk + 2 * step);
		ASSERT_NE(NULL, st->data);
	}
	n = read(fd, st->data + st->len, chunk);
	if (n > 0)
		st->len += n;
	return n;
}

/* Reads to the end, and beyond: the end stays the end. */
static void read_rest(struct __test_metadata *_metadata, int fd, size_t chunk,
		      struct stream *st)
{
	ssize_t n;

	do
		n = read_more(_metadata, fd, chunk, st);
	while (n > 0);
	ASSERT_EQ(0, n) {
		TH_LOG("read: %s", strerror(errno));
	}
	ASSERT_EQ(0, read_more(_metadata, fd, chunk, st));
	ASSERT_EQ(0, read_more(_metadata, fd, 65536, st));
}

static void drop(struct stream *st)
{
	free(st->data);
	memset(st, 0, sizeof(*st));
}

/* Writes down what the program has to say of a buffer. Return: its length. */
static size_t expected(const struct scene *s, const struct buffer *b, char *to)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_BUFFER, sizeof(rec) },
		.ino = b->ino,
		.bytes = b->size,
		.refs = s->counts_vary ? 0 : b->count,
		.have = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS |
			DMABUF_HAVE_ATTACHMENTS | DMABUF_HAVE_NAME |
			DMABUF_HAVE_EXPORTER |
			(s->way->address ? DMABUF_HAVE_ADDRESS : 0),
	};
	char name[DMABUF_REC_NAME_LEN], *newline;

	if (s->way->text) {
		/* A line each: a newline in a name is given as a space. */
		memcpy(name, b->name, sizeof(name));
		while ((newline = strchr(name, '\n')))
			*newline = ' ';
		return snprintf(to, ENTRY_MAX, "%llu\n%llu\n%s\n%s\n", b->ino,
				b->size, name, b->exporter);
	}
	memcpy(rec.name, b->name, sizeof(rec.name));
	memcpy(rec.exporter, b->exporter, sizeof(rec.exporter));
	memcpy(to, &rec, sizeof(rec));
	return sizeof(rec);
}

/*
 * Copies the entry at @at, without what cannot be known beforehand.
 * Return: its length, 0 when no whole one is left.
 */
static size_t next_entry(const struct scene *s, const struct stream *st,
			 size_t at, char *entry, __u64 *ino)
{
	const char *from = st->data + at, *end = from;
	struct dmabuf_rec_buffer *rec = (void *)entry;
	size_t left = st->len - at;
	int i;

	*ino = 0;
	if (s->way->text) {
		for (i = 0; i < 4; i++) {
			end = memchr(end, '\n', left - (end - from));
			if (!end || ++end - from > ENTRY_MAX)
				return 0;
		}
		memcpy(entry, from, end - from);
		*ino = strtoull(entry, NULL, 10);
		return end - from;
	}

	if (left < sizeof(rec->head))
		return 0;
	memcpy(entry, from, sizeof(rec->head));
	if (rec->head.size > left || rec->head.size > ENTRY_MAX ||
	    rec->head.size < sizeof(rec->head))
		return 0;
	memcpy(entry, from, rec->head.size);
	if (rec->head.kind == DMABUF_REC_BUFFER) {
		*ino = rec->ino;
		rec->key = 0;
		rec->pass = 0;
		if (s->counts_vary)
			rec->refs = 0;
	}
	return rec->head.size;
}

/* Counts how often each buffer is in @st. Return: bytes of whole entries. */
static size_t look(struct __test_metadata *_metadata, struct scene *s,
		   const struct stream *st)
{
	char entry[ENTRY_MAX], truth[ENTRY_MAX];
	unsigned int i, place = 0;
	size_t at, len;
	struct buffer *b;
	__u64 ino;

	for (i = 0; i < s->n; i++)
		s->buffers[i].seen = 0;
	for (at = 0; (len = next_entry(s, st, at, entry, &ino)); at += len) {
		b = find(s, ino);
		if (!b)
			continue;
		b->seen++;
		b->place = place++;
		ASSERT_EQ(expected(s, b, truth), len) {
			TH_LOG("inode %llu: %.*s", ino, (int)len, entry);
		}
		ASSERT_EQ(0, memcmp(truth, entry, len)) {
			TH_LOG("inode %llu: %.*s", ino, (int)len, entry);
		}
	}
	return at;
}

/* A whole stream has each buffer as often as is due, and no torn end. */
static void check(struct __test_metadata *_metadata, struct scene *s,
		  const struct stream *st)
{
	const struct buffer *b;
	unsigned int i, least;

	ASSERT_EQ(st->len, look(_metadata, s, st));
	for (i = 0; i < s->n; i++) {
		b = &s->buffers[i];
		least = b->due == ONCE;
		ASSERT_LE(least, b->seen) {
			TH_LOG("inode %llu is missing", b->ino);
		}
		ASSERT_GE(b->due == NEVER ? 0U : 1U, b->seen) {
			TH_LOG("inode %llu is there too often", b->ino);
		}
	}
}

static void read_whole(struct __test_metadata *_metadata, struct scene *s,
		       size_t chunk)
{
	int fd = open_iterator(_metadata, s);
	struct stream st = {};

	read_rest(_metadata, fd, chunk, &st);
	close(fd);
	check(_metadata, s, &st);
	drop(&st);
}

/* Nothing that was read keeps a buffer. */
static void check_counts(struct __test_metadata *_metadata,
			 const struct scene *s)
{
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		const struct buffer *b = &s->buffers[i];

		if (b->fd < 0)
			continue;
		ASSERT_EQ(b->count, count_of(_metadata, b)) {
			TH_LOG("inode %llu has another count", b->ino);
		}
	}
}

/* The buffer to which a stopped iterator holds a reference; NULL: not ours. */
static struct buffer *held(struct __test_metadata *_metadata,
			   const struct scene *s)
{
	struct buffer *b, *found = NULL;
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		b = &s->buffers[i];
		if (count_of(_metadata, b) == b->count)
			continue;
		ASSERT_EQ(b->count + 1, count_of(_metadata, b));
		ASSERT_EQ(NULL, found);
		found = b;
	}
	return found;
}

static struct buffer *at_place(struct scene *s, unsigned int place)
{
	unsigned int i;

	for (i = 0; i < s->n; i++)
		if (s->buffers[i].place == place)
			return &s->buffers[i];
	return NULL;
}

/*
 * Reads single bytes until @st has @entries of ours and the iterator stopped on
 * yet another one. It must not have got further than that.
 */
static struct buffer *read_part(struct __test_metadata *_metadata,
				struct scene *s, int fd, unsigned int entries,
				struct stream *st)
{
	struct buffer *stopped_on = NULL;
	unsigned int i, seen;
	bool varied = s->counts_vary;

	s->counts_vary = true;
	while (!stopped_on) {
		ASSERT_EQ(1, read_more(_metadata, fd, 1, st));
		look(_metadata, s, st);
		for (i = 0, seen = 0; i < s->n; i++)
			seen += s->buffers[i].seen;
		ASSERT_GE(entries, seen);
		if (seen == entries)
			stopped_on = held(_metadata, s);
	}
	s->counts_vary = varied;
	return stopped_on;
}

/* Whether the kernel still has the buffer: 1 or 0, -1 if it does not tell. */
static int in_debugfs(__u64 ino)
{
	int found = 0;
	char line[512];
	__u64 listed;
	FILE *file;

	file = fopen(BUFINFO, "re");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*x %*x %*x %*d %*s %llu", &listed) == 1 &&
		    listed == ino)
			found = 1;
	fclose(file);
	return found;
}

/*
 * Streams of any number of buffers, read in pieces of any size.
 */
FIXTURE(sizes)
{
	struct scene s;
};

FIXTURE_VARIANT(sizes)
{
	const struct way *way;
	unsigned int n;
};

FIXTURE_VARIANT_ADD(sizes, text_0)
{
	.way = &text,
	.n = 0,
};

FIXTURE_VARIANT_ADD(sizes, text_1)
{
	.way = &text,
	.n = 1,
};

FIXTURE_VARIANT_ADD(sizes, text_5000)
{
	.way = &text,
	.n = MANY,
};

FIXTURE_VARIANT_ADD(sizes, records_0)
{
	.way = &records,
	.n = 0,
};

FIXTURE_VARIANT_ADD(sizes, records_1)
{
	.way = &records,
	.n = 1,
};

FIXTURE_VARIANT_ADD(sizes, records_5000)
{
	.way = &records,
	.n = MANY,
};

FIXTURE_SETUP(sizes)
{
	const char *what = missing(_metadata, "seq");
	unsigned int i;

	if (what)
		SKIP(return, "no %s", what);
	if (variant->n) {
		make_many(_metadata, &self->s, variant->n);
	} else {
		make_few(_metadata, &self->s);
		for (i = 0; i < self->s.n; i++)
			free_buffer(&self->s.buffers[i]);
	}
	attach(_metadata, &self->s, variant->way);
}

FIXTURE_TEARDOWN(sizes)
{
	end_scene(&self->s);
}

/* The stream does not depend on the sizes of the reads, the order neither. */
TEST_F_TIMEOUT(sizes, whole, LONG_TIMEOUT)
{
	struct scene *s = &self->s;
	unsigned int *places, i, j;

	/* Older harnesses come here even if there is nothing set up. */
	if (!s->link)
		return;
	places = calloc(s->n, sizeof(*places));
	ASSERT_NE(NULL, places);
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		read_whole(_metadata, s, chunks[i]);
		for (j = 0; j < s->n; j++) {
			if (i == 0)
				places[j] = s->buffers[j].place;
			ASSERT_EQ(places[j], s->buffers[j].place);
		}
		check_counts(_metadata, s);
	}
	free(places);
}

/*
 * A few buffers of each kind, and an iterator that is stopped between two
 * reads.
 */
FIXTURE(few)
{
	struct scene s;
};

FIXTURE_VARIANT(few)
{
	const struct way *way;
};

FIXTURE_VARIANT_ADD(few, text)
{
	.way = &text,
};

FIXTURE_VARIANT_ADD(few, records)
{
	.way = &records,
};

FIXTURE_VARIANT_ADD(few, text_pinned)
{
	.way = &text_pinned,
};

FIXTURE_VARIANT_ADD(few, records_pinned)
{
	.way = &records_pinned,
};

FIXTURE_SETUP(few)
{
	const char *what = missing(_metadata, "seq");

	if (what)
		SKIP(return, "no %s", what);
	make_few(_metadata, &self->s);
	attach(_metadata, &self->s, variant->way);
}

FIXTURE_TEARDOWN(few)
{
	end_scene(&self->s);
}

TEST_F(few, whole)
{
	unsigned int i;

	if (!self->s.link)
		return;
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		read_whole(_metadata, &self->s, chunks[i]);
		check_counts(_metadata, &self->s);
	}
}

/* An iterator that nobody reads to its end gives back what it holds. */
TEST_F(few, closed_early)
{
	struct scene *s = &self->s;
	struct stream st = {};
	unsigned int entries;
	int fd;

	if (!s->link)
		return;
	fd = open_iterator(_metadata, s);
	close(fd);
	check_counts(_metadata, s);
	for (entries = 0; entries < s->n - 1; entries++) {
		fd = open_iterator(_metadata, s);
		ASSERT_NE(NULL, read_part(_metadata, s, fd, entries, &st));
		close(fd);
		check_counts(_metadata, s);
		drop(&st);
	}
}

/*
 * While an iterator is stopped, buffers are freed: one that it has given, the
 * one it is stopped on, and the two that it would have come to next.
 */
TEST_F(few, freed_meanwhile)
{
	struct buffer *given, *stopped_on, *next, *after;
	struct scene *s = &self->s;
	struct stream st = {};
	int fd;

	if (!s->link)
		return;
	/* Learns the order. */
	read_whole(_metadata, s, 65536);
	given = at_place(s, 0);
	stopped_on = at_place(s, 3);
	next = at_place(s, 4);
	after = at_place(s, 5);

	fd = open_iterator(_metadata, s);
	ASSERT_EQ(stopped_on, read_part(_metadata, s, fd, 3, &st));
	free_buffer(given);
	free_buffer(stopped_on);
	free_buffer(next);
	free_buffer(after);

	given->due = ONCE;
	/* The kernel has it yet; the programs leave out what nobody holds. */
	stopped_on->due = AT_MOST_ONCE;
	s->counts_vary = true;
	read_rest(_metadata, fd, 100, &st);
	check(_metadata, s, &st);
	drop(&st);
	close(fd);
	s->counts_vary = false;
	check_counts(_metadata, s);

	given->due = NEVER;
	stopped_on->due = NEVER;
	read_whole(_metadata, s, 65536);
	ASSERT_NE(1, in_debugfs(stopped_on->ino));
}

/* The last reference to a buffer is that of an iterator that is closed. */
TEST_F(few, freed_by_close)
{
	struct buffer *stopped_on;
	struct scene *s = &self->s;
	struct stream st = {};
	int fd;

	if (!s->link)
		return;
	fd = open_iterator(_metadata, s);
	stopped_on = read_part(_metadata, s, fd, 2, &st);
	free_buffer(stopped_on);
	ASSERT_NE(0, in_debugfs(stopped_on->ino));
	close(fd);
	ASSERT_NE(1, in_debugfs(stopped_on->ino));
	read_whole(_metadata, s, 65536);
	check_counts(_metadata, s);
	drop(&st);
}

/* Buffers that are new are in the stream or not, and change nothing else. */
TEST_F(few, made_meanwhile)
{
	struct scene *s = &self->s, more = {};
	struct stream st = {};
	unsigned int i;
	int fd;

	if (!s->link)
		return;
	fd = open_iterator(_metadata, s);
	read_part(_metadata, s, fd, 3, &st);
	make_few(_metadata, &more);
	s->counts_vary = true;
	read_rest(_metadata, fd, 100, &st);
	check(_metadata, s, &st);

	more.way = s->way;
	more.counts_vary = true;
	for (i = 0; i < more.n; i++)
		more.buffers[i].due = AT_MOST_ONCE;
	check(_metadata, &more, &st);
	close(fd);
	drop(&st);
	check_counts(_metadata, s);
	check_counts(_metadata, &more);
	end_scene(&more);
}

/* What children read, for their parent to see. */
struct child_stream {
	bool done;
	bool failed;
	size_t len;
	char data[65536];
};

static struct child_stream *share(struct __test_metadata *_metadata, size_t n)
{
	struct child_stream *all = mmap(NULL, n * sizeof(*all),
					PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, all);
	return all;
}

static bool pass_token(const int *turn)
{
	return write(turn[1], "", 1) == 1;
}

static bool take_token(const int *turn)
{
	char token;

	return read(turn[0], &token, 1) == 1;
}

/* Puts the next piece behind the others. */
static void read_piece(int fd, size_t chunk, struct child_stream *all)
{
	ssize_t n = -1;

	if (all->len + chunk <= sizeof(all->data))
		n = read(fd, all->data + all->len, chunk);
	if (n < 0)
		all->failed = true;
	else
		all->len += n;
	all->done = n <= 0;
}

/* Children stand in a ring, and each reads when its turn comes. */
static void read_in_turns(int fd, unsigned int me, int turns[][2],
			  struct child_stream *all)
{
	bool done = false;

	while (!done) {
		if (!take_token(turns[me]))
			_exit(1);
		done = all->done;
		if (!done)
			read_piece(fd, 100, all);
		if (!pass_token(turns[(me + 1) % CHILDREN]))
			_exit(1);
	}
	_exit(0);
}

static void wait_for_children(struct __test_metadata *_metadata)
{
	unsigned int i;
	int status;

	for (i = 0; i < CHILDREN; i++) {
		ASSERT_LT(0, wait(&status));
		ASSERT_EQ(0, status);
	}
}

/* One open iterator, read by four: together they get what one would. */
TEST_F(few, shared_by_children)
{
	struct child_stream *all;
	int turns[CHILDREN][2];
	struct scene *s = &self->s;
	struct stream st;
	unsigned int i;
	int fd;

	if (!s->link)
		return;
	fd = open_iterator(_metadata, s);
	all = share(_metadata, 1);
	for (i = 0; i < CHILDREN; i++)
		ASSERT_EQ(0, pipe(turns[i]));
	for (i = 0; i < CHILDREN; i++) {
		pid_t child = fork();

		ASSERT_LE(0, child);
		if (!child)
			read_in_turns(fd, i, turns, all);
	}

	ASSERT_TRUE(pass_token(turns[0]));
	wait_for_children(_metadata);
	ASSERT_FALSE(all->failed);
	st.data = all->data;
	st.len = all->len;
	/* Each child had its own copy of our descriptors. */
	s->counts_vary = true;
	check(_metadata, s, &st);
	ASSERT_EQ(0, read(fd, all->data, 1));
	close(fd);
	check_counts(_metadata, s);
	for (i = 0; i < CHILDREN; i++) {
		close(turns[i][0]);
		close(turns[i][1]);
	}
	munmap(all, sizeof(*all));
}

/* Four iterators at a time, of one program: each gets all. */
TEST_F(few, children_with_their_own)
{
	struct child_stream *all;
	struct scene *s = &self->s;
	struct stream st;
	unsigned int i;
	int start[2];

	if (!s->link)
		return;
	s->counts_vary = true;
	all = share(_metadata, CHILDREN);
	ASSERT_EQ(0, pipe(start));
	for (i = 0; i < CHILDREN; i++) {
		pid_t child = fork();

		ASSERT_LE(0, child);
		if (!child) {
			int fd = open_iterator(_metadata, s);

			if (!take_token(start))
				_exit(1);
			while (!all[i].done)
				read_piece(fd, 100, &all[i]);
			_exit(all[i].failed);
		}
	}

	for (i = 0; i < CHILDREN; i++)
		ASSERT_TRUE(pass_token(start));
	wait_for_children(_metadata);
	for (i = 0; i < CHILDREN; i++) {
		st.data = all[i].data;
		st.len = all[i].len;
		check(_metadata, s, &st);
	}
	check_counts(_metadata, s);
	close(start[0]);
	close(start[1]);
	munmap(all, CHILDREN * sizeof(*all));
}

TEST_F(few, link_info)
{
	char name[16] = "", value[64], line[256];
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	bool shown = false;
	FILE *file;
	int fd;

	if (!self->s.link)
		return;
	fd = bpf_link__fd(self->s.link);
	info.iter.target_name = (unsigned long)name;
	info.iter.target_name_len = sizeof(name);
	ASSERT_EQ(0, bpf_obj_get_info_by_fd(fd, &info, &len));
	ASSERT_EQ((__u32)BPF_LINK_TYPE_ITER, info.type);
	ASSERT_STREQ("dmabuf", name);

	fdinfo_value(_metadata, fd, "target_name", value, sizeof(value));
	ASSERT_STREQ("dmabuf", value);
	snprintf(value, sizeof(value), "/proc/self/fdinfo/%d", fd);
	file = fopen(value, "re");
	ASSERT_NE(NULL, file);
	while (fgets(line, sizeof(line), file))
		shown |= !strcmp(line, "dmabuf iter\n");
	fclose(file);
	ASSERT_TRUE(shown);
}

/*
 * A program that asks for one buffer again and again: retry.bpf.c.
 */
FIXTURE(retry)
{
	struct scene s;
};

FIXTURE_VARIANT(retry)
{
	__u64 before;
};

FIXTURE_VARIANT_ADD(retry, first)
{
	.before = 0,
};

FIXTURE_VARIANT_ADD(retry, later)
{
	.before = 3,
};

FIXTURE_SETUP(retry)
{
	const char *what = missing(_metadata, "seq");
	__u64 before = variant->before, refusals = REFUSALS;

	if (what)
		SKIP(return, "no %s", what);
	make_few(_metadata, &self->s);
	attach(_metadata, &self->s, &retry);
	variable(_metadata, self->s.object, "before", true, &before,
		 sizeof(before));
	variable(_metadata, self->s.object, "refusals", true, &refusals,
		 sizeof(refusals));
}

FIXTURE_TEARDOWN(retry)
{
	end_scene(&self->s);
}

/* Each time that the program asks for the buffer again, a read ends there. */
static void read_through(struct __test_metadata *_metadata, struct scene *s,
			 unsigned int refusals, struct stream *st)
{
	unsigned int again = 0;
	ssize_t n;
	int fd;

	fd = open_iterator(_metadata, s);
	while ((n = read_more(_metadata, fd, 65536, st))) {
		if (n > 0)
			continue;
		ASSERT_EQ(EAGAIN, errno);
		ASSERT_GE(refusals, ++again);
	}
	ASSERT_EQ(refusals, again);
	close(fd);
}

TEST_F(retry, each_once)
{
	struct scene *s = &self->s;
	struct stream st = {};

	if (!s->link)
		return;
	s->counts_vary = true;
	/* A refusal after other buffers ends a read that had something. */
	read_through(_metadata, s, REFUSALS - !!variant->before, &st);
	check(_metadata, s, &st);
	drop(&st);
}

TEST_F(retry, nothing_held)
{
	struct scene *s = &self->s;
	struct stream st = {};

	if (!s->link)
		return;
	read_through(_metadata, s, REFUSALS - !!variant->before, &st);
	check_counts(_metadata, s);
	drop(&st);
}

/* The same, but the reader gives up before it is given anything. */
TEST_F(retry, closed_early)
{
	struct scene *s = &self->s;
	struct stream st = {};
	unsigned int i;
	int fd;

	if (!s->link)
		return;
	fd = open_iterator(_metadata, s);
	for (i = 0; i < REFUSALS - 1; i++)
		read_more(_metadata, fd, 65536, &st);
	close(fd);
	check_counts(_metadata, s);
	drop(&st);
}

/*
 * The open-coded iterator: the kernel runs a program once, which writes records
 * into arrays.
 */
FIXTURE(open_coded)
{
	struct scene s;
};

FIXTURE_SETUP(open_coded)
{
	const char *what = missing(_metadata, "open");

	if (what)
		SKIP(return, "no %s", what);
	make_few(_metadata, &self->s);
	self->s.way = &open_coded;
}

FIXTURE_TEARDOWN(open_coded)
{
	end_scene(&self->s);
}

static void run(struct __test_metadata *_metadata,
		const struct bpf_object *object, const char *name)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const struct bpf_program *program;

	program = bpf_object__find_program_by_name(object, name);
	ASSERT_NE(NULL, program);
	ASSERT_EQ(0, bpf_prog_test_run_opts(bpf_program__fd(program), &opts));
	ASSERT_EQ(0U, opts.retval);
}

/* Makes records of what the program wrote. Return: how many. */
static __u32 expand(const struct open_buffer *seen, __u32 n,
		    struct dmabuf_rec_buffer *rec)
{
	const struct open_buffer *exporter = NULL, *end = seen + n;
	struct dmabuf_rec_buffer *first = rec;

	for (; seen < end; seen++) {
		if (!seen->key) {
			exporter = seen->length > 0 ? seen : NULL;
			continue;
		}
		*rec = (struct dmabuf_rec_buffer){
			.head = { DMABUF_REC_BUFFER, sizeof(*rec) },
			.key = seen->key,
			.ino = seen->ino,
			.bytes = seen->bytes,
			.refs = seen->state >> OPEN_REFS,
			.have = DMABUF_HAVE_ADDRESS | DMABUF_HAVE_INO |
				DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS,
		};
		/* Behind its end there is other memory. */
		snprintf(rec->name, sizeof(rec->name), "%.*s",
			 (int)sizeof(rec->name) - 1, seen->name);
		if (seen->state & OPEN_NAME)
			rec->have |= DMABUF_HAVE_NAME;
		if (seen->state & OPEN_UNATTACHED)
			rec->have |= DMABUF_HAVE_ATTACHMENTS;
		if (exporter) {
			rec->have |= DMABUF_HAVE_EXPORTER;
			memcpy(rec->exporter, exporter->text,
			       strnlen(exporter->text,
				       sizeof(rec->exporter) - 1));
		}
		rec++;
	}
	return rec - first;
}

/* Adds the first @n records of an array to @st. */
static void move(struct __test_metadata *_metadata,
		 const struct bpf_object *object, const char *name, __u32 n,
		 struct stream *st)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(object, name);
	size_t size;
	void *array;

	ASSERT_NE(NULL, map);
	if (n > bpf_map__max_entries(map))
		n = bpf_map__max_entries(map);
	if (!n)
		return;
	size = n * bpf_map__value_size(map);
	array = mmap(NULL, size, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
	ASSERT_NE(MAP_FAILED, array);
	st->data = realloc(st->data,
			   st->len + n * sizeof(struct dmabuf_rec_buffer));
	ASSERT_NE(NULL, st->data);
	st->len += expand(array, n, (void *)(st->data + st->len)) *
		   sizeof(struct dmabuf_rec_buffer);
	munmap(array, size);
}

/* Reads all buffers. Return: whether there were more than the array takes. */
static bool read_array(struct __test_metadata *_metadata, struct scene *s,
		       struct stream *st)
{
	struct open_pass pass = {};
	const struct bpf_map *map;

	variable(_metadata, s->object, "pass", true, &pass, sizeof(pass));
	run(_metadata, s->object, "read_buffers");
	variable(_metadata, s->object, "pass", false, &pass, sizeof(pass));
	move(_metadata, s->object, "records", pass.records, st);
	map = bpf_object__find_map_by_name(s->object, "records");
	return pass.records > bpf_map__max_entries(map);
}

TEST_F(open_coded, count)
{
	struct scene *s = &self->s;
	__u32 buffers;

	if (!s->n)
		return;
	s->object = open_object(_metadata, "iter_open");
	run(_metadata, s->object, "count_buffers");
	variable(_metadata, s->object, "buffers", false, &buffers,
		 sizeof(buffers));
	ASSERT_LE(s->n, buffers);
	check_counts(_metadata, s);
}

TEST_F(open_coded, each_once)
{
	struct scene *s = &self->s;
	struct stream st = {};
	unsigned int i;

	if (!s->n)
		return;
	s->object = open_sized(_metadata, "iter_open", 1024);
	ASSERT_FALSE(read_array(_metadata, s, &st));
	check(_metadata, s, &st);
	check_counts(_metadata, s);

	/* What is freed is gone, at once. */
	for (i = 0; i < s->n; i += 2)
		free_buffer(&s->buffers[i]);
	drop(&st);
	ASSERT_FALSE(read_array(_metadata, s, &st));
	check(_metadata, s, &st);
	drop(&st);
}

/* An array without room for all: the program says so, and holds nothing. */
TEST_F_TIMEOUT(open_coded, array_full, LONG_TIMEOUT)
{
	struct scene *s = &self->s, more = {};
	struct stream st = {};
	unsigned int i;

	if (!s->n)
		return;
	make_many(_metadata, &more, 200);
	s->object = open_sized(_metadata, "iter_open", 30);
	ASSERT_TRUE(read_array(_metadata, s, &st));
	ASSERT_LT(0U, st.len);
	check_counts(_metadata, s);
	check_counts(_metadata, &more);

	/* What did fit is right. */
	more.way = s->way;
	for (i = 0; i < more.n; i++)
		more.buffers[i].due = AT_MOST_ONCE;
	check(_metadata, &more, &st);
	drop(&st);
	end_scene(&more);
}

/* Once it said that there are no more, it keeps saying so: past_end.bpf.c. */
TEST_F(open_coded, past_end)
{
	/* Not 0, so as to see that the program has been here. */
	__u64 buffers, more[] = { 1, 1, 1, 1 };
	struct scene *s = &self->s;
	unsigned int i;

	if (!s->n)
		return;
	s->object = open_object(_metadata, "past_end");
	variable(_metadata, s->object, "more", true, more, sizeof(more));
	run(_metadata, s->object, "ask_past_end");
	variable(_metadata, s->object, "buffers", false, &buffers,
		 sizeof(buffers));
	variable(_metadata, s->object, "more", false, more, sizeof(more));
	ASSERT_LE(s->n, buffers);
	check_counts(_metadata, s);
	for (i = 0; i < ARRAY_SIZE(more); i++)
		EXPECT_EQ(0U, more[i]);
}

TEST_HARNESS_MAIN
