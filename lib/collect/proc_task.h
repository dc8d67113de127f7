/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The task that a walk over /proc is at, and the state of the walk. */
#ifndef COLLECT_PROC_TASK_H
#define COLLECT_PROC_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/kcmp.h"
#include "collect/parse_proc.h"
#include "core/context.h"
#include "snapshot/snapshot.h"

#define SEES_FD	 DMABUF_REC_COVERS(DMABUF_REC_REF_FD)
#define SEES_MAP DMABUF_REC_COVERS(DMABUF_REC_REF_MAP)

/* The process or thread whose descriptors and mappings are read. */
struct proc_task {
	int dir; /* its folder in /proc */
	uint32_t pid, tid;
	char comm[DMABUF_REC_COMM_LEN];
};

struct proc_walk;

/* Called for what the walk finds; NULL skips it. */
struct proc_sink {
	int (*descriptor)(struct proc_walk *walk, const struct proc_task *task,
			  uint64_t fd, const struct dmabuf_rec_buffer *buffer);
	int (*mapping)(struct proc_walk *walk, const struct proc_task *task,
		       const struct proc_mapping *mapping);
};

struct proc_walk {
	struct dmabuf_ctx *ctx;
	struct dmabuf_snapshot *snapshot;
	const struct proc_sink *sink;
	struct vec text; /* of one fdinfo */
	struct kcmp_set tables; /* of the current process */
	/* Of all processes: tables of descriptors, and address spaces. */
	struct shared {
		struct kcmp_set set;
		pid_t tid; /* the last task that was added */
		uint64_t table; /* of that task, for its references */
	} files, memory;
	size_t compact_at; /* number of buffers at which to drop duplicates */

	bool live, empty; /* empty: no process was found */
	bool no_kcmp; /* so descriptors of threads may be missing */
	/* SEES_ bits of the current process */
	uint32_t denied, unrecorded, odd;
	bool has_memory; /* the current process has an address space */
	bool has_descriptors; /* any, of the current process */
	uint32_t unseen; /* SEES_ bits of what is missing of some process */
	size_t processes_denied, processes_seen, processes_unrecorded;
	size_t processes_odd;
	size_t paths; /* descriptors opened with O_PATH, of no known buffer */
	char first_odd[64]; /* path of the first file with unexpected text */
};

/*
 * Return: 0 when the task has exited, denies access or was not recorded whole;
 * @walk notes the latter two as SEES_ bits @what; else @r.
 */
int proc_forgive(struct proc_walk *walk, uint32_t what, int r);

/* Notes that a line of @file of the task is not the kernel's, and is skipped.
 */
void proc_note_odd(struct proc_walk *walk, uint32_t what,
		   const struct proc_task *task, const char *file);

/* Reads the name of the task, unless it is known. */
void proc_read_comm(const struct proc_walk *walk, struct proc_task *task);

#endif
