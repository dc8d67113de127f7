// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/collector.h"
#include "collect/proc_refs.h"
#include "snapshot/buffers.h"
#include "tests/unit/unit.h"

#define SEES_FD	 DMABUF_REC_COVERS(DMABUF_REC_REF_FD)
#define SEES_MAP DMABUF_REC_COVERS(DMABUF_REC_REF_MAP)

#define FDINFO(ino, size, count, name)                                         \
	"pos:\t0\nflags:\t02\nmnt_id:\t1\nino:\t" ino "\nsize:\t" size         \
	"\ncount:\t" count "\nexp_name:\tsystem\n" name

struct look {
	char *dir;
	struct dmabuf_ctx *ctx;
	struct dmabuf_snapshot *snapshot;
	uint32_t covers, handles;
};

static void add_text(const struct look *look, const char *path,
		     const char *text)
{
	unit_tree_add(look->dir, path, text, strlen(text));
}

/* A process or thread, "8" or "8/task/9". */
static void add_file(const struct look *look, const char *task, const char *fd,
		     const char *link, const char *fdinfo)
{
	char path[128], full[256];

	snprintf(path, sizeof(path), "proc/%s/fd/x", task);
	add_text(look, path, "");
	snprintf(full, sizeof(full), "%s/proc/%s/fd/%s", look->dir, task, fd);
	assert_int_equal(symlink(link, full), 0);
	snprintf(path, sizeof(path), "proc/%s/fdinfo/%s", task, fd);
	if (fdinfo)
		add_text(look, path, fdinfo);
}

static void look_begin(struct look *look)
{
	*look = (struct look){ .dir = unit_tree() };
	look->ctx = unit_ctx(look->dir);
	look->snapshot = snapshot_new();
	assert_non_null(look->snapshot);
	/* No device has handles. */
	add_text(look, "sys/class/drm/version", "drm 1.1.0\n");
	add_text(look, "sys/class/accel/x", "");
}

static void look_end(struct look *look)
{
	dmabuf_snapshot_free(look->snapshot);
	dmabuf_ctx_free(look->ctx);
	if (look->dir)
		unit_tree_free(look->dir);
}

static int read_holders(struct look *look)
{
	struct holders_result result = {};
	int r = collector_procfs.holders(look->ctx, look->snapshot, false,
					 &result);

	look->covers = result.covers & (SEES_FD | SEES_MAP);
	look->handles = result.covers & ~(SEES_FD | SEES_MAP);
	return r;
}

static int read_buffers(struct look *look, bool forced)
{
	int r = collector_procfs.collect(look->ctx, forced, look->snapshot);

	assert_int_equal(r, look->ctx->error.err);
	snapshot_join_buffers(look->snapshot);
	return r;
}

static const struct dmabuf_rec_ref *find_ref(const struct look *look,
					     uint32_t type, uint32_t tid,
					     uint64_t place)
{
	const struct dmabuf_rec_ref *ref;
	size_t i;

	for (i = 0; i < look->snapshot->refs.n; i++) {
		ref = vec_at(&look->snapshot->refs, i);
		if (ref->type == type && ref->tid == tid && ref->place == place)
			return ref;
	}
	fail_msg("no hold of type %u, thread %u at %llu", type, tid,
		 (unsigned long long)place);
	return NULL;
}

static const struct buffer *find_buffer(const struct look *look, uint64_t ino)
{
	const struct buffer *buffer;
	size_t i;

	for (i = 0; i < look->snapshot->buffers.n; i++) {
		buffer = vec_at(&look->snapshot->buffers, i);
		if (buffer->ino == ino)
			return buffer;
	}
	fail_msg("no buffer %llu", (unsigned long long)ino);
	return NULL;
}

static const struct dmabuf_rec_gap *find_gap(const struct look *look,
					     const char *what, const char *why)
{
	const struct dmabuf_rec_gap *gap;
	size_t i;

	for (i = 0; i < look->snapshot->gaps.n; i++) {
		gap = vec_at(&look->snapshot->gaps, i);
		if (!strcmp(gap->what, what) && strstr(gap->why, why))
			return gap;
	}
	return NULL;
}

static void add_scene(const struct look *look)
{
	add_text(look, "proc/8/comm", "cam\nera\n");
	add_text(look, "proc/9/maps", "");
	add_file(look, "8", "0", "/dev/null", NULL);
	add_file(look, "8", "3", "/dmabuf:one",
		 FDINFO("11", "4096", "3", "name:\tone\n"));
	add_file(look, "8", "12", "/dmabuf:", FDINFO("12", "8192", "1", ""));
	add_text(look, "proc/8/maps",
		 "1000-2000 r-xp 00000000 fe:01 99   /bin/camera\n"
		 "3000-5000 rw-s 00001000 00:0b 11   /dmabuf:one\n"
		 "6000-7000 rw-s 00000000 00:0b 13   /dmabuf:a\\012b\n"
		 "7ff000-800000 rw-p 00000000 00:00 0   [stack]\n");
	add_text(look, "proc/9/comm", "a name that is too long\n");
	add_file(look, "9", "4", "/dmabuf:one",
		 FDINFO("11", "4096", "3", "name:\tone\n"));
	add_text(look, "proc/sys/kernel/osrelease", "1\n");
	add_text(look, "proc/self/comm", "none\n");
}

static void test_holders(void **state)
{
	const struct dmabuf_rec_ref *ref;
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.covers, SEES_FD | SEES_MAP);
	/* Without a device, no process has a handle or a framebuffer. */
	assert_int_equal(look.handles,
			 DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
				 DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER));
	assert_int_equal(look.snapshot->gaps.n, 0);
	assert_int_equal(look.snapshot->buffers.n, 0);
	assert_int_equal(look.snapshot->refs.n, 5);

	ref = find_ref(&look, DMABUF_REC_REF_FD, 8, 3);
	assert_int_equal(ref->head.kind, DMABUF_REC_REF);
	assert_int_equal(ref->head.size, sizeof(*ref));
	assert_int_equal(ref->ino, 11);
	assert_int_equal(ref->key, 0);
	assert_int_equal(ref->table, 0);
	assert_int_equal(ref->refs, 1);
	assert_int_equal(ref->pid, 8);
	assert_string_equal(ref->comm, "cam\nera");
	assert_int_equal(find_ref(&look, DMABUF_REC_REF_FD, 8, 12)->ino, 12);
	ref = find_ref(&look, DMABUF_REC_REF_FD, 9, 4);
	assert_int_equal(ref->ino, 11);
	assert_string_equal(ref->comm, "a name that is ");
	ref = find_ref(&look, DMABUF_REC_REF_MAP, 8, 0x3000);
	assert_int_equal(ref->ino, 11);
	assert_int_equal(ref->pid, 8);
	assert_int_equal(ref->refs, 1);
	assert_int_equal(ref->bytes, 0x2000);
	assert_int_equal(ref->offset, 0x1000);
	assert_string_equal(ref->comm, "cam\nera");
	assert_int_equal(find_ref(&look, DMABUF_REC_REF_MAP, 8, 0x6000)->ino,
			 13);
	look_end(&look);
}

static void test_maps_alone(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	look.covers = 1;
	assert_int_equal(
		proc_read_refs(look.ctx, look.snapshot, SEES_MAP, &look.covers),
		0);
	/* A record of another collector is kept. */
	assert_int_equal(look.covers, SEES_MAP | 1);
	assert_int_equal(look.snapshot->refs.n, 2);
	look_end(&look);
}

static void test_buffers(void **state)
{
	const struct buffer *buffer;
	const struct dmabuf_rec_gap *gap;
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	assert_int_equal(read_buffers(&look, false), 0);
	assert_int_equal(look.snapshot->buffers.n, 3);
	assert_int_equal(look.snapshot->refs.n, 0);

	buffer = find_buffer(&look, 11);
	assert_int_equal(buffer->key, 11);
	assert_int_equal(buffer->bytes, 4096);
	assert_int_equal(buffer->refs, 3);
	assert_int_equal(buffer->have,
			 DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS |
				 DMABUF_HAVE_NAME | DMABUF_HAVE_EXPORTER);
	assert_string_equal(buffer->name, "one");
	assert_string_equal(buffer->exporter, "system");
	assert_string_equal(find_buffer(&look, 12)->name, "");
	/* Only mapped: values that a mapping does not have are unknown. */
	buffer = find_buffer(&look, 13);
	assert_int_equal(buffer->key, 13);
	assert_int_equal(buffer->have, DMABUF_HAVE_INO | DMABUF_HAVE_NAME);
	assert_string_equal(buffer->name, "a\nb");

	assert_int_equal(look.snapshot->gaps.n, 1);
	gap = find_gap(&look, "buffers", "that no process has open or mapped");
	assert_non_null(gap);
	assert_int_equal(gap->count, 0);
	look_end(&look);
}

/* A recorded tree has the size of a mapped buffer in the place of its file. */
static void test_size_of_mapped(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_text(&look, "proc/8/fd/x", "");
	add_text(&look, "proc/8/maps",
		 "00001000-00002000 rw-s 00000000 00:0b 13   /dmabuf:\n"
		 "00006000-00007000 rw-s 00000000 00:0b 14   /dmabuf:\n"
		 "00008000-00009000 rw-s 00000000 00:0b 15   /dmabuf:\n"
		 "0000a000-0000b000 rw-s 00000000 00:0b 15   /dmabuf:\n"
		 "0000c000-0000d000 rw-s 00000000 00:0b 15   /dmabuf:\n");
	add_text(&look, "proc/8/map_files/1000-2000", "65536\n");
	add_text(&look, "proc/8/map_files/6000-7000", "64K\n");
	add_text(&look, "proc/8/map_files/a000-b000", "8192\n");
	assert_int_equal(read_buffers(&look, false), 0);
	assert_int_equal(look.snapshot->buffers.n, 3);
	assert_true(find_buffer(&look, 13)->have & DMABUF_HAVE_SIZE);
	assert_int_equal(find_buffer(&look, 13)->bytes, 65536);
	assert_false(find_buffer(&look, 14)->have & DMABUF_HAVE_SIZE);
	/* One mapping that tells it is enough. */
	assert_true(find_buffer(&look, 15)->have & DMABUF_HAVE_SIZE);
	assert_int_equal(find_buffer(&look, 15)->bytes, 8192);
	look_end(&look);
}

/* In any order, the descriptor gives more than the mapping. */
static void test_descriptor_beats_mapping(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_file(&look, "8", "3", "/dmabuf:", FDINFO("11", "1", "3", ""));
	add_text(&look, "proc/8/maps",
		 "1000-2000 rw-s 00000000 00:0b 12   /dmabuf:\n");
	add_file(&look, "9", "3", "/dmabuf:", FDINFO("12", "1", "3", ""));
	add_text(&look, "proc/9/maps",
		 "1000-2000 rw-s 00000000 00:0b 11   /dmabuf:\n");
	assert_int_equal(read_buffers(&look, false), 0);
	assert_int_equal(look.snapshot->buffers.n, 2);
	assert_true(find_buffer(&look, 11)->have & DMABUF_HAVE_SIZE);
	assert_true(find_buffer(&look, 12)->have & DMABUF_HAVE_SIZE);
	look_end(&look);
}

/* Each buffer once, however many references there are. */
static void test_many_descriptors(void **state)
{
	struct look look;
	char text[256], fd[16], ino[16];
	int i;

	(void)state;
	look_begin(&look);
	add_text(&look, "proc/8/maps",
		 "1000-2000 rw-s 00000000 00:0b 1   /dmabuf:\n");
	for (i = 0; i < 3000; i++) {
		snprintf(fd, sizeof(fd), "%d", i);
		snprintf(ino, sizeof(ino), "%d", i % 1500);
		snprintf(text, sizeof(text),
			 "ino:\t%s\nsize:\t4096\nexp_name:\tx\n", ino);
		add_file(&look, "8", fd, "/dmabuf:", text);
	}
	assert_int_equal(read_buffers(&look, false), 0);
	assert_int_equal(look.snapshot->buffers.n, 1500);
	assert_true(look.snapshot->buffers.room < 3000);
	for (i = 0; i < 1500; i++)
		assert_true(find_buffer(&look, i)->have & DMABUF_HAVE_SIZE);
	look_end(&look);
}

static void test_files_that_are_none(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	/* A file of that name has no exporter in its fdinfo. */
	add_file(&look, "8", "3", "/dmabuf:one",
		 "pos:\t0\nflags:\t02\nmnt_id:\t1\nino:\t11\n");
	/* The fdinfo of another file is no dma-buf. */
	add_file(&look, "8", "4",
		 "/tmp/dmabuf:", FDINFO("11", "4096", "3", ""));
	add_file(&look, "8", "5", "/dmabuf", FDINFO("11", "4096", "3", ""));
	add_file(&look, "8", "6", "/dmabuf:0123456789012345678901234567890x",
		 FDINFO("11", "4096", "3", ""));
	add_file(&look, "8", "07x", "/dmabuf:", FDINFO("11", "4096", "3", ""));
	add_text(&look, "proc/8/maps",
		 "1000-2000 rw-s 00000000 fe:01 11   /tmp/dmabuf:x\n");
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.snapshot->refs.n, 0);
	assert_int_equal(look.covers, SEES_FD | SEES_MAP);
	assert_int_equal(read_buffers(&look, false), 0);
	assert_int_equal(look.snapshot->buffers.n, 0);
	look_end(&look);
}

/* Many locks, with the other lines after them. */
static void test_long_fdinfo(void **state)
{
	enum { LOCKS = 1000 };
	static const char lock[] = "lock:\t1: POSIX  ADVISORY  WRITE 8 ...\n";
	static char text[LOCKS * sizeof(lock) + 256];
	struct look look;
	size_t n = 0;
	int i;

	(void)state;
	for (i = 0; i < LOCKS; i++)
		n += sprintf(text + n, "%s", lock);
	strcpy(text + n, FDINFO("11", "4096", "3", "name:\tn\n"));
	look_begin(&look);
	add_file(&look, "8", "3", "/dmabuf:n", text);
	assert_int_equal(read_buffers(&look, false), 0);
	assert_string_equal(find_buffer(&look, 11)->name, "n");
	look_end(&look);
}

/* A line that is not the kernel's costs no more than that line. */
static void test_damage(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	add_file(&look, "7", "3", "/dmabuf:n", FDINFO("11", "4k", "3", ""));
	add_text(&look, "proc/7/maps",
		 "1000-2000 /dmabuf:\n"
		 "3000-4000 rw-s 00000000 00:0b 12   /dmabuf:\n");
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.covers, 0);
	(void)find_ref(&look, DMABUF_REC_REF_FD, 8, 3);
	(void)find_ref(&look, DMABUF_REC_REF_MAP, 7, 0x3000);
	assert_int_equal(look.snapshot->gaps.n, 1);
	assert_non_null(find_gap(&look, "holders",
				 "unexpected text, such as in "
				 "/proc/7/task/7/maps"));
	assert_int_equal(read_buffers(&look, false), 0);
	(void)find_buffer(&look, 11);
	assert_non_null(find_gap(&look, "processes", "unexpected text"));
	look_end(&look);
}

static void test_threads(void **state)
{
	const struct dmabuf_rec_ref *ref;
	struct look look;

	(void)state;
	look_begin(&look);
	add_text(&look, "proc/8/comm", "main\n");
	add_text(&look, "proc/8/task/8/comm", "main\n");
	/* The one of the process; it is not read again. */
	add_file(&look, "8", "3", "/dmabuf:", FDINFO("11", "1", "3", ""));
	add_file(&look, "8/task/8", "3",
		 "/dmabuf:", FDINFO("11", "1", "3", ""));
	add_text(&look, "proc/8/task/9/comm", "thread\n");
	add_file(&look, "8/task/9", "3",
		 "/dmabuf:", FDINFO("12", "1", "3", ""));
	add_file(&look, "8/task/10", "4",
		 "/dmabuf:", FDINFO("12", "1", "3", ""));
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.snapshot->refs.n, 3);
	assert_int_equal(find_ref(&look, DMABUF_REC_REF_FD, 8, 3)->ino, 11);
	assert_int_equal(find_ref(&look, DMABUF_REC_REF_FD, 10, 4)->ino, 12);
	ref = find_ref(&look, DMABUF_REC_REF_FD, 9, 3);
	assert_int_equal(ref->ino, 12);
	assert_int_equal(ref->pid, 8);
	assert_string_equal(ref->comm, "main");
	look_end(&look);
}

static void make_link(const struct look *look, const char *path,
		      const char *link)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/proc/%s", look->dir, path);
	assert_int_equal(symlink(link, full), 0);
}

/*
 * A process that was not recorded whole may hold anything. Each of these lacks
 * something, or has something else in its place.
 */
static void lack_maps(const struct look *look)
{
	add_text(look, "proc/20/fd/x", "");
}

static void lack_fd(const struct look *look)
{
	add_text(look, "proc/20/maps",
		 "1000-2000 r-xp 00000000 fe:01 99   /bin/x\n");
}

static void lack_all(const struct look *look)
{
	add_text(look, "proc/20/comm", "x\n");
}

static void lack_fdinfo(const struct look *look)
{
	lack_fd(look);
	add_file(look, "20", "3", "/dmabuf:x", NULL);
}

static void lack_link(const struct look *look)
{
	lack_fd(look);
	add_text(look, "proc/20/fd/3", "a copy of what the link led to");
}

static void lack_ino(const struct look *look)
{
	lack_fd(look);
	add_file(look, "20", "3", "/dmabuf:",
		 "pos:\t0\nsize:\t4096\ncount:\t1\nexp_name:\tdrm\n");
}

static void lack_thread_fd(const struct look *look)
{
	lack_maps(look);
	lack_fd(look);
	add_text(look, "proc/20/task/21/comm", "x\n");
}

static void have_fifo(const struct look *look)
{
	char full[256];

	lack_maps(look);
	snprintf(full, sizeof(full), "%s/proc/20/maps", look->dir);
	assert_int_equal(mkfifo(full, 0644), 0);
}

static void have_file(const struct look *look)
{
	add_text(look, "proc/20", "");
}

static void have_link_out(const struct look *look)
{
	lack_maps(look);
	make_link(look, "20/maps", "/proc/self/maps");
}

static void have_fd_out(const struct look *look)
{
	lack_fd(look);
	make_link(look, "20/fd", "../../../../../../../../../proc/self/fd");
}

static void have_loop(const struct look *look)
{
	lack_fd(look);
	make_link(look, "20/fd", "fd");
}

static void test_not_recorded(void **state)
{
	static const struct {
		void (*add)(const struct look *look);
		uint32_t covers;
	} cases[] = {
		{ lack_maps, SEES_FD },
		{ lack_fd, SEES_MAP },
		{ lack_all, 0 },
		{ lack_fdinfo, SEES_MAP },
		{ lack_link, SEES_MAP },
		{ lack_ino, SEES_MAP },
		{ lack_thread_fd, SEES_MAP },
		{ have_fifo, SEES_FD },
		{ have_file, 0 },
		{ have_link_out, SEES_FD },
		{ have_fd_out, SEES_MAP },
		{ have_loop, SEES_MAP },
	};
	const struct dmabuf_rec_gap *gap;
	struct look look;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		look_begin(&look);
		add_scene(&look);
		cases[i].add(&look);
		assert_int_equal(read_holders(&look), 0);
		assert_int_equal(look.snapshot->refs.n, 5);
		assert_int_equal(look.covers, cases[i].covers);
		assert_int_equal(look.snapshot->gaps.n, 1);
		gap = find_gap(&look, "holders", "not recorded whole");
		assert_non_null(gap);
		assert_int_equal(gap->count, 1);
		assert_int_equal(read_buffers(&look, false), 0);
		assert_int_equal(look.snapshot->buffers.n, 3);
		assert_non_null(
			find_gap(&look, "processes", "not recorded whole"));
		look_end(&look);
	}
}

/* record-root leaves such a folder to show that it could read /proc. */
static void test_mark_of_recorder(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	add_text(&look, "proc/1/comm", "init\n");
	add_text(&look, "proc/1/fd/x", "");
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.covers, SEES_FD | SEES_MAP);
	assert_int_equal(look.snapshot->gaps.n, 0);
	/* That is not the mark, but a process. */
	add_file(&look, "1", "3", "/dev/null", NULL);
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.covers, SEES_FD);
	assert_non_null(find_gap(&look, "holders", "not recorded whole"));
	look_end(&look);
}

static void test_no_processes(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	assert_int_equal(read_buffers(&look, true), -ENOENT);
	add_text(&look, "proc/sys/kernel/osrelease", "1\n");
	assert_int_equal(read_buffers(&look, true), -ENOENT);
	assert_string_equal(look.ctx->error.text, "/proc: no processes found");
	assert_int_equal(read_holders(&look), -ENOENT);
	assert_int_equal(look.covers, 0);
	/* A process that holds nothing is a valid answer. */
	add_text(&look, "proc/1/fd/x", "");
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.covers, SEES_FD | SEES_MAP);
	look_end(&look);
}

static void make_unreadable(const struct look *look, const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/proc/%s", look->dir, path);
	assert_int_equal(chmod(full, 0), 0);
}

/* Root may read all folders, another user may not. */
static void be_nobody(const struct look *look)
{
	assert_int_equal(chmod(look->dir, 0755), 0);
	if (!geteuid())
		assert_int_equal(seteuid(65534), 0);
}

static void be_oneself(void)
{
	assert_int_equal(seteuid(getuid()), 0);
}

static void test_not_permitted(void **state)
{
	const struct dmabuf_rec_gap *gap;
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	add_text(&look, "proc/20/maps", "");
	add_file(&look, "20", "3", "/dmabuf:", NULL);
	add_text(&look, "proc/21/fd/x", "");
	make_unreadable(&look, "20/maps");
	make_unreadable(&look, "20/fd");
	add_text(&look, "proc/21/maps", "");
	make_unreadable(&look, "21/maps");
	be_nobody(&look);
	assert_int_equal(read_holders(&look), 0);
	be_oneself();
	/* The other processes are still listed. */
	assert_int_equal(look.snapshot->refs.n, 5);
	assert_int_equal(look.covers, 0);
	assert_int_equal(look.snapshot->gaps.n, 1);
	gap = find_gap(&look, "holders", "permission denied");
	assert_non_null(gap);
	assert_int_equal(gap->count, 2);
	look_end(&look);
}

static void test_maps_not_permitted(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	make_unreadable(&look, "8/maps");
	be_nobody(&look);
	assert_int_equal(read_holders(&look), 0);
	be_oneself();
	assert_int_equal(look.snapshot->refs.n, 3);
	assert_int_equal(look.covers, SEES_FD);
	assert_non_null(find_gap(&look, "holders", "permission denied"));
	look_end(&look);
}

static void test_nothing_permitted(void **state)
{
	struct look look;
	int r;

	(void)state;
	look_begin(&look);
	add_file(&look, "8", "3", "/dmabuf:", FDINFO("11", "1", "3", ""));
	make_unreadable(&look, "8/fd");
	be_nobody(&look);
	r = read_buffers(&look, false);
	assert_int_equal(r, -EACCES);
	assert_string_equal(look.ctx->error.hint,
			    "run as root, or grant CAP_SYS_PTRACE and "
			    "CAP_DAC_READ_SEARCH");
	r = read_buffers(&look, true);
	be_oneself();
	assert_int_equal(r, 0);
	assert_int_equal(look.snapshot->buffers.n, 0);
	assert_non_null(find_gap(&look, "processes", "permission denied"));
	look_end(&look);
}

static void test_hidepid(void **state)
{
	struct look look;

	(void)state;
	look_begin(&look);
	add_scene(&look);
	add_text(&look, "proc/mounts", "proc /proc proc rw,hidepid=2 0 0\n");
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.snapshot->refs.n, 5);
	assert_int_equal(look.covers, 0);
	assert_non_null(find_gap(&look, "holders", "hidepid"));

	/* If the first process is readable, there is no gap. */
	add_text(&look, "proc/1/fd/x", "");
	look.snapshot->gaps.n = 0;
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(look.covers, SEES_FD | SEES_MAP);
	assert_int_equal(look.snapshot->gaps.n, 0);
	look_end(&look);
}

static void test_handles(void **state)
{
	static const char *const devices[] = { "drm/card0", "drm/renderD128",
					       "accel/accel0" };
	char path[64];
	struct look look;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		look_begin(&look);
		add_scene(&look);
		snprintf(path, sizeof(path), "sys/class/%s/dev", devices[i]);
		add_text(&look, path, "");
		assert_int_equal(read_holders(&look), 0);
		assert_int_equal(look.handles, 0);
		assert_int_equal(look.snapshot->gaps.n, 1);
		assert_non_null(find_gap(&look, "GEM handles", "/proc"));
		look_end(&look);
	}
}

/* The running system, as any user. */
static void test_live(void **state)
{
	struct look look = { .ctx = unit_ctx("/"), .snapshot = snapshot_new() };

	(void)state;
	assert_int_equal(read_holders(&look), 0);
	assert_int_equal(read_buffers(&look, true), 0);
	assert_int_equal(
		proc_read_refs(look.ctx, look.snapshot, SEES_MAP, &look.covers),
		0);
	look_end(&look);
}

/* Values of truth.json in the recorded tree. */
struct truth {
	uint32_t first, second, third; /* processes */
	uint64_t all, map, two, sent, flying, not ; /* inode numbers */
	const char *exporter;
};

static void check_held(const struct look *look, uint64_t ino, uint32_t pid,
		       unsigned int fds, unsigned int maps)
{
	const struct dmabuf_rec_ref *ref;
	unsigned int counted[DMABUF_REC_REF_TYPES] = {};
	size_t i;

	for (i = 0; i < look->snapshot->refs.n; i++) {
		ref = vec_at(&look->snapshot->refs, i);
		if (ref->ino == ino && ref->pid == pid)
			counted[ref->type]++;
	}
	assert_int_equal(counted[DMABUF_REC_REF_FD], fds);
	assert_int_equal(counted[DMABUF_REC_REF_MAP], maps);
}

static void check_shared_holders(const struct look *look,
				 const struct truth *truth)
{
	assert_int_equal(look->covers, SEES_FD | SEES_MAP);
	/* These trees have no devices. */
	assert_int_equal(look->snapshot->gaps.n, 1);
	assert_non_null(find_gap(look, "GEM handles", "/proc"));
	check_held(look, truth->all, truth->first, 1, 0);
	check_held(look, truth->all, truth->second, 1, 0);
	check_held(look, truth->all, truth->third, 1, 1);
	check_held(look, truth->map, truth->first, 0, 1);
	check_held(look, truth->map, truth->second, 0, 1);
	check_held(look, truth->two, truth->second, 2, 1);
	check_held(look, truth->sent, truth->third, 0, 1);
	check_held(look, truth->not, truth->first, 1, 0);
	/* There are no other buffers. */
	assert_int_equal(look->snapshot->refs.n, 11);
}

static void check_shared_buffer(const struct look *look, uint64_t ino,
				uint64_t bytes, uint64_t refs, const char *name,
				const char *exporter)
{
	const struct buffer *buffer = find_buffer(look, ino);

	assert_string_equal(buffer->name, name);
	assert_string_equal(buffer->exporter, exporter);
	assert_int_equal(buffer->bytes, bytes);
	assert_int_equal(buffer->refs, refs);
}

static void check_shared(const char *sysroot, const struct truth *truth)
{
	struct look look = { .ctx = unit_ctx(sysroot),
			     .snapshot = snapshot_new() };

	assert_int_equal(read_holders(&look), 0);
	check_shared_holders(&look, truth);
	assert_int_equal(read_buffers(&look, false), 0);
	/* The buffer in flight cannot be seen. */
	assert_int_equal(look.snapshot->buffers.n, 5);
	check_shared_buffer(&look, truth->all, 4096, 4, "shared-all",
			    truth->exporter);
	check_shared_buffer(&look, truth->two, 20480, 3, "shared-two",
			    truth->exporter);
	check_shared_buffer(&look, truth->not, 45056, 1, "shared-not",
			    truth->exporter);
	check_shared_buffer(&look, truth->map, 0, 0, "shared-map", "");
	check_shared_buffer(&look, truth->sent, 0, 0, "shared-sent", "");
	look_end(&look);
}

static void test_shared_5_10(void **state)
{
	(void)state;
	check_shared("tests/data/5.10-shared-root",
		     &(struct truth){ 49, 52, 51, 6405, 6408, 6410, 6411, 6413,
				      6415, "heap_helpers" });
}

static void test_shared_6_1(void **state)
{
	(void)state;
	check_shared("tests/data/6.1-shared-root",
		     &(struct truth){ 52, 55, 54, 2, 3, 4, 5, 6, 7, "system" });
}

static void test_shared_6_12(void **state)
{
	(void)state;
	check_shared("tests/data/6.12-shared-root",
		     &(struct truth){ 57, 60, 59, 2, 3, 4, 5, 6, 7, "system" });
}

static void test_shared_7_3(void **state)
{
	(void)state;
	check_shared("tests/data/7.3-shared-root",
		     &(struct truth){ 58, 61, 60, 2, 3, 4, 5, 6, 7, "system" });
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holders),
		cmocka_unit_test(test_maps_alone),
		cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_size_of_mapped),
		cmocka_unit_test(test_descriptor_beats_mapping),
		cmocka_unit_test(test_many_descriptors),
		cmocka_unit_test(test_files_that_are_none),
		cmocka_unit_test(test_long_fdinfo),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_not_recorded),
		cmocka_unit_test(test_mark_of_recorder),
		cmocka_unit_test(test_no_processes),
		cmocka_unit_test(test_not_permitted),
		cmocka_unit_test(test_maps_not_permitted),
		cmocka_unit_test(test_nothing_permitted),
		cmocka_unit_test(test_hidepid),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_shared_5_10),
		cmocka_unit_test(test_shared_6_1),
		cmocka_unit_test(test_shared_6_12),
		cmocka_unit_test(test_shared_7_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
