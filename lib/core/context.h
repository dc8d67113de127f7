/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CORE_CONTEXT_H
#define CORE_CONTEXT_H

#include <dmabuf/dmabuf.h>

#include "bpf/btf_subset.h"
#include "core/error.h"
#include "util/sysroot.h"

/* BPF objects, each loaded once for all snapshots that a context takes. */
enum loaded {
	LOADED_ITER_OPEN,
	LOADED_ITER_OPEN_SIMPLE,
	LOADED_ITER_SEQ,
	LOADED_ITER_SEQ_SIMPLE,
	LOADED_LIST_WALK,
	LOADED_TASK_FILE,
	LOADED_TASK_VMA,
	LOADED_INFLIGHT,
	LOADED_GEM,
	LOADED_VB2,
	LOADED,
};

struct dmabuf_ctx {
	struct sysroot sysroot;
	struct dmabuf_error error;
	struct btf_subset *btf; /* NULL until it is needed */
	struct {
		void *object;
		void (*destroy)(void *object);
	} loaded[LOADED];
};

/*
 * Checks the options struct of a caller that was built with another version:
 * a tail that we do not know must be zero. Copies what we know to @to, which
 * is zeroed first. Return: 0 or -EINVAL.
 */
int opts_copy(void *to, size_t known, const void *from);

#endif
