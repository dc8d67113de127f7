/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Heaps: allocating dma-bufs, and operations on a buffer.
 *
 * The rules are those of dmabuf.h: 0 or a negative errno, results last and
 * untouched on failure, the reason in dmabuf_ctx_error().
 */
#ifndef DMABUF_HEAP_H
#define DMABUF_HEAP_H

#include <dmabuf/dmabuf.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct dmabuf_heaps;
struct dmabuf_heap;

/**
 * dmabuf_heap_resolve() - find the node of a heap
 * @ctx: the context
 * @heap: its purpose or its name, see below
 * @ret: the name of the node in /dev/dma_heap
 *
 * "default-cma" is the heap of the default CMA region, whose name depends on
 * the kernel: default_cma_region since v6.17 and with our patches; else the
 * name of the region that the device tree makes the default; else the first
 * that exists of linux,cma, default-pool, reserved and cma. Any other @heap,
 * such as "system", is the name of a node.
 *
 * Ownership: the caller frees @ret with free(3).
 *
 * Context: Reads /dev/dma_heap and /proc/device-tree.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENOENT - there is no such heap, or no heap at all; the reason lists the
 *   heaps
 * * %-ENOMEM - out of memory
 * * another negative errno - /dev/dma_heap cannot be read
 */
int dmabuf_heap_resolve(struct dmabuf_ctx *ctx, const char *heap, char **ret);

/**
 * struct dmabuf_alloc_opts - options of an allocation
 * @size: sizeof(struct dmabuf_alloc_opts)
 * @name: the buffer's name, at most 31 bytes; NULL or empty for no name
 * @keep_on_exec: whether the descriptor stays open in execve(2)
 */
struct dmabuf_alloc_opts {
	size_t size;
	const char *name;
	bool keep_on_exec;
};

/**
 * dmabuf_heap_alloc() - allocate a buffer from a heap
 * @ctx: the context
 * @heap: the heap, as for dmabuf_heap_resolve()
 * @bytes: size of the buffer; the kernel rounds it up to whole pages
 * @opts: options, or NULL for the defaults
 * @ret: a descriptor of the new buffer, for reading and writing
 *
 * The memory is zeroed. The memory of a CMA heap is contiguous.
 *
 * Ownership: the caller closes @ret. The buffer lives as long as anything
 * refers to it.
 * Units: @bytes is bytes, @ret is a file descriptor.
 *
 * Context: Opens the heap's node. May sleep while the kernel moves pages.
 * Return: 0, or, with the reason in dmabuf_ctx_error() and no buffer made,
 * * %-ENOENT - there is no such heap
 * * %-EACCES - this user may not open its node
 * * %-EINVAL - @bytes is 0, or @opts is not understood
 * * %-ENAMETOOLONG - the name is longer than a buffer's name can be
 * * %-ENOMEM - there is not enough memory, free or at all, or not contiguous;
 * the reason has the figures that the kernel shows
 * * %-EMFILE - this process has reached its limit of descriptors
 * * another negative errno of open(2) or ioctl(2)
 */
int dmabuf_heap_alloc(struct dmabuf_ctx *ctx, const char *heap, uint64_t bytes,
		      const struct dmabuf_alloc_opts *opts, int *ret);

/**
 * dmabuf_heaps_list() - list the heaps of this machine
 * @ctx: the context
 * @ret: the new list
 *
 * Nodes of the same region are one heap, with aliases.
 *
 * Ownership: the caller frees @ret with dmabuf_heaps_free().
 * Shape: sorted by name, each heap once.
 *
 * Context: Reads /dev/dma_heap, the CMA regions in sysfs and debugfs, and
 * /proc/device-tree.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENOENT - this kernel has no heaps
 * * %-ENOMEM - out of memory
 * * another negative errno - /dev/dma_heap cannot be read
 */
int dmabuf_heaps_list(struct dmabuf_ctx *ctx, struct dmabuf_heaps **ret);

/**
 * dmabuf_heaps_free() - free a list of heaps
 * @heaps: the list, or NULL
 *
 * Ownership: frees @heaps and everything that belongs to it.
 *
 * Context: No other thread uses @heaps.
 */
void dmabuf_heaps_free(struct dmabuf_heaps *heaps);

/**
 * dmabuf_heaps_next() - go through the heaps of a list
 * @heaps: the list
 * @prev: the one before, NULL for the first
 *
 * Ownership: heaps are part of @heaps.
 * Shape: sorted by name, each once.
 *
 * Context: Any thread.
 * Return: the next heap, NULL after the last.
 */
const struct dmabuf_heap *dmabuf_heaps_next(const struct dmabuf_heaps *heaps,
					    const struct dmabuf_heap *prev);

/**
 * dmabuf_heaps_error() - get the reason why figures of regions are missing
 * @heaps: the list
 *
 * Ownership: the result is part of @heaps.
 *
 * Context: Any thread.
 * Return: the reason and the hint; its err is 0 when all are known.
 */
const struct dmabuf_error *dmabuf_heaps_error(const struct dmabuf_heaps *heaps);

/**
 * dmabuf_heaps_alloc_error() - get the reason why a largest buffer is not known
 * @heaps: the list
 *
 * Some kernels tell everything about a region but what
 * dmabuf_heap_largest_alloc() needs.
 *
 * Ownership: the result is part of @heaps.
 *
 * Context: Any thread.
 * Return: the reason and the hint; its err is 0 when dmabuf_heaps_error() has
 * the reason, or all are known.
 */
const struct dmabuf_error *dmabuf_heaps_alloc_error(
	const struct dmabuf_heaps *heaps);

/**
 * dmabuf_heap_name() - name of a heap and of its node
 * @heap: the heap
 *
 * Ownership: the string is part of the list.
 *
 * Context: Any thread.
 * Return: the name, such as "system"; never NULL. The node is this name in
 * /dev/dma_heap. The name is also the exporter of buffers from this node.
 */
const char *dmabuf_heap_name(const struct dmabuf_heap *heap);

/**
 * dmabuf_heap_next_alias() - go through the other nodes of a heap
 * @heap: the heap
 * @prev: the one before, NULL for the first
 *
 * Ownership: the strings are part of the list.
 * Shape: sorted by name, each once.
 *
 * Context: Any thread.
 * Return: the name of another node of the same memory, NULL after the last.
 */
const char *dmabuf_heap_next_alias(const struct dmabuf_heap *heap,
				   const char *prev);

/**
 * dmabuf_heap_device() - device number of a heap's node
 * @heap: the heap
 * @major: its major number
 * @minor: its minor number
 *
 * Units: numbers as in stat(1).
 * Ownership: nothing to free.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - of a recorded tree, which has no device nodes
 */
int dmabuf_heap_device(const struct dmabuf_heap *heap, unsigned int *major,
		       unsigned int *minor);

/**
 * dmabuf_heap_access() - tell whether this user may allocate from a heap
 * @heap: the heap
 *
 * Ownership: nothing to free.
 *
 * Context: Any thread. The result is from the time when the list was made.
 * Return: 0, or %-EACCES or another negative errno of access(2)
 */
int dmabuf_heap_access(const struct dmabuf_heap *heap);

/**
 * dmabuf_heap_region() - name of the CMA region of a heap
 * @heap: the heap
 *
 * Ownership: the string is part of the list.
 * Source: the name of the heap; for the default region's heap also the device
 * tree, and the name that the kernel gives the region.
 *
 * Context: Any thread.
 * Return: the name, such as "reserved"; NULL when the heap has no region, or it
 * is not known.
 */
const char *dmabuf_heap_region(const struct dmabuf_heap *heap);

/**
 * dmabuf_heap_size() - size of a heap's region
 * @heap: the heap
 * @ret: the size
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: sysfs mm/cma since v6.14, debugfs cma; CmaTotal of /proc/meminfo
 * where there is one region only.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not show it
 */
int dmabuf_heap_size(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_used() - how much of a heap's region is allocated
 * @heap: the heap
 * @ret: bytes in use by heaps and drivers
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: sysfs mm/cma since v6.9, debugfs cma.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not show it
 */
int dmabuf_heap_used(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_unused() - how much of a heap's region is free
 * @heap: the heap
 * @ret: its size minus the bytes in use
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: as dmabuf_heap_size() and dmabuf_heap_used().
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not show it
 */
int dmabuf_heap_unused(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_largest() - the largest free run of a heap's region
 * @heap: the heap
 * @ret: its length; no buffer is longer, but see dmabuf_heap_largest_alloc()
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: debugfs cma.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not show it
 */
int dmabuf_heap_largest(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_largest_alloc() - the largest buffer that a heap's region has
 *	room for
 * @heap: the heap
 * @ret: its size; a larger buffer cannot be allocated now
 *
 * The kernel aligns a buffer to its size, rounded up to a power of two, and at
 * most to CONFIG_CMA_ALIGNMENT. So this can be less than dmabuf_heap_largest().
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: debugfs cma, /proc/config.gz, /boot/config-RELEASE.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, the kernel does not show it, or
 * its configuration is needed and not there
 */
int dmabuf_heap_largest_alloc(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_set_name() - give a buffer a name
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @name: the name, at most 31 bytes
 *
 * Ownership: the kernel has a copy.
 *
 * Context: Any thread that may use @ctx.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENAMETOOLONG - the name is longer than a buffer's name can be
 * * %-EBUSY - a device is attached to it (5.10)
 * * another negative errno of ioctl(2)
 */
int dmabuf_set_name(struct dmabuf_ctx *ctx, int fd, const char *name);

/*
 * How the CPU accesses a buffer, or which accesses a sync file is for. Both
 * bits may be set.
 */
enum dmabuf_access {
	DMABUF_ACCESS_READ = 1 << 0,
	DMABUF_ACCESS_WRITE = 1 << 1,
};

/**
 * dmabuf_cpu_begin() - prepare a mapped buffer for access by the CPU
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: bits of enum dmabuf_access
 *
 * Call this before reads and writes of the mapping, and dmabuf_cpu_end() with
 * the same @access after them. Retries after a signal.
 *
 * Ownership: nothing to free.
 *
 * Context: May wait for devices that use the buffer.
 * Return: 0, or, with the reason in dmabuf_ctx_error(), a negative errno of
 * ioctl(2)
 */
int dmabuf_cpu_begin(struct dmabuf_ctx *ctx, int fd, unsigned int access);

/**
 * dmabuf_cpu_end() - hand a buffer back to devices
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: the same as for dmabuf_cpu_begin()
 *
 * Ownership: nothing to free.
 *
 * Context: As dmabuf_cpu_begin().
 * Return: as dmabuf_cpu_begin()
 */
int dmabuf_cpu_end(struct dmabuf_ctx *ctx, int fd, unsigned int access);

/**
 * dmabuf_sync_file_export() - get the fences of a buffer as a sync file
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: bits of enum dmabuf_access: the access after the sync file signals
 * @ret: a descriptor of the sync file
 *
 * Ownership: the caller closes @ret.
 * Units: @ret is a file descriptor.
 *
 * Context: Any thread that may use @ctx. Kernels since v6.0.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENOTTY - this kernel cannot do it
 * * another negative errno of ioctl(2)
 */
int dmabuf_sync_file_export(struct dmabuf_ctx *ctx, int fd, unsigned int access,
			    int *ret);

/**
 * dmabuf_sync_file_import() - make users of a buffer wait for a sync file
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: bits of enum dmabuf_access: the access until the sync file signals
 * @sync_file: a descriptor of the sync file
 *
 * Ownership: the buffer gets the fences; the caller keeps @sync_file.
 *
 * Context: Any thread that may use @ctx. Kernels since v6.0.
 * Return: as dmabuf_sync_file_export()
 */
int dmabuf_sync_file_import(struct dmabuf_ctx *ctx, int fd, unsigned int access,
			    int sync_file);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
