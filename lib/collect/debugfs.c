// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The list of buffers in debugfs, which every kernel with debugfs has. While
 * printing it, the kernel holds the lock of its list, and the lock of each
 * buffer in turn: allocations have to wait.
 */
#include <errno.h>
#include <stdio.h>

#include "collect/collector.h"
#include "collect/parse_bufinfo.h"
#include "util/cleanup.h"

#define MOUNT	"sys/kernel/debug"
#define BUFINFO MOUNT "/dma_buf/bufinfo"

static int why_not_open(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "/" BUFINFO ": %s", sysroot_strerror(err));
	if (err == -EACCES)
		return error_hint_capability(&ctx->error,
					     "CAP_DAC_READ_SEARCH");
	if (err == -EPERM)
		return error_hint(&ctx->error, "boot without lockdown=; see "
					       "/sys/kernel/security/lockdown");
	if (err == -ENOENT && sysroot_is_live(&ctx->sysroot))
		return error_hint(&ctx->error,
				  "as root: mount -t debugfs none /" MOUNT);
	return err;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	_cleanup_fclose_ FILE *file = NULL;
	int r;

	(void)forced;
	ctx->error = (struct dmabuf_error){};
	r = sysroot_fopen(&ctx->sysroot, SYSROOT_TOP, BUFINFO, &file);
	if (r)
		return why_not_open(ctx, r);
	return parse_bufinfo(file, "/" BUFINFO, snapshot, &ctx->error);
}

const struct dmabuf_collector collector_debugfs = {
	.name = "debugfs",
	.misses = "which processes hold a buffer; drivers of attachments",
	.gives = GIVES_RECORD,
	.collect = collect,
};
