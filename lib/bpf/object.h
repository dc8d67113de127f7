/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What loading and running a BPF object needs besides its skeleton. */
#ifndef BPF_OBJECT_H
#define BPF_OBJECT_H

#include <bpf/libbpf.h>

#include "core/context.h"

/**
 * struct bpf_skeleton - a BPF object as bpftool's skeleton has it
 * @open: function of the skeleton
 * @load: function of the skeleton
 * @destroy: function of the skeleton
 * @object: returns the BPF object of an open skeleton
 * @only: name of the only program to load, or NULL for all
 * @prepare: called between @open and @load, or NULL
 * @needs: a kernel function without which the kernel lacks @feature, or NULL
 * @feature: name of the feature, for the error
 */
struct bpf_skeleton {
	void *(*open)(const struct bpf_object_open_opts *opts);
	int (*load)(void *object);
	void (*destroy)(void *object);
	struct bpf_object *(*object)(void *object);
	const char *only;
	void (*prepare)(struct dmabuf_ctx *ctx, struct bpf_object *object);
	const char *needs, *feature;
};

/* Defines the functions that BPF_SKELETON() of this name refers to. */
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
 * Opens and loads an object. Return: 0, -EOPNOTSUPP when @ctx reads a recorded
 * tree, which has no running kernel, or another negative errno; the reason in
 * @ctx->error.
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

/* Destroys the object of bpf_object_keep(): the next call loads it again. */
void bpf_object_drop(struct dmabuf_ctx *ctx,
		     const struct bpf_skeleton *skeleton);

/* Return: whether the kernel itself has types, not only a file made for it. */
bool bpf_object_has_own_types(struct dmabuf_ctx *ctx);

/*
 * Return: whether the kernel has the function @function, which must be one that
 * lib/bpf/btf_names.c lists, and types of its own, without which no program can
 * call it or be attached to it.
 */
bool bpf_object_kernel_has(struct dmabuf_ctx *ctx, const char *function);

/*
 * Finds a BTF file that has the kernel's types which our programs and
 * lib/bpf/fields.h name. @ret is valid until modules are added. Return: 0, or
 * -errno with the reason in @ctx->error.
 */
int bpf_object_btf_path(struct dmabuf_ctx *ctx, const char **ret);

/*
 * Adds the types of modules: see btf_subset_add_modules(). Return: as above.
 */
int bpf_object_add_modules(struct dmabuf_ctx *ctx, const char *const *names);

/*
 * Runs a program once. Return: the return value of the program, or -errno with
 * the reason in @ctx->error.
 */
int bpf_object_run(struct dmabuf_ctx *ctx, const struct bpf_program *program);

#endif
