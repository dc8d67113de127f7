// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <unistd.h>

#include "collect/pid_namespace.h"
#include "collect/proc_files.h"
#include "collect/proc_threads.h"
#include "collect/proc_walk.h"
#include "collect/task_fds.h"
#include "collect/task_maps.h"
#include "snapshot/gaps.h"

#define NOT_PERMITTED "could not be inspected: permission denied"
#define NOT_RECORDED                                                           \
	"not recorded whole: the tree lacks files of these processes"
#define HIDDEN                                                                 \
	"/proc is mounted with hidepid: processes of other users are hidden"
#define NO_KCMP                                                                \
	"threads may have descriptors of their own, and this kernel has no "   \
	"kcmp(2) to tell"

/* Whether it is a kernel thread: these deny access and hold nothing. */
static bool is_kernel_thread(const struct proc_walk *walk,
			     const struct proc_task *task)
{
	return walk->live && !walk->has_memory && !(walk->denied & SEES_MAP) &&
	       !proc_has_threads(walk, task);
}

/*
 * Whether it is what a recorder leaves of the first process to show that it
 * could read /proc: an empty folder of descriptors, and no mappings.
 */
static bool is_mark(const struct proc_walk *walk, uint32_t pid)
{
	return pid == 1 && walk->unrecorded == SEES_MAP &&
	       !walk->has_descriptors;
}

static int read_tasks(struct proc_walk *walk, struct proc_task *task)
{
	int r = task_read_maps(walk, task);

	if (!r && walk->sink->descriptor)
		r = task_read_fds(walk, task);
	if (r || walk->denied)
		return r;
	if (walk->has_memory && !walk->sink->descriptor)
		return 0;
	return proc_read_threads(walk, task);
}

static int read_process(struct proc_walk *walk, int proc, const char *name,
			uint32_t pid)
{
	_cleanup_close_ int dir = sysroot_open_at(&walk->ctx->sysroot, proc,
						  name, O_PATH | O_DIRECTORY);
	struct proc_task task = { .dir = dir, .pid = pid, .tid = pid };
	int r;

	walk->denied = walk->unrecorded = walk->odd = 0;
	walk->has_memory = walk->has_descriptors = false;
	r = dir < 0 ? proc_forgive(walk, SEES_FD | SEES_MAP, dir)
		    : read_tasks(walk, &task);
	if (r)
		return r;
	if (walk->unrecorded && !is_mark(walk, pid)) {
		walk->processes_unrecorded++;
		walk->unseen |= walk->unrecorded;
	}
	walk->processes_odd += !!walk->odd;
	walk->unseen |= walk->odd;
	if (!walk->denied) {
		/* A process can always inspect itself. */
		walk->processes_seen +=
			!walk->live || pid != (uint32_t)getpid();
	} else if (dir < 0 || !is_kernel_thread(walk, &task)) {
		walk->processes_denied++;
		walk->unseen |= walk->denied;
	}
	return 0;
}

static int read_processes(struct proc_walk *walk)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const char *name;
	uint64_t pid;
	int r;

	r = sysroot_opendir(&walk->ctx->sysroot, SYSROOT_TOP, "proc", &dir);
	if (r)
		return error_set_errno(&walk->ctx->error, r, "/proc");
	while ((r = proc_next_number(dir, &name, &pid)) > 0) {
		walk->empty = false;
		r = read_process(walk, dirfd(dir), name, pid);
		if (r && walk->ctx->error.err)
			return r;
		if (r)
			return error_set_errno(&walk->ctx->error, r, "/proc/%s",
					       name);
	}
	if (r)
		return error_set_errno(&walk->ctx->error, r, "/proc");
	if (walk->empty)
		return error_set(&walk->ctx->error, -ENOENT,
				 "/proc: no processes found");
	return 0;
}

void proc_walk_init(struct proc_walk *walk, struct dmabuf_ctx *ctx,
		    struct dmabuf_snapshot *snapshot,
		    const struct proc_sink *sink)
{
	*walk = (struct proc_walk){
		.ctx = ctx,
		.snapshot = snapshot,
		.sink = sink,
		.text = VEC_OF(char),
		.tables = KCMP_SET(KCMP_FILES),
		.files.set = KCMP_SET(KCMP_FILES),
		.memory.set = KCMP_SET(KCMP_VM),
		.live = sysroot_is_live(&ctx->sysroot),
		.empty = true,
	};
	ctx->error = (struct dmabuf_error){};
}

void proc_walk_fini(struct proc_walk *walk)
{
	vec_fini(&walk->text);
	vec_fini(&walk->tables.tasks);
	vec_fini(&walk->files.set.tasks);
	vec_fini(&walk->memory.set.tasks);
}

static int add_odd_gap(const struct proc_walk *walk, const char *what)
{
	char why[DMABUF_REC_WHY_LEN];

	snprintf(why, sizeof(why), "unexpected text, such as in %s",
		 walk->first_odd);
	return snapshot_add_gap(walk->snapshot, what, walk->processes_odd, why);
}

/* Adds a gap that missing capabilities are the reason of. */
static int add_denied_gap(struct dmabuf_snapshot *snapshot, const char *what,
			  uint64_t count, const char *reason,
			  const char *capabilities)
{
	struct dmabuf_error error;
	char why[sizeof(error.text) + sizeof(error.hint) + 2];

	error_set(&error, -EACCES, "%s", reason);
	error_hint_capability(&error, capabilities);
	snprintf(why, sizeof(why), "%s; %s", error.text, error.hint);
	return snapshot_add_gap(snapshot, what, count, why);
}

/*
 * Tests whether /proc hides processes from us by hidepid. A reader who can open
 * the first process sees all of them. @ret is untouched when this is unknown.
 * Return: 0 or -ENOMEM.
 */
static int is_hidden(const struct sysroot *sysroot, bool *ret)
{
	_cleanup_(vec_fini) struct vec text = VEC_OF(char);
	_cleanup_closedir_ DIR *first = NULL;
	int r;

	r = proc_read_whole(sysroot, SYSROOT_TOP, "proc/mounts", &text);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (vec_push(&text, ""))
		return -ENOMEM;
	*ret = sysroot_opendir(sysroot, SYSROOT_TOP, "proc/1/fd", &first) &&
	       parse_hides_processes(text.data);
	return 0;
}

int proc_walk_all(struct proc_walk *walk, const char *what)
{
	const bool all = pid_namespace_is_initial(&walk->ctx->sysroot);
	struct dmabuf_snapshot *snapshot = walk->snapshot;
	bool hidden = false;
	int r;

	r = read_processes(walk);
	if (r)
		return r;
	r = is_hidden(&walk->ctx->sysroot, &hidden);
	if (hidden || !all)
		walk->unseen |= SEES_FD | SEES_MAP;
	if (walk->no_kcmp)
		walk->unseen |= SEES_FD;
	if (!r && walk->processes_denied)
		r = add_denied_gap(snapshot, what, walk->processes_denied,
				   NOT_PERMITTED,
				   "CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH");
	if (!r && walk->processes_unrecorded)
		r = snapshot_add_gap(snapshot, what, walk->processes_unrecorded,
				     NOT_RECORDED);
	if (!r && walk->processes_odd)
		r = add_odd_gap(walk, what);
	if (!r && hidden)
		r = add_denied_gap(snapshot, what, 0, HIDDEN, "CAP_SYS_PTRACE");
	if (!r && !all)
		r = pid_namespace_add_gap(snapshot, what);
	if (!r && walk->no_kcmp)
		r = snapshot_add_gap(snapshot, what, 0, NO_KCMP);
	if (r)
		return error_no_memory(&walk->ctx->error);
	return 0;
}
