// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/carrier.h"
#include "mkbufs/gem.h"
#include "mkbufs/keeper.h"

static int keep_in_socket(struct buf *b)
{
	int fd = socket_with(b->fd);

	if (fd >= 0)
		buf_add_refs(b, REF_MESSAGE, 1);
	return fd;
}

static int keep_by_handle(struct buf *b)
{
	return gem_import(b, "vgem", false);
}

/* Not a ring: the kernel refuses a ring in a message or in another ring. */
const struct keeper keepers[] = {
	{ .name = "socket", .keep = keep_in_socket },
	{ .name = "handle", .keep = keep_by_handle, .is_drm = true },
	{ .name = "framebuffer", .keep = gem_show, .is_drm = true },
};

const size_t nkeepers = ARRAY_SIZE(keepers);
