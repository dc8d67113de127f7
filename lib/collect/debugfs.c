// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The list of buffers in debugfs, which every kernel with debugfs has. While it
 * is made, the kernel holds the lock of its list, and that of each buffer in
 * turn: who allocates meanwhile has to wait.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/collector.h"
#include "collect/parse_bufinfo.h"
#include "util/cleanup.h"

#define MOUNT	"sys/kernel/debug"
#define BUFINFO MOUNT "/dma_buf/bufinfo"

static int why_not_open(struct dmabuf_ctx *ctx, int err)
{
	why_set(&ctx->why, err, "/" BUFINFO ": %s", strerror(-err));
	if (err == -EACCES || err == -EPERM)
		return why_cure(&ctx->why, "run as root");
	if (err == -ENOENT && root_is_live(&ctx->root))
		return why_cure(&ctx->why,
				"as root: mount -t debugfs none /" MOUNT);
	return err;
}

static int collect(struct dmabuf_ctx *ctx, bool forced,
		   struct dmabuf_snapshot *snapshot)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_close_ int fd = -1;

	(void)forced;
	ctx->why = (struct dmabuf_why){};
	fd = root_open(&ctx->root, BUFINFO);
	if (fd < 0)
		return why_not_open(ctx, fd);
	file = fdopen(fd, "r");
	if (!file)
		return why_set(&ctx->why, -errno, "/" BUFINFO ": %s",
			       strerror(errno));
	take_fd(&fd);
	return parse_bufinfo(file, "/" BUFINFO, snapshot, &ctx->why);
}

const struct dmabuf_collector collector_debugfs = {
	.name = "debugfs",
	.misses = "which processes hold a buffer; drivers of attachments",
	.gives = GIVES_RECORD,
	.collect = collect,
};
