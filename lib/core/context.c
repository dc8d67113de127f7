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

	*ret = take_ptr(ctx);
	return 0;
}

void dmabuf_ctx_free(struct dmabuf_ctx *ctx)
{
	size_t i;

	if (!ctx)
		return;
	for (i = 0; i < LOADED; i++)
		if (ctx->loaded[i].object)
			ctx->loaded[i].destroy(ctx->loaded[i].object);
	btf_subset_free(ctx->btf);
	free((char *)ctx->sysroot.dir);
	free(ctx);
}

const struct dmabuf_error *dmabuf_ctx_error(const struct dmabuf_ctx *ctx)
{
	return &ctx->error;
}

const char *dmabuf_version(void)
{
	return DMABUF_VERSION;
}
