/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef COLLECT_COLLECTOR_H
#define COLLECT_COLLECTOR_H

#include "core/context.h"
#include "snapshot/recheck.h"
#include "snapshot/snapshot.h"

/* What a collector that reads struct dma_buf itself knows. */
#define GIVES_RECORD                                                           \
	(DMABUF_GIVES_INO | DMABUF_GIVES_SIZE | DMABUF_GIVES_REFS |            \
	 DMABUF_GIVES_ATTACHMENTS | DMABUF_GIVES_NAME | DMABUF_GIVES_EXPORTER)

/**
 * struct holders_result - what a search for holders covered
 * @covers: DMABUF_REC_COVERS() of each type of reference that all processes
 *	were searched for
 * @found_all: all references were found before all ways had been tried
 */
struct holders_result {
	uint32_t covers;
	bool found_all;
};

/**
 * struct dmabuf_collector - one way to see buffers, their holders, or both
 * @name: word of --collector and of JSON
 * @misses: one line for doctor: what it cannot see; may be empty
 * @gives: bits of enum dmabuf_gives
 * @probe: test whether it works; NULL when nothing is cheaper than to collect.
 *	Return: 0, or -errno with the reason in ctx->error
 * @collect: add records of buffers to a snapshot; NULL when it finds none. An
 *	incomplete answer is -ENODATA, or a gap in the snapshot when @forced.
 *	Return: as @probe
 * @collect_again: pass the same buffers, a moment later, to recheck_see(); NULL
 *	when nothing is cheaper than to collect. Return: as @probe
 * @holders: add records of references to a snapshot whose buffers are joined;
 *	NULL when it finds none. They are matched by key or by inode number.
 *	What could not be searched is a gap "holders"; a process that exits
 *	meanwhile is not. @all_ways: try every way, even when all references are
 *	found already. Return: as @probe
 * @load: load all programs that @collect or @holders may need; NULL when they
 *	need none. Return: as @probe
 */
struct dmabuf_collector {
	const char *name;
	const char *misses;
	uint32_t gives;
	int (*probe)(struct dmabuf_ctx *ctx);
	int (*collect)(struct dmabuf_ctx *ctx, bool forced,
		       struct dmabuf_snapshot *snapshot);
	int (*collect_again)(struct dmabuf_ctx *ctx, struct recheck *recheck);
	int (*holders)(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		       bool all_ways, struct holders_result *ret);
	int (*load)(struct dmabuf_ctx *ctx);
};

/*
 * All collectors. A collector is a file, and a line here. The best come first:
 * complete answers that come without waiting, then those that need fewer
 * privileges or tell less.
 */
#define COLLECTORS(X)                                                          \
	X(iter_open)                                                           \
	X(iter_seq)                                                            \
	X(pinned)                                                              \
	X(list_walk)                                                           \
	X(debugfs)                                                             \
	X(sysfs)                                                               \
	X(task_iter)                                                           \
	X(pinned_holders)                                                      \
	X(procfs)

#define DECLARE_COLLECTOR(name)                                                \
	extern const struct dmabuf_collector collector_##name;

COLLECTORS(DECLARE_COLLECTOR)

#endif
