/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DMA for drivers in user space: the memory that a device is to reach, pinned,
 * and the addresses that the device knows it by.
 *
 * Without an IOMMU a device that is told a wrong address writes there all the
 * same: into another program, or into the kernel. dmabuf-dma(3) says what that
 * means before it says how.
 *
 * The rules are those of dmabuf.h: 0 or a negative errno, results last and
 * untouched on failure, the reason in dmabuf_ctx_error() of the context that
 * the device was opened with.
 */
#ifndef DMABUF_DMA_H
#define DMABUF_DMA_H

#include <dmabuf/dmabuf.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct dmabuf_dma_backend;
struct dmabuf_dma_device;
struct dmabuf_dma_map;

/**
 * dmabuf_dma_backend_next() - go through the ways of DMA
 * @prev: the one before, NULL for the first
 *
 * "iommu": VFIO with an IOMMU; addresses are of the device alone, and it
 * reaches nothing else. "noiommu": VFIO without one; the kernel pins the memory
 * and tells its physical addresses. "pagemap": /proc/self/pagemap; nothing is
 * pinned.
 *
 * Ownership: back ends are constants of the library.
 * Shape: best first.
 *
 * Context: Any thread.
 * Return: the next one, NULL after the last.
 */
const struct dmabuf_dma_backend *dmabuf_dma_backend_next(
	const struct dmabuf_dma_backend *prev);

/**
 * dmabuf_dma_backend_name() - name of a way of DMA
 * @backend: the back end
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the name.
 */
const char *dmabuf_dma_backend_name(const struct dmabuf_dma_backend *backend);

/**
 * dmabuf_dma_backend_probe() - tell whether this machine offers a way of DMA
 * @ctx: the context
 * @backend: the back end
 *
 * Ownership: nothing to free.
 *
 * Context: Opens /dev/iommu or /proc/self/pagemap, and reads sysfs. A device
 * still has to be bound to the driver that it takes.
 * Return: 0, or, with what is missing in dmabuf_ctx_error(),
 * * %-ENODEV - no IOMMU, or no driver that gives devices to programs
 * * %-ENOTTY - this kernel cannot tell addresses
 * * %-EPERM - this user may not
 * * %-EINVAL - the context is of a recorded tree
 * * another negative errno of open(2)
 */
int dmabuf_dma_backend_probe(struct dmabuf_ctx *ctx,
			     const struct dmabuf_dma_backend *backend);

/**
 * struct dmabuf_dma_opts - options of a device
 * @size: sizeof(struct dmabuf_dma_opts)
 * @address_bits: how many bits of an address the device has; 0 means 64
 * @allow_pagemap: whether memory may be used that is not pinned, where nothing
 *	better is there
 */
struct dmabuf_dma_opts {
	size_t size;
	unsigned int address_bits;
	bool allow_pagemap;
};

/**
 * dmabuf_dma_open() - take a PCI device over
 * @ctx: the context; it outlives the device
 * @address: where it is, such as "0000:00:05.0" or "00:05.0"
 * @opts: options, or NULL for the defaults
 * @ret: the device
 *
 * The device is bound to vfio-pci already, or to uio_pci_generic if
 * @opts->allow_pagemap. The best back end that this makes possible is used. The
 * device cannot master the bus before dmabuf_dma_set_master() says so.
 *
 * When the process ends, in whatever way, the kernel first takes the bus from
 * the device and then unpins the memory; with pagemap, the memory goes first.
 *
 * The device is of the process that opened it. A child of fork(2) has it open
 * as well, and nothing is taken back before the child has ended or called
 * execve(2), too. With pagemap, registered memory that is written after fork(2)
 * is elsewhere than the device was told: do not fork then.
 *
 * Ownership: the caller frees @ret with dmabuf_dma_close().
 *
 * Context: Reads /sys/bus/pci/devices and opens nodes of VFIO or UIO.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @address is none, @opts is not understood, or the context is of
 *   a recorded tree
 * * %-ENODEV - there is no such device, or none of the drivers has it
 * * %-EPERM - this user may not: CAP_SYS_RAWIO without an IOMMU, CAP_SYS_ADMIN
 *   for pagemap
 * * %-EACCES - the node is another user's
 * * %-EBUSY - another program has it
 * * %-EOPNOTSUPP - only pagemap is left, and that was not allowed
 * * %-ENOMEM - out of memory
 * * another negative errno of open(2) or ioctl(2)
 */
int dmabuf_dma_open(struct dmabuf_ctx *ctx, const char *address,
		    const struct dmabuf_dma_opts *opts,
		    struct dmabuf_dma_device **ret);

/**
 * dmabuf_dma_close() - give a device back
 * @device: the device, or NULL
 *
 * Takes the bus from the device first, then unregisters all memory.
 *
 * Ownership: @device is gone, its maps, BARs and descriptors with it.
 *
 * Context: No other thread uses @device.
 */
void dmabuf_dma_close(struct dmabuf_dma_device *device);

/**
 * dmabuf_dma_backend() - the way of DMA that a device uses
 * @device: the device
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the back end; never NULL.
 */
const struct dmabuf_dma_backend *dmabuf_dma_backend(
	const struct dmabuf_dma_device *device);

/**
 * dmabuf_dma_warning() - tell what is not safe with a device
 * @device: the device
 *
 * Ownership: the result is part of @device.
 *
 * Context: Any thread.
 * Return: what may happen, and what would be better; its err is 0 when there is
 * an IOMMU. Never NULL.
 */
const struct dmabuf_error *dmabuf_dma_warning(
	const struct dmabuf_dma_device *device);

/**
 * dmabuf_dma_bar() - map registers or memory of a device
 * @device: the device
 * @number: the number of the BAR, 0 to 5
 * @ret: where it is mapped
 * @ret_size: its size
 *
 * Ownership: it is part of @device. A second call gives the same mapping.
 * Units: bytes.
 *
 * Context: Any thread that may use @device.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENXIO - the device has no such BAR, or one that cannot be mapped
 * * another negative errno of mmap(2)
 */
int dmabuf_dma_bar(struct dmabuf_dma_device *device, unsigned int number,
		   volatile void **ret, size_t *ret_size);

/**
 * dmabuf_dma_irq_enable() - have the interrupts of a device delivered
 * @device: the device
 * @ret: a descriptor that can be read when there was one: for poll(2)
 *
 * The first vector of MSI-X or MSI, or the line of the device.
 *
 * Ownership: @ret is part of @device. A second call gives the same one.
 * Units: @ret is a file descriptor.
 *
 * Context: Any thread that may use @device.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-ENXIO - the device has no interrupt
 * * another negative errno of ioctl(2)
 */
int dmabuf_dma_irq_enable(struct dmabuf_dma_device *device, int *ret);

/**
 * dmabuf_dma_irq_ack() - count interrupts, and let more come
 * @device: the device
 * @ret: how many there were, those of the last call not counted
 *
 * Call it when the device has been told that its interrupt is seen: a line is
 * masked from its interrupt until then.
 *
 * Ownership: nothing to free.
 * Units: @ret counts interrupts.
 *
 * Context: Does not wait.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EAGAIN - there was none
 * * %-ENXIO - dmabuf_dma_irq_enable() was not called
 * * another negative errno of read(2) or ioctl(2)
 */
int dmabuf_dma_irq_ack(struct dmabuf_dma_device *device, uint64_t *ret);

/**
 * dmabuf_dma_set_master() - let a device master the bus, or not
 * @device: the device
 * @on: whether it may
 *
 * Without it a device has neither DMA nor MSI. What a program before this one
 * has told the device is still in it: have it reset, or wait until it is idle,
 * before it may master the bus.
 *
 * Ownership: nothing to free.
 *
 * Context: Any thread that may use @device.
 * Return: 0, or, with the reason in dmabuf_ctx_error(), a negative errno of
 * pread(2) or pwrite(2)
 */
int dmabuf_dma_set_master(struct dmabuf_dma_device *device, bool on);

/* What a device does with memory. Both bits may be set. */
enum dmabuf_dma_access {
	DMABUF_DMA_READS = 1 << 0,
	DMABUF_DMA_WRITES = 1 << 1,
};

/**
 * dmabuf_dma_map() - register memory for DMA
 * @device: the device
 * @memory: where it is, of any alignment
 * @length: how much
 * @access: bits of enum dmabuf_dma_access
 * @ret: the registered memory
 *
 * Memory is pinned until it is unregistered, except with pagemap, which locks
 * it: then, what the program has locked itself, or registered with another
 * device, is unlocked with it. The device can reach all of the pages that it is
 * in.
 *
 * Ownership: the caller frees @ret with dmabuf_dma_unmap(), or @device with it.
 * @memory is still the caller's, and must stay mapped with pagemap.
 * Units: bytes.
 *
 * Context: Sleeps until all of it is in memory. What is pinned counts as locked
 * memory of the user.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @length is 0, or @access is none
 * * %-EPERM - the device is of the parent of this process
 * * %-EFAULT - there is no memory, or none that can be pinned
 * * %-ENOMEM - out of memory, or of RLIMIT_MEMLOCK
 * * %-ERANGE - a page is where the device cannot address it
 * * another negative errno of ioctl(2), mlock(2) or pread(2)
 */
int dmabuf_dma_map(struct dmabuf_dma_device *device, void *memory,
		   size_t length, unsigned int access,
		   struct dmabuf_dma_map **ret);

/**
 * dmabuf_dma_map_fd() - register a dma-buf or a memfd for DMA
 * @device: the device
 * @fd: a descriptor of it
 * @offset: where to begin, in whole pages
 * @length: how much
 * @access: bits of enum dmabuf_dma_access
 * @ret: the registered memory
 *
 * The kernel pins a memfd, and of dma-bufs those that are parts of a VFIO
 * device (v6.19). Others can be registered only where their exporter maps them
 * as pages, which few do: make them with udmabuf, and register their memfd.
 *
 * Ownership: as dmabuf_dma_map(). @fd may be closed.
 * Units: bytes.
 *
 * Context: As dmabuf_dma_map().
 * Return: as dmabuf_dma_map(), or %-EOPNOTSUPP - this dma-buf cannot be pinned
 */
int dmabuf_dma_map_fd(struct dmabuf_dma_device *device, int fd, uint64_t offset,
		      size_t length, unsigned int access,
		      struct dmabuf_dma_map **ret);

/**
 * struct dmabuf_dma_segment - memory that a device sees in one piece
 * @address: what the device is to be told
 * @length: in bytes
 */
struct dmabuf_dma_segment {
	uint64_t address;
	uint64_t length;
};

/**
 * dmabuf_dma_segments() - where registered memory is, for the device
 * @map: the registered memory
 * @ret: its segments
 *
 * Ownership: @ret is part of @map.
 * Shape: in the order of the memory, without a gap; two that follow each other
 * are never one piece.
 * Units: bytes.
 *
 * Context: Any thread.
 * Return: how many there are, 1 at least.
 */
size_t dmabuf_dma_segments(const struct dmabuf_dma_map *map,
			   const struct dmabuf_dma_segment **ret);

/**
 * dmabuf_dma_unmap() - unregister memory
 * @map: the registered memory, or NULL
 *
 * See to it first that the device is done with it: nothing else does.
 *
 * Ownership: @map is gone, and its segments with it.
 *
 * Context: Any thread that may use the device.
 */
void dmabuf_dma_unmap(struct dmabuf_dma_map *map);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
