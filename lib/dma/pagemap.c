// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory whose pages are locked but not pinned: they stay in memory, but may
 * move. Source: Documentation/admin-guide/mm/pagemap.rst
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dma/map.h"
#include "dma/pagemap_file.h"
#include "util/cleanup.h"

static int open_pagemap(struct dmabuf_dma_device *device)
{
	device->memory_file = pagemap_file_open(device->ctx);
	return device->memory_file < 0 ? device->memory_file : 0;
}

/*
 * Whether all of the memory can be read, and written if the device writes.
 * Pinning would check this. mlock() does not, or reports too little memory.
 */
static bool is_mapped(const struct dmabuf_dma_map *map, bool write)
{
	_cleanup_fclose_ FILE *maps = fopen("/proc/self/maps", "re");
	uintptr_t at = (uintptr_t)map->start, end = at + map->span;
	char line[PATH_MAX + 128], r, w;
	unsigned long from, to;

	while (maps && at < end && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %c%c", &from, &to, &r, &w) == 4 &&
		    from <= at && at < to) {
			if (r != 'r' || (write && w != 'w'))
				return false;
			at = to;
		}
	return at >= end;
}

/* Whether another map has this page, too: locks are not counted. */
static bool is_shared(const struct dmabuf_dma_map *map, const char *page)
{
	const struct dmabuf_dma_map *other;

	for (other = map->device->maps; other; other = other->next)
		if (other != map && other->done && page >= other->start &&
		    page < other->start + other->span)
			return true;
	return false;
}

static void unlock_memory(struct dmabuf_dma_map *map)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t at, end;

	/* Whole runs of pages, since each run is a system call. */
	for (at = 0; at < map->span; at = end + page) {
		end = at;
		while (end < map->span && !is_shared(map, map->start + end))
			end += page;
		if (end > at)
			(void)munlock(map->start + at, end - at);
	}
}

static int lock_memory(struct dmabuf_dma_map *map, unsigned int access)
{
	int err;

	if (!is_mapped(map, access & DMABUF_DMA_WRITES))
		return dma_why_not_mapped(map, -EFAULT);
	if (!mlock(map->start, map->span))
		return 0;
	err = errno;
	unlock_memory(map);
	/* -EPERM: the process may not lock any memory. */
	return dma_why_not_mapped(map, err == EAGAIN || err == EPERM ? -ENOMEM
								     : -err);
}

static int pagemap_segments(struct dmabuf_dma_map *map)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct dmabuf_ctx *ctx = map->device->ctx;
	uint64_t entries[512], skip = map->offset, left = map->length;
	uint64_t frame, bytes;
	uint64_t at = (uintptr_t)map->start / page * sizeof(entries[0]);
	ssize_t n;
	size_t i;
	int r;

	while (left) {
		n = pread(map->device->memory_file, entries, sizeof(entries),
			  (off_t)at);
		if (n < (ssize_t)sizeof(entries[0]))
			return error_set(&ctx->error, n < 0 ? -errno : -EIO,
					 PAGEMAP_PATH ": %s",
					 strerror(n < 0 ? errno : EIO));
		for (i = 0; i < (size_t)n / sizeof(entries[0]) && left; i++) {
			frame = pagemap_file_frame(entries[i]);
			if (!frame)
				return dma_why_not_mapped(map, -EFAULT);
			bytes = page - skip < left ? page - skip : left;
			r = dma_add_segment(map, frame * page + skip, bytes);
			if (r)
				return r;
			left -= bytes;
			skip = 0;
		}
		at += i * sizeof(entries[0]);
	}
	return 0;
}

const struct dma_map_ops dma_pagemap = {
	.open = open_pagemap,
	.ready = dma_nothing,
	.map = lock_memory,
	.segments = pagemap_segments,
	.unmap = unlock_memory,
};
