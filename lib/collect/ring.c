// SPDX-License-Identifier: LGPL-2.1-or-later
#include "collect/ring.h"

#include <errno.h>
#include <string.h>

#include "snapshot/record_add.h"

static int add_record(void *snapshot, void *data, size_t size)
{
	ssize_t r = snapshot_add(snapshot, data, size);

	return r < 0 ? r : 0;
}

int ring_new(struct dmabuf_ctx *ctx, int fd, struct dmabuf_snapshot *snapshot,
	     struct ring_buffer **ret)
{
	struct ring_buffer *ring;

	ring = ring_buffer__new(fd, add_record, snapshot, NULL);
	if (!ring)
		return error_set(
			&ctx->error, errno == ENOMEM ? -ENOBUFS : -errno,
			"cannot map the ring buffer: %s", strerror(errno));
	*ret = ring;
	return 0;
}

int ring_drain(struct dmabuf_ctx *ctx, struct ring_buffer *ring)
{
	int r = ring_buffer__consume(ring);

	if (r < 0)
		return error_set(&ctx->error, r,
				 "cannot read the ring buffer: %s",
				 strerror(-r));
	return 0;
}
