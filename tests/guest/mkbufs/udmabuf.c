// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/exporter.h"
#include "mkbufs/udmabuf.h"
#include "mkbufs/world.h"

/* Old headers do not have it; the number is ABI. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int memfd_make(size_t size)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd, err;

	fd = memfd_create("mkbufs", flags | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL) /* before 6.3 */
		fd = memfd_create("mkbufs", flags);
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, size) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int udmabuf_of(const struct exporter *e, int memfd, uint64_t offset,
	       size_t size)
{
	struct udmabuf_create create = {
		.memfd = memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.offset = offset,
		.size = size,
	};
	const int fd = ioctl(e->fd, UDMABUF_CREATE, &create);

	return fd < 0 ? -errno : fd;
}

/* Other exporters round the size up by themselves. */
static int udmabuf_make(const struct exporter *e, size_t size)
{
	const size_t rounded = pages(size);
	int memfd, fd;

	memfd = memfd_make(rounded);
	if (memfd < 0)
		return memfd;
	fd = udmabuf_of(e, memfd, 0, rounded);
	close(memfd);
	return fd;
}

void udmabuf_probe(struct world *w)
{
	int fd = open_node("/dev/udmabuf");

	if (fd < 0)
		skip(w, "udmabuf", "/dev/udmabuf: %s", strerror(-fd));
	else
		exporter_add(w, "udmabuf", fd, udmabuf_make);
}
