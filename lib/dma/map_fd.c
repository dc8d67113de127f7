// SPDX-License-Identifier: LGPL-2.1-or-later
/* Registers the memory of a file: a dma-buf, a memfd, ... */
#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "dma/map.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* The bytes to map: whole huge pages for a file on hugetlbfs. */
static size_t mapped_size(const struct dmabuf_dma_map *map, int fd)
{
	struct statfs fs;
	struct stat st;
	size_t page;

	if (fstatfs(fd, &fs) || (unsigned int)fs.f_type != HUGETLBFS_MAGIC ||
	    fstat(fd, &st))
		return map->span;
	page = (size_t)st.st_blksize;
	return (map->span + page - 1) / page * page;
}

/*
 * A mapping without pages, such as memory of a device, cannot be pinned, but
 * type1 would accept it.
 */
static bool has_pages(const struct dmabuf_dma_map *map)
{
	char byte;
	const struct iovec to = { &byte, 1 }, from = { map->start, 1 };

	/* Unknown without CONFIG_CROSS_MEMORY_ATTACH. */
	return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1 ||
	       errno == ENOSYS;
}

/* Checks that the range is in the file. Return: 0, or -errno. */
static int check_file(struct dmabuf_dma_device *device, int fd, uint64_t offset,
		      size_t length)
{
	struct stat st;

	if (offset % (uint64_t)sysconf(_SC_PAGESIZE))
		return error_set(
			&device->ctx->error, -EINVAL,
			"%s: the offset in a buffer must be a multiple "
			"of the page size",
			device->address);
	if (fstat(fd, &st))
		return error_set_errno(&device->ctx->error, -errno,
				       "descriptor %d", fd);
	if (S_ISREG(st.st_mode) &&
	    u64_sat_add(offset, length) > (uint64_t)st.st_size)
		return error_set(&device->ctx->error, -EINVAL,
				 "%s: cannot register %zu bytes at %" PRIu64
				 ": the file has %lld",
				 device->address, length, offset,
				 (long long)st.st_size);
	return 0;
}

/* Maps the file into this process, and registers the mapping. */
static int map_here(struct dmabuf_dma_map *map, int fd, uint64_t offset,
		    unsigned int access)
{
	const int prot =
		PROT_READ | (access & DMABUF_DMA_WRITES ? PROT_WRITE : 0);
	struct dmabuf_error *error = &map->device->ctx->error;
	void *memory;
	int r;

	memory = mmap(NULL, map->span, prot, MAP_SHARED, fd, (off_t)offset);
	if (memory == MAP_FAILED)
		return error_set_errno(error, -errno, "cannot map the buffer");
	map->start = memory;
	map->mapped = mapped_size(map, fd);
	r = has_pages(map) ? map->device->map_ops->map(map, access)
				     ?: dma_map_finish(map)
			   : -EFAULT;
	if (r != -EFAULT)
		return r;
	error_set(error, -EOPNOTSUPP,
		  "%s: the kernel cannot pin the memory of this buffer for a "
		  "program",
		  map->device->address);
	return error_hint(error,
			  "create the buffer with udmabuf from a memfd, and "
			  "register the memfd");
}

int dmabuf_dma_map_fd(struct dmabuf_dma_device *device, int fd, uint64_t offset,
		      size_t length, unsigned int access,
		      struct dmabuf_dma_map **ret)
{
	_cleanup_(map_cleanup) struct dmabuf_dma_map *map = NULL;
	int r;

	r = dma_map_new(device, NULL, length, access, &map)
		    ?: check_file(device, fd, offset, length);
	if (r)
		return r;
	r = device->map_ops->map_file
		    ? device->map_ops->map_file(map, fd, offset, access)
		    : -EOPNOTSUPP;
	r = r == -EOPNOTSUPP ? map_here(map, fd, offset, access)
			     : r ?: dma_map_finish(map);
	if (!r)
		*ret = take_ptr(map);
	return r;
}
