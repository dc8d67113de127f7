/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CORE_CONTEXT_H
#define CORE_CONTEXT_H

#include <dmabuf/dmabuf.h>

#include "core/error.h"
#include "util/sysroot.h"
#include "util/vec.h"

struct dmabuf_ctx {
	struct sysroot sysroot;
	const char
		*btf; /* file with the kernel's types, NULL to look for one */
	struct dmabuf_error error;
	struct vec kept; /* struct kept, in the order of ctx_keep() */
};

/* An object that is made once and used by all looks of a context. */
struct kept {
	const void *key;
	void *object;
	void (*destroy)(void *object);
};

/* Return: the object that ctx_keep() got with @key, or NULL. */
void *ctx_kept(const struct dmabuf_ctx *ctx, const void *key);

/*
 * Keeps @object under @key, the address of a static object of the caller. There
 * must be no object under @key yet. Return: 0, or -ENOMEM with the reason in
 * ctx->error.
 *
 * Ownership: the context's on success. dmabuf_ctx_free() destroys the objects,
 * the last one first.
 */
int ctx_keep(struct dmabuf_ctx *ctx, const void *key, void *object,
	     void (*destroy)(void *object));

/* Destroys the object that ctx_keep() got with @key, if there is one. */
void ctx_drop(struct dmabuf_ctx *ctx, const void *key);

/*
 * Copies the options struct of a caller that may be built with another version.
 * @to has @known bytes. Missing bytes become 0; bytes that are unknown here
 * must be 0. Return: 0 or -EINVAL.
 */
int opts_copy(void *to, size_t known, const void *from);

/*
 * Copies a result of @known bytes to the struct of a caller, which may be built
 * with another version: as much as the size says with which both begin. Bytes
 * that are unknown here become 0. Return: 0, or -EINVAL for no valid size.
 */
int result_copy(void *to, size_t known, const void *from);

#endif
