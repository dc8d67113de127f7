// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/node.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int dma_ioctl(int fd, unsigned long request, void *argument)
{
	int r;

	do {
		r = ioctl(fd, request, argument);
	} while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : r;
}

int dma_open_node(struct dmabuf_ctx *ctx, const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), err = errno;

	if (fd >= 0)
		return fd;
	error_set_errno(&ctx->error, -err, "%.96s", path);
	switch (err) {
	case EPERM:
		/* A device without an IOMMU can write to all memory. */
		return error_hint_capability(&ctx->error, "CAP_SYS_RAWIO");
	case EACCES:
		if (!geteuid())
			return error_hint_capability(&ctx->error,
						     "CAP_DAC_OVERRIDE");
		return error_hint(&ctx->error,
				  "run as root, or have a udev rule "
				  "give the node to your group");
	case EBUSY:
		return error_hint(&ctx->error,
				  "another program uses the device: run "
				  "fuser %.96s",
				  path);
	default:
		return -err;
	}
}
