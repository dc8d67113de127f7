/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Heaps: memory that a program can have dma-bufs made of, and what one does
 * with a buffer that it has made.
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
 * @heap: what it is for, or its name: see below
 * @ret: the name of the node in /dev/dma_heap
 *
 * "default-cma" is the heap of the default CMA region, whatever this kernel
 * calls it: default_cma_region since v6.17 and with our patches; else the name
 * of the region that the device tree makes the default; else the first there
 * is of linux,cma, default-pool and reserved. Everything else is the name of a
 * node, "system" too.
 *
 * Ownership: the caller frees @ret with free(3).
 *
 * Context: Reads /dev/dma_heap and /proc/device-tree.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENOENT - there is no such heap, or no heap at all; the reason tells
 *   which there are
 * * %-ENOMEM - out of memory
 * * another negative errno - /dev/dma_heap cannot be read
 */
int dmabuf_heap_resolve(struct dmabuf_ctx *ctx, const char *heap, char **ret);

/**
 * struct dmabuf_alloc_opts - options of an allocation
 * @size: sizeof(struct dmabuf_alloc_opts)
 * @name: the buffer's name, 31 bytes at most; NULL or empty for none
 * @keep_on_exec: whether the descriptor outlives execve(2)
 */
struct dmabuf_alloc_opts {
	size_t size;
	const char *name;
	bool keep_on_exec;
};

/**
 * dmabuf_heap_alloc() - make a buffer of a heap's memory
 * @ctx: the context
 * @heap: which heap, as dmabuf_heap_resolve() takes it
 * @bytes: size of the buffer; the kernel makes it whole pages
 * @opts: options, or NULL for the defaults
 * @ret: a descriptor of the new buffer, to read and to write
 *
 * The memory is zeroed. That of a CMA heap is contiguous.
 *
 * Ownership: the caller closes @ret. The buffer lives as long as anything
 * refers to it.
 * Units: @bytes is bytes, @ret is a file descriptor.
 *
 * Context: Opens the heap's node. May sleep until pages have been moved.
 * Return: 0, or, with the reason in dmabuf_ctx_error() and no buffer made,
 * * %-ENOENT - there is no such heap
 * * %-EACCES - this user may not open its node
 * * %-EINVAL - @bytes is 0, or @opts is not understood
 * * %-ENAMETOOLONG - the name is longer than a buffer's name can be
 * * %-ENOMEM - not that much memory is there or free, or not in one piece; the
 *   reason tells what is, where the kernel tells
 * * %-EMFILE - this process has as many descriptors as it may have
 * * another negative errno of open(2) or ioctl(2)
 */
int dmabuf_heap_alloc(struct dmabuf_ctx *ctx, const char *heap, uint64_t bytes,
		      const struct dmabuf_alloc_opts *opts, int *ret);

/**
 * dmabuf_heaps_list() - list the heaps of this machine
 * @ctx: the context
 * @ret: the new list
 *
 * Nodes that are of one region are one heap, with aliases.
 *
 * Ownership: the caller frees @ret with dmabuf_heaps_free().
 * Shape: sorted by name, each heap once.
 *
 * Context: Reads /dev/dma_heap, what sysfs and debugfs say of CMA regions, and
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
 * Ownership: @heaps and all that was got from it are gone.
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
 * dmabuf_heaps_error() - tell why figures of regions are not known
 * @heaps: the list
 *
 * Ownership: the result is part of @heaps.
 *
 * Context: Any thread.
 * Return: the reason and the hint; its err is 0 when all are known.
 */
const struct dmabuf_error *dmabuf_heaps_error(const struct dmabuf_heaps *heaps);

/**
 * dmabuf_heap_name() - name of a heap, which is that of its node
 * @heap: the heap
 *
 * Ownership: the string is part of the list.
 *
 * Context: Any thread.
 * Return: the name, such as "system"; never NULL. The node is /dev/dma_heap and
 * this name. It is also the exporter of buffers from this node.
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
 * Context: Any thread. It is as it was when the list was made.
 * Return: 0, or %-EACCES or another negative errno of access(2)
 */
int dmabuf_heap_access(const struct dmabuf_heap *heap);

/**
 * dmabuf_heap_region() - name of the CMA region that a heap is of
 * @heap: the heap
 *
 * Ownership: the string is part of the list.
 * Source: the name of the heap; for the default region's heap also the device
 * tree, and the name that the kernel gives the region.
 *
 * Context: Any thread.
 * Return: the name, such as "reserved"; NULL when it is of none or that is not
 * known.
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
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not tell
 */
int dmabuf_heap_size(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_used() - how much of a heap's region is allocated
 * @heap: the heap
 * @ret: how much, by whomever: drivers allocate from it, too
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: sysfs mm/cma since v6.9, debugfs cma.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not tell
 */
int dmabuf_heap_used(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_unused() - how much of a heap's region is free
 * @heap: the heap
 * @ret: its size less what is used
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: as dmabuf_heap_size() and dmabuf_heap_used().
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not tell
 */
int dmabuf_heap_unused(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_heap_largest() - the largest free run of a heap's region
 * @heap: the heap
 * @ret: its length: no larger buffer can be had now
 *
 * Ownership: nothing to free.
 * Units: bytes.
 * Source: debugfs cma.
 *
 * Context: Any thread.
 * Return: 0, or %-ENODATA - it has no region, or the kernel does not tell
 */
int dmabuf_heap_largest(const struct dmabuf_heap *heap, uint64_t *ret);

/**
 * dmabuf_set_name() - give a buffer a name
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @name: the name, 31 bytes at most
 *
 * Ownership: the kernel has a copy.
 *
 * Context: Any thread that may use @ctx.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENAMETOOLONG - a buffer's name cannot be that long
 * * %-EBUSY - a device is attached to it (5.10)
 * * another negative errno of ioctl(2)
 */
int dmabuf_set_name(struct dmabuf_ctx *ctx, int fd, const char *name);

/*
 * What the CPU does with a buffer, or a device is to wait for. Both bits may
 * be set.
 */
enum dmabuf_access {
	DMABUF_ACCESS_READ = 1 << 0,
	DMABUF_ACCESS_WRITE = 1 << 1,
};

/**
 * dmabuf_cpu_begin() - make a mapped buffer fit for the CPU
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: bits of enum dmabuf_access
 *
 * Goes before reads and writes of its mapping, and dmabuf_cpu_end() with the
 * same @access after them. Tries again when a signal came in between.
 *
 * Ownership: nothing to free.
 *
 * Context: May wait for devices that use the buffer.
 * Return: 0, or, with the reason in dmabuf_ctx_error(), a negative errno of
 * ioctl(2)
 */
int dmabuf_cpu_begin(struct dmabuf_ctx *ctx, int fd, unsigned int access);

/**
 * dmabuf_cpu_end() - make a buffer fit for devices again
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: what dmabuf_cpu_begin() was given
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
 * @access: bits of enum dmabuf_access: what one wants to do when it signals
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
 * dmabuf_sync_file_import() - have users of a buffer wait for a sync file
 * @ctx: the context
 * @fd: a descriptor of the buffer
 * @access: bits of enum dmabuf_access: what is done until it signals
 * @sync_file: a descriptor of the sync file
 *
 * Ownership: the buffer has the fences, the caller still has @sync_file.
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
