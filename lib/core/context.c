// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "util/cleanup.h"

int opts_copy(void *to, size_t known, const void *from)
{
	size_t size, i;

	memset(to, 0, known);
	if (!from)
		return 0;

	memcpy(&size, from, sizeof(size));
	if (size < sizeof(size))
		return -EINVAL;
	for (i = known; i < size; i++)
		if (((const char *)from)[i])
			return -EINVAL;
	memcpy(to, from, size < known ? size : known);
	return 0;
}

int result_copy(void *to, size_t known, const void *from)
{
	size_t size;

	memcpy(&size, to, sizeof(size));
	if (size < sizeof(size))
		return -EINVAL;
	memset(to, 0, size);
	memcpy(to, from, size < known ? size : known);
	memcpy(to, &size, sizeof(size));
	return 0;
}

DEFINE_CLEANUP(ctx, struct dmabuf_ctx, dmabuf_ctx_free)

int dmabuf_ctx_new(const struct dmabuf_ctx_opts *opts, struct dmabuf_ctx **ret)
{
	_cleanup_(ctx_cleanup) struct dmabuf_ctx *ctx = NULL;
	struct dmabuf_ctx_opts known;

	if (opts_copy(&known, sizeof(known), opts))
		return -EINVAL;

	ctx = calloc(1, sizeof(*ctx));
	if (!ctx)
		return -ENOMEM;
	ctx->sysroot.dir = strdup(known.sysroot ?: "/");
	if (!ctx->sysroot.dir)
		return -ENOMEM;
	ctx->btf = known.btf ? strdup(known.btf) : NULL;
	if (known.btf && !ctx->btf)
		return -ENOMEM;

	ctx->kept = (struct vec)VEC_OF(struct kept);

	*ret = take_ptr(ctx);
	return 0;
}

void dmabuf_ctx_free(struct dmabuf_ctx *ctx)
{
	const struct kept *kept;

	if (!ctx)
		return;
	while (ctx->kept.n) {
		kept = vec_at(&ctx->kept, --ctx->kept.n);
		kept->destroy(kept->object);
	}
	vec_fini(&ctx->kept);
	free((char *)ctx->sysroot.dir);
	free((char *)ctx->btf);
	free(ctx);
}

void *ctx_kept(const struct dmabuf_ctx *ctx, const void *key)
{
	const struct kept *kept = NULL;

	while ((kept = vec_next(&ctx->kept, kept)))
		if (kept->key == key)
			return kept->object;
	return NULL;
}

int ctx_keep(struct dmabuf_ctx *ctx, const void *key, void *object,
	     void (*destroy)(void *object))
{
	const struct kept kept = { key, object, destroy };
	int r = vec_push(&ctx->kept, &kept);

	return r ? error_no_memory(&ctx->error) : 0;
}

void ctx_drop(struct dmabuf_ctx *ctx, const void *key)
{
	const struct kept *kept = NULL;

	while ((kept = vec_next(&ctx->kept, kept)))
		if (kept->key == key)
			break;
	if (!kept)
		return;
	kept->destroy(kept->object);
	vec_remove(&ctx->kept, vec_index(&ctx->kept, kept));
}

const struct dmabuf_error *dmabuf_ctx_error(const struct dmabuf_ctx *ctx)
{
	return &ctx->error;
}

const char *dmabuf_version(void)
{
	return DMABUF_VERSION;
}
