/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What loading and running a BPF object needs besides its skeleton. */
#ifndef BPF_OBJECT_H
#define BPF_OBJECT_H

#include <bpf/libbpf.h>

#include "core/context.h"

/**
 * struct bpf_skeleton - a BPF object, as its skeleton has it
 * @open: of the skeleton
 * @load: of the skeleton
 * @destroy: of the skeleton
 * @object: what it is the skeleton of
 * @only: the program that is loaded, or NULL for all
 * @prepare: what is to be done between @open and @load, or NULL
 * @of_modules: its types may be those of modules
 * @needs: a function without which the kernel lacks @feature, or NULL
 * @feature: what that is called
 */
struct bpf_skeleton {
	void *(*open)(const struct bpf_object_open_opts *opts);
	int (*load)(void *object);
	void (*destroy)(void *object);
	struct bpf_object *(*object)(void *object);
	const char *only;
	void (*prepare)(struct dmabuf_ctx *ctx, struct bpf_object *object);
	bool of_modules;
	const char *needs, *feature;
};

/* Defines what BPF_SKELETON() of this name wants, from bpftool's functions. */
#define DEFINE_BPF_SKELETON(name)                                              \
	static void *name##_open(const struct bpf_object_open_opts *opts)      \
	{                                                                      \
		return name##_bpf__open_opts(opts);                            \
	}                                                                      \
	static int name##_load(void *object)                                   \
	{                                                                      \
		return name##_bpf__load(object);                               \
	}                                                                      \
	static void name##_destroy(void *object)                               \
	{                                                                      \
		name##_bpf__destroy(object);                                   \
	}                                                                      \
	static struct bpf_object *name##_object_of(void *object)               \
	{                                                                      \
		return ((struct name##_bpf *)object)->obj;                     \
	}

#define BPF_SKELETON(name)                                                     \
	.open = name##_open, .load = name##_load, .destroy = name##_destroy,   \
	.object = name##_object_of

/*
 * Opens and loads an object. Return: 0, -EOPNOTSUPP when @ctx looks at a
 * recorded tree, which has no kernel to ask, or another negative errno; the
 * reason in @ctx->error.
 *
 * Ownership: the caller destroys @ret.
 */
int bpf_object_load(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		    void **ret);

/*
 * The same, once for all looks of @ctx. @skeleton is the key that finds the
 * object again: it must be static.
 *
 * Ownership: @ret is the context's.
 */
int bpf_object_keep(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		    void **ret);

/*
 * Return: whether the kernel has a function of this name, one of those that
 * lib/bpf/btf_names.c lists.
 */
bool bpf_object_kernel_has(struct dmabuf_ctx *ctx, const char *function);

/*
 * Runs a program once. Return: what it returned, or -errno with the reason in
 * @ctx->error.
 */
int bpf_object_run(struct dmabuf_ctx *ctx, const struct bpf_program *program);

#endif
