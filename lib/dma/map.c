// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/map.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/cleanup.h"

int dma_add_segment(struct dmabuf_dma_map *map, uint64_t address,
		    uint64_t length)
{
	const struct dmabuf_dma_segment segment = { address, length };
	struct dmabuf_dma_device *device = map->device;
	struct dmabuf_dma_segment *last = NULL;

	if (address > device->last || length - 1 > device->last - address)
		return error_set(&device->ctx->error, -ERANGE,
				 "%s: a page is at 0x%" PRIx64
				 ", but the device can address only up to "
				 "0x%" PRIx64,
				 device->address, address, device->last);
	if (map->segments.n)
		last = vec_at(&map->segments, map->segments.n - 1);
	if (last && last->address + last->length == address) {
		last->length += length;
		return 0;
	}
	if (vec_push(&map->segments, &segment))
		return error_no_memory(&device->ctx->error);
	return 0;
}

int dma_iova_segment(struct dmabuf_dma_map *map)
{
	return dma_add_segment(map, map->iova + map->offset, map->length);
}

int dma_why_not_mapped(struct dmabuf_dma_map *map, int err)
{
	struct dmabuf_error *error = &map->device->ctx->error;

	error_set_errno(error, err, "%s: cannot register %zu bytes",
			map->device->address, map->length);
	if (err == -ENOMEM)
		return error_hint(error,
				  "raise the limit of locked memory: ulimit "
				  "-l, or LimitMEMLOCK= of systemd");
	if (err == -EFAULT)
		return error_hint(error,
				  "all of it must be mapped, writable if "
				  "the device writes, and not be a mapping "
				  "of a dma-buf or a device");
	return err;
}

int dma_why_no_room(struct dmabuf_dma_map *map)
{
	return error_set(&map->device->ctx->error, -ERANGE,
			 "%s: no free IOVAs for %zu bytes that the device "
			 "can use",
			 map->device->address, map->length);
}

int dma_nothing(struct dmabuf_dma_device *device)
{
	(void)device;
	return 0;
}

/* Checks the arguments of a registration. */
static int check(struct dmabuf_dma_device *device, const void *memory,
		 size_t length, unsigned int access)
{
	const unsigned int all = DMABUF_DMA_READS | DMABUF_DMA_WRITES;
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	device->ctx->error = (struct dmabuf_error){};
	if (device->process != getpid())
		return error_set(
			&device->ctx->error, -EPERM,
			"%s: it belongs to the parent process, and would "
			"use the parent's memory",
			device->address);
	if (!length || !access || access & ~all)
		return error_set(
			&device->ctx->error, -EINVAL, "%s: cannot register %s",
			device->address,
			length ? "memory that is neither read nor written"
			       : "0 bytes");
	if (length > UINTPTR_MAX - page ||
	    (uintptr_t)memory > UINTPTR_MAX - page - length)
		return error_set(&device->ctx->error, -EFAULT,
				 "%s: %zu bytes at %p exceed the address space",
				 device->address, length, memory);
	return 0;
}

int dma_map_new(struct dmabuf_dma_device *device, char *memory, size_t length,
		unsigned int access, struct dmabuf_dma_map **ret)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	struct dmabuf_dma_map *map;
	int r = check(device, memory, length, access);

	if (r)
		return r;
	map = calloc(1, sizeof(*map));
	if (!map)
		return error_no_memory(&device->ctx->error);
	map->device = device;
	map->length = length;
	map->offset = (uintptr_t)memory % page;
	map->start = memory - map->offset;
	map->span = (map->offset + length + page - 1) / page * page;
	map->segments = (struct vec)VEC_OF(struct dmabuf_dma_segment);

	map->next = device->maps;
	map->prev = &device->maps;
	if (map->next)
		map->next->prev = &map->next;
	device->maps = map;
	*ret = map;
	return 0;
}

int dma_map_finish(struct dmabuf_dma_map *map)
{
	map->done = true;
	return map->device->map_ops->segments(map);
}

int dmabuf_dma_map(struct dmabuf_dma_device *device, void *memory,
		   size_t length, unsigned int access,
		   struct dmabuf_dma_map **ret)
{
	_cleanup_(map_cleanup) struct dmabuf_dma_map *map = NULL;
	int r;

	r = dma_map_new(device, memory, length, access, &map)
		    ?: device->map_ops->map(map, access)
		    ?: dma_map_finish(map);
	if (!r)
		*ret = take_ptr(map);
	return r;
}

size_t dmabuf_dma_segments(const struct dmabuf_dma_map *map,
			   const struct dmabuf_dma_segment **ret)
{
	*ret = map->segments.data;
	return map->segments.n;
}

void dmabuf_dma_unmap(struct dmabuf_dma_map *map)
{
	if (!map)
		return;
	if (map->done)
		map->device->map_ops->unmap(map);
	if (map->mapped)
		munmap(map->start, map->mapped);
	*map->prev = map->next;
	if (map->next)
		map->next->prev = map->prev;
	vec_fini(&map->segments);
	free(map);
}
