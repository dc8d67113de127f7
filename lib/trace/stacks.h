/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls that led to events, with names. */
#ifndef TRACE_STACKS_H
#define TRACE_STACKS_H

#include "abi/trace.h"
#include "core/context.h"
#include "util/vec.h"

/* Bytes of a record with stacks. */
enum {
	TRACE_STACKS_RECORD = sizeof(struct trace_record) + TRACE_KERNEL_ROOM +
			      TRACE_USER_ROOM,
};

/**
 * struct trace_stacks - finds names, and keeps them
 * @ctx: the context
 * @shows_ids: processes have the numbers that the kernel tells
 * @known: struct place of files and of the kernel, a tree of tsearch(3)
 * @n_known: how many
 * @addresses: the same of processes, for the last records
 * @patience_ns: how long names may still be searched for, or less than 0
 * @refilled_ns: when that was more
 * @frames: struct dmabuf_rec_frame of the last event
 */
struct trace_stacks {
	struct dmabuf_ctx *ctx;
	bool shows_ids;
	void *known;
	size_t n_known;
	void *addresses;
	int64_t patience_ns;
	uint64_t refilled_ns;
	struct vec frames;
};

void trace_stacks_init(struct trace_stacks *stacks, struct dmabuf_ctx *ctx,
		       bool shows_ids);
void trace_stacks_fini(struct trace_stacks *stacks);

/*
 * Finds the names of @n records of TRACE_STACKS_RECORD bytes each, all at a
 * time: that takes long, and processes end. Return: 0 or -ENOMEM.
 */
int trace_stacks_learn(struct trace_stacks *stacks, const char *records,
		       size_t n);

/* Makes frames of such a record. Return: 0 or -ENOMEM. */
int trace_stacks_make(struct trace_stacks *stacks,
		      const struct trace_record *record);

#endif
