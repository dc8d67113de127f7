/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a query on the kernel that runs. */
#ifndef WALK_WALKER_H
#define WALK_WALKER_H

#include "core/context.h"
#include "walk/query.h"

struct walk_limits {
	uint64_t objects; /* that count, of the last level; 0: all */
	uint64_t objects_max; /* of one level, before it is called endless */
	double seconds;
};

/* An object that counts, and the one of the level before that led to it. */
struct object {
	uint32_t parent;
	bool check_failed;
	struct walk_record record; /* the fields' bytes follow */
};

/* What could not be seen. */
struct walk_gap {
	char what[64], why[160];
	uint64_t count; /* 0: not known */
};

struct walk_result {
	struct vec
		*objects; /* struct object and more, one vec for each level */
	size_t levels;
	struct vec gaps; /* struct walk_gap */
	uint64_t checks_failed; /* objects */
	uint64_t restarts; /* heads whose walk was torn and began again */
	bool limited; /* there are more than limits.objects */
};

struct walker;

/*
 * Loads the BPF program. Running it needs no capability but CAP_BPF,
 * before 6.0. Return: 0, or -errno with the reason in ctx->error.
 *
 * Ownership: the caller frees @ret.
 */
int walker_open(struct dmabuf_ctx *ctx, struct walker **ret);
void walker_free(struct walker *walker);

/*
 * Walks. Return: 0, what could not be seen being in @ret->gaps, or -errno with
 * the reason in ctx->error.
 *
 * Ownership: the caller ends @ret with walk_result_fini(), on failure too.
 */
int walker_run(struct walker *walker, const struct query *query,
	       const struct walk_limits *limits, struct walk_result *ret);
void walk_result_fini(struct walk_result *result);

/* The object of a level that led to the @i-th of the last. */
const struct object *walk_object(const struct walk_result *result, size_t level,
				 size_t i);

#endif
