// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Descriptors and mappings of processes, as /proc tells them. It needs no BPF,
 * shows no more than what processes hold, and works on a recorded tree too.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "collect/collector.h"
#include "collect/parse_proc.h"
#include "collect/procfs.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"

#ifndef DMA_BUF_MAGIC
#define DMA_BUF_MAGIC 0x444d4142
#endif

#define SEES_FD	 DMABUF_REC_COVERS(DMABUF_REC_REF_FD)
#define SEES_MAP DMABUF_REC_COVERS(DMABUF_REC_REF_MAP)

#define NOT_PERMITTED                                                          \
	"not permitted to look into their /proc; run as root or grant "        \
	"CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"
#define HIDDEN                                                                 \
	"/proc is mounted with hidepid: processes of other users do not "      \
	"show; "                                                               \
	"run as root"
#define NO_KCMP                                                                \
	"threads may have descriptors of their own, and this kernel has no "   \
	"kcmp(2) to tell"

DEFINE_CLEANUP(closedir, DIR, closedir)

/* Whose descriptors and mappings are read: a process, or one of its threads. */
struct task {
	int dir; /* its folder in /proc */
	uint32_t pid, tid;
	char comm[DMABUF_REC_COMM_LEN];
};

struct walk;

/* What is made of what the walk finds; NULL when it need not look for it. */
struct sink {
	int (*descriptor)(struct walk *walk, const struct task *task,
			  uint64_t fd, const struct dmabuf_rec_buffer *buffer);
	int (*mapping)(struct walk *walk, const struct task *task,
		       const struct proc_mapping *mapping);
};

struct walk {
	struct dmabuf_ctx *ctx;
	struct dmabuf_snapshot *snapshot;
	const struct sink *sink;
	struct vec text; /* of one fdinfo */
	struct vec tables; /* threads of one process, one for each table */
	size_t compact_at; /* buffers that are worth a look for doubles */

	bool live, empty; /* empty: no process at all was there */
	bool no_kcmp; /* SEES_FD is missing for that */
	uint32_t denied; /* of the process at hand: SEES_ bits */
	bool has_memory; /* of the process at hand: it has an address space */
	uint32_t unseen; /* SEES_ bits of what some process did not show */
	size_t processes_denied, processes_seen;
};

/* 0 when it has exited, or what we may not see is noted; else @r. */
static int forgive(struct walk *walk, uint32_t what, int r)
{
	if (r == -EACCES || r == -EPERM)
		walk->denied |= what;
	else if (r != -ENOENT && r != -ESRCH)
		return r;
	return 0;
}

static int open_at(int dir, const char *path, int flags)
{
	int fd = openat(dir, path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int open_dir_at(int dir, const char *path, DIR **ret)
{
	_cleanup_close_ int fd = open_at(dir, path, O_RDONLY | O_DIRECTORY);
	DIR *entries;

	if (fd < 0)
		return fd;
	entries = fdopendir(fd);
	if (!entries)
		return -errno;
	take_fd(&fd);
	*ret = entries;
	return 0;
}

/* The next entry that is a number. Return: 1, 0 at the end, or -errno. */
static int next_number(DIR *dir, const char **name, uint64_t *number)
{
	const struct dirent *entry;
	char *end;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		*number = strtoull(entry->d_name, &end, 10);
		if (*end || errno || *number > UINT32_MAX)
			continue;
		*name = entry->d_name;
		return 1;
	}
}

/* Reads a file into @text. Locks make the fdinfo of any file long. */
static int read_whole(int dir, const char *path, struct vec *text)
{
	enum { ONCE = 4096 };
	_cleanup_close_ int fd = open_at(dir, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	text->n = 0;
	do {
		if (text->room - text->n < ONCE &&
		    vec_reserve(text, text->room * 2 + ONCE))
			return -ENOMEM;
		n = record_reader_read(fd, vec_at(text, text->n),
				       text->room - text->n);
		text->n += n > 0 ? n : 0;
	} while (n > 0);
	return n;
}

static void read_comm(struct task *task)
{
	_cleanup_close_ int fd = -1;
	ssize_t n;

	if (task->comm[0])
		return;
	fd = open_at(task->dir, "comm", O_RDONLY);
	n = fd < 0 ? 0 : record_reader_read(fd, task->comm, sizeof(task->comm));
	/* A process may have newlines in it; the last one is the kernel's. */
	n -= n > 0 &&
	     (task->comm[n - 1] == '\n' || n == (ssize_t)sizeof(task->comm));
	task->comm[n > 0 ? n : 0] = 0;
}

/* Before v5.14 the text lacks it, and the descriptor itself has to tell. */
static int find_ino(int fds, const char *name, struct dmabuf_rec_buffer *buffer)
{
	struct stat st;

	if (buffer->have & DMABUF_HAVE_INO)
		return 0;
	if (fstatat(fds, name, &st, 0))
		return -errno;
	buffer->ino = buffer->key = st.st_ino;
	buffer->have |= DMABUF_HAVE_INO;
	return 0;
}

/* The link of any file can look like this; the fdinfo cannot. */
static bool looks_like_dmabuf(int fds, const char *name, int *r)
{
	char link[sizeof(PROC_DMABUF) - 1];
	ssize_t n = readlinkat(fds, name, link, sizeof(link));

	*r = n < 0 ? -errno : 0;
	return n == sizeof(link) && !memcmp(link, PROC_DMABUF, sizeof(link));
}

static int read_descriptor(struct walk *walk, struct task *task, int fds,
			   const char *name, uint64_t number)
{
	struct dmabuf_rec_buffer buffer;
	char path[64];
	int r;

	if (!looks_like_dmabuf(fds, name, &r))
		/* A path too long for a link, for one, is of another file. */
		return r == -EACCES || r == -EPERM ? r : 0;
	snprintf(path, sizeof(path), "fdinfo/%s", name);
	r = read_whole(task->dir, path, &walk->text);
	if (r)
		return r;
	r = parse_fdinfo(walk->text.data, walk->text.n, &buffer);
	if (r == -ENODATA)
		return 0;
	if (r)
		return error_set(
			&walk->ctx->error, r,
			"/proc/%u/task/%u/%s: not what a kernel prints "
			"of a dma-buf",
			task->pid, task->tid, path);
	r = find_ino(fds, name, &buffer);
	if (r)
		return r;
	read_comm(task);
	return walk->sink->descriptor(walk, task, number, &buffer);
}

static int read_descriptors(struct walk *walk, struct task *task)
{
	_cleanup_(closedir_cleanup) DIR *dir = NULL;
	const char *name;
	uint64_t number;
	int r, more;

	r = open_dir_at(task->dir, "fd", &dir);
	if (r)
		return forgive(walk, SEES_FD, r);
	while ((more = next_number(dir, &name, &number)) > 0) {
		r = read_descriptor(walk, task, dirfd(dir), name, number);
		r = forgive(walk, SEES_FD, r);
		if (r)
			return r;
	}
	return forgive(walk, SEES_FD, more);
}

/*
 * Whether it is known to be a file of that name, and no dma-buf. Who is not
 * root cannot tell, nor can anyone of a process whose first thread has exited.
 */
static bool is_forged(const struct walk *walk, const struct task *task,
		      const struct proc_mapping *mapping)
{
	_cleanup_close_ int fd = -1;
	struct statfs fs;
	char path[64];

	if (!walk->live)
		return false;
	snprintf(path, sizeof(path), "map_files/%llx-%llx",
		 (unsigned long long)mapping->start,
		 (unsigned long long)mapping->end);
	fd = open_at(task->dir, path, O_PATH);
	return fd >= 0 && !fstatfs(fd, &fs) && fs.f_type != DMA_BUF_MAGIC;
}

static int read_mapping(struct walk *walk, struct task *task, const char *line,
			size_t size)
{
	struct proc_mapping mapping;
	int r = parse_maps_line(line, size, &mapping);

	if (r == -ENODATA)
		return 0;
	if (r)
		return error_set(
			&walk->ctx->error, r,
			"/proc/%u/maps: has a line that no kernel prints",
			task->pid);
	if (is_forged(walk, task, &mapping))
		return 0;
	read_comm(task);
	return walk->sink->mapping(walk, task, &mapping);
}

static int read_mappings(struct walk *walk, struct task *task)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	_cleanup_close_ int fd = -1;
	size_t room = 0;
	ssize_t n;
	int r;

	fd = open_at(task->dir, "maps", O_RDONLY);
	if (fd < 0)
		return forgive(walk, SEES_MAP, fd);
	file = fdopen(fd, "r");
	if (!file)
		return -errno;
	take_fd(&fd);
	/* Files in /proc ask for small reads. The kernel gives a page each. */
	(void)setvbuf(file, NULL, _IOFBF, 16 * 1024);
	while ((n = getline(&line, &room, file)) > 0) {
		walk->has_memory = true;
		r = read_mapping(walk, task, line, n - (line[n - 1] == '\n'));
		if (r)
			return r;
	}
	/* No memory for a line is no error of the file, nor its end. */
	if (ferror(file) || !feof(file))
		return forgive(walk, SEES_MAP, -errno);
	return 0;
}

/*
 * Whether a thread has a table of descriptors that was not read yet; a recorded
 * tree has only such threads. Return: 1, 0, or -errno.
 */
static int has_own_table(struct walk *walk, pid_t tid)
{
	pid_t other;
	size_t i;
	long r;

	for (i = 0; walk->live && i < walk->tables.n; i++) {
		other = *(pid_t *)vec_at(&walk->tables, i);
		r = syscall(SYS_kcmp, other, tid, KCMP_FILES, 0, 0);
		if (r < 0)
			return -errno;
		if (!r)
			return 0;
	}
	return 1;
}

static int read_thread(struct walk *walk, const struct task *leader,
		       const char *name, pid_t tid)
{
	_cleanup_close_ int dir = -1;
	struct task task = *leader;
	char path[64];
	int r;

	snprintf(path, sizeof(path), "task/%s", name);
	dir = open_at(leader->dir, path, O_PATH | O_DIRECTORY);
	if (dir < 0)
		return dir;
	read_comm(&task); /* of the process */
	task.dir = dir;
	task.tid = tid;
	/* A first thread that has exited shows no mappings; the others do. */
	r = walk->has_memory ? 0 : read_mappings(walk, &task);
	if (r || !walk->sink->descriptor)
		return r;

	r = has_own_table(walk, tid);
	if (r == -ENOSYS) {
		walk->no_kcmp = true;
		return 0;
	}
	if (r <= 0)
		return r;
	if (vec_push(&walk->tables, &tid))
		return -ENOMEM;
	return read_descriptors(walk, &task);
}

/* Two links are of the folder itself; each thread adds one. */
static bool has_threads(const struct walk *walk, const struct task *task)
{
	struct stat st;

	return !walk->live || fstatat(task->dir, "task", &st, 0) ||
	       st.st_nlink > 3;
}

static int read_threads(struct walk *walk, const struct task *task)
{
	_cleanup_(closedir_cleanup) DIR *dir = NULL;
	const char *name;
	uint64_t tid;
	int r, more;

	if (!has_threads(walk, task))
		return 0;
	r = open_dir_at(task->dir, "task", &dir);
	if (r)
		return forgive(walk, SEES_FD, r);
	walk->tables.n = 0;
	if (vec_push(&walk->tables, &(pid_t){ task->pid }))
		return -ENOMEM;
	while ((more = next_number(dir, &name, &tid)) > 0) {
		if (tid == task->pid)
			continue;
		r = forgive(walk, SEES_FD, read_thread(walk, task, name, tid));
		if (r)
			return r;
	}
	return forgive(walk, SEES_FD, more);
}

/* A kernel thread, which nobody else may look into, has nothing to see. */
static bool is_kernel_thread(const struct walk *walk, const struct task *task)
{
	return walk->live && !walk->has_memory && !(walk->denied & SEES_MAP) &&
	       !has_threads(walk, task);
}

static int read_tasks(struct walk *walk, struct task *task)
{
	int r = read_mappings(walk, task);

	if (!r && walk->sink->descriptor)
		r = read_descriptors(walk, task);
	if (r || walk->denied)
		return r;
	if (walk->has_memory && !walk->sink->descriptor)
		return 0;
	return read_threads(walk, task);
}

static int read_process(struct walk *walk, int proc, const char *name,
			uint32_t pid)
{
	_cleanup_close_ int dir = open_at(proc, name, O_PATH | O_DIRECTORY);
	struct task task = { .dir = dir, .pid = pid, .tid = pid };
	int r;

	walk->denied = 0;
	walk->has_memory = false;
	r = dir < 0 ? forgive(walk, SEES_FD | SEES_MAP, dir)
		    : read_tasks(walk, &task);
	if (r)
		return r;
	if (!walk->denied) {
		/* One that may look at nothing may still look at itself. */
		walk->processes_seen +=
			!walk->live || pid != (uint32_t)getpid();
	} else if (dir < 0 || !is_kernel_thread(walk, &task)) {
		walk->processes_denied++;
		walk->unseen |= walk->denied;
	}
	return 0;
}

static int read_processes(struct walk *walk)
{
	_cleanup_(closedir_cleanup) DIR *dir = NULL;
	_cleanup_close_ int proc = -1;
	const char *name;
	uint64_t pid;
	int r;

	proc = sysroot_open(&walk->ctx->sysroot, "proc");
	r = proc < 0 ? proc : open_dir_at(proc, ".", &dir);
	if (r)
		return error_set(&walk->ctx->error, r, "/proc: %s",
				 strerror(-r));
	while ((r = next_number(dir, &name, &pid)) > 0) {
		walk->empty = false;
		r = read_process(walk, proc, name, pid);
		if (r && walk->ctx->error.err)
			return r;
		if (r)
			return error_set(&walk->ctx->error, r, "/proc/%s: %s",
					 name, strerror(-r));
	}
	if (r)
		return error_set(&walk->ctx->error, r, "/proc: %s",
				 strerror(-r));
	if (walk->empty)
		return error_set(&walk->ctx->error, -ENOENT,
				 "/proc: no processes are there");
	return 0;
}

/* With hidepid, who can see into the first process can see all of them. */
static int is_hidden(struct walk *walk, bool *ret)
{
	_cleanup_close_ int mounts = -1, fd = -1;
	int r;

	mounts = sysroot_open(&walk->ctx->sysroot, "proc");
	if (mounts < 0)
		return 0;
	r = read_whole(mounts, "mounts", &walk->text);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (vec_push(&walk->text, ""))
		return -ENOMEM;
	fd = sysroot_open(&walk->ctx->sysroot, "proc/1/fd");
	*ret = fd < 0 && parse_hides_processes(walk->text.data);
	return 0;
}

static void walk_init(struct walk *walk, struct dmabuf_ctx *ctx,
		      struct dmabuf_snapshot *snapshot, const struct sink *sink)
{
	*walk = (struct walk){
		.ctx = ctx,
		.snapshot = snapshot,
		.sink = sink,
		.text = VEC_OF(char),
		.tables = VEC_OF(pid_t),
		.live = sysroot_is_live(&ctx->sysroot),
		.empty = true,
	};
	ctx->error = (struct dmabuf_error){};
}

static void walk_fini(struct walk *walk)
{
	vec_fini(&walk->text);
	vec_fini(&walk->tables);
}

/* Walks over all processes, and adds @what was not seen as gaps. */
static int walk_all(struct walk *walk, const char *what)
{
	struct dmabuf_snapshot *snapshot = walk->snapshot;
	bool hidden = false;
	int r;

	r = read_processes(walk);
	if (r)
		return r;
	r = is_hidden(walk, &hidden);
	if (hidden)
		walk->unseen |= SEES_FD | SEES_MAP;
	if (walk->no_kcmp)
		walk->unseen |= SEES_FD;
	if (!r && walk->processes_denied)
		r = snapshot_add_gap(snapshot, what, walk->processes_denied,
				     NOT_PERMITTED);
	if (!r && hidden)
		r = snapshot_add_gap(snapshot, what, 0, HIDDEN);
	if (!r && walk->no_kcmp)
		r = snapshot_add_gap(snapshot, what, 0, NO_KCMP);
	if (r)
		return error_no_memory(&walk->ctx->error);
	return 0;
}

static int add_ref(struct walk *walk, struct dmabuf_rec_ref *ref,
		   const struct task *task)
{
	ref->head = (struct dmabuf_rec){ DMABUF_REC_REF, sizeof(*ref) };
	ref->refs = 1;
	ref->pid = task->pid;
	memcpy(ref->comm, task->comm, sizeof(ref->comm));
	return vec_push(&walk->snapshot->refs, ref);
}

static int hold_descriptor(struct walk *walk, const struct task *task,
			   uint64_t fd, const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_rec_ref ref = {
		.type = DMABUF_REC_REF_FD,
		.ino = buffer->ino,
		.place = fd,
		.tid = task->tid,
	};

	return add_ref(walk, &ref, task);
}

static int hold_mapping(struct walk *walk, const struct task *task,
			const struct proc_mapping *mapping)
{
	struct dmabuf_rec_ref ref = {
		.type = DMABUF_REC_REF_MAP,
		.ino = mapping->ino,
		.place = mapping->start,
		.bytes = mapping->end - mapping->start,
		.offset = mapping->offset,
		.tid = task->pid,
	};

	return add_ref(walk, &ref, task);
}

static int read_refs(struct dmabuf_ctx *ctx, const struct sink *sink,
		     uint32_t types, struct dmabuf_snapshot *snapshot,
		     uint32_t *covers)
{
	struct walk walk;
	int r;

	walk_init(&walk, ctx, snapshot, sink);
	r = walk_all(&walk, "holders");
	walk_fini(&walk);
	if (!r)
		*covers |= types & ~walk.unseen;
	return r;
}

int proc_read_maps(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t *covers)
{
	static const struct sink sink = { .mapping = hold_mapping };

	return read_refs(ctx, &sink, SEES_MAP, snapshot, covers);
}

/*
 * Whether there can be GEM handles. A recorded tree that has no list of such
 * devices does not say that there are none.
 */
static bool may_have_drm(const struct sysroot *sysroot, const char *class)
{
	_cleanup_(closedir_cleanup) DIR *dir = NULL;
	_cleanup_close_ int fd = sysroot_open(sysroot, class);
	const struct dirent *entry;

	if (fd < 0 || open_dir_at(fd, ".", &dir))
		return !sysroot_is_live(sysroot) || fd != -ENOENT;
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, "card", 4) ||
		    !strncmp(entry->d_name, "render", 6) ||
		    !strncmp(entry->d_name, "accel", 5))
			return true;
	return false;
}

static int holders(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   uint32_t *covers)
{
	static const struct sink sink = { hold_descriptor, hold_mapping };
	int r;

	r = read_refs(ctx, &sink, SEES_FD | SEES_MAP, snapshot, covers);
	if (r)
		return r;
	if ((may_have_drm(&ctx->sysroot, "sys/class/drm") ||
	     may_have_drm(&ctx->sysroot, "sys/class/accel")) &&
	    snapshot_add_gap(snapshot, "GEM handles", 0,
			     "/proc does not tell of them"))
		return error_no_memory(&ctx->error);
	return 0;
}

/*
 * Of a buffer that is met again and again, one record is kept: the one with the
 * highest pass, so that of a descriptor, if there is one.
 */
static int add_buffer(struct walk *walk, const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_snapshot *snapshot = walk->snapshot;
	enum { FEW = 1024 };

	if (snapshot->buffers.n >= FEW &&
	    snapshot->buffers.n >= walk->compact_at) {
		snapshot_join_buffers(snapshot);
		walk->compact_at = snapshot->buffers.n * 2;
	}
	return vec_push(&snapshot->buffers, buffer);
}

static int show_descriptor(struct walk *walk, const struct task *task,
			   uint64_t fd, const struct dmabuf_rec_buffer *buffer)
{
	struct dmabuf_rec_buffer full = *buffer;

	(void)task;
	(void)fd;
	full.pass = 1;
	return add_buffer(walk, &full);
}

static int show_mapping(struct walk *walk, const struct task *task,
			const struct proc_mapping *mapping)
{
	struct dmabuf_rec_buffer buffer = {
		.head = { DMABUF_REC_BUFFER, sizeof(buffer) },
		.key = mapping->ino,
		.ino = mapping->ino,
		.have = DMABUF_HAVE_INO | DMABUF_HAVE_NAME,
	};

	(void)task;
	memcpy(buffer.name, mapping->name, sizeof(buffer.name));
	return add_buffer(walk, &buffer);
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	static const struct sink sink = { show_descriptor, show_mapping };
	struct walk walk;
	int r;

	walk_init(&walk, ctx, snapshot, &sink);
	r = walk_all(&walk, "processes");
	walk_fini(&walk);
	if (r)
		return r;
	if (!forced && walk.processes_denied && !walk.processes_seen) {
		error_set(&ctx->error, -EACCES,
			  "/proc: not permitted to look into any process");
		return error_hint(&ctx->error,
				  "run as root, or grant CAP_SYS_PTRACE and "
				  "CAP_DAC_READ_SEARCH");
	}
	if (snapshot_add_gap(snapshot, "buffers", 0,
			     "those that no process has open or mapped cannot "
			     "be seen in /proc"))
		return error_no_memory(&ctx->error);
	return 0;
}

const struct dmabuf_collector collector_procfs = {
	.name = "procfs",
	.misses = "buffers that no process has open or mapped; GEM handles, "
		  "messages in flight",
	.gives = DMABUF_GIVES_INO | DMABUF_GIVES_SIZE | DMABUF_GIVES_REFS |
		 DMABUF_GIVES_NAME | DMABUF_GIVES_EXPORTER |
		 DMABUF_GIVES_HOLDERS,
	.collect = collect,
	.holders = holders,
};
