/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DMA for drivers in user space: pins the memory that a device accesses, and
 * returns the addresses that the device uses for it.
 *
 * Without an IOMMU a device with a wrong address writes to it anyway: into
 * another program, or into the kernel. Read dmabuf-dma(3) first.
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
 * dmabuf_dma_backend_next() - go through the back ends for DMA
 * @prev: the one before, NULL for the first
 *
 * "iommu": VFIO with an IOMMU; the device has its own addresses and reaches no
 * other memory. "noiommu": VFIO without an IOMMU; the kernel pins the memory
 * and returns its physical addresses. "pagemap": /proc/self/pagemap; the memory
 * is not pinned.
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
 * dmabuf_dma_backend_name() - name of a back end
 * @backend: the back end
 *
 * Ownership: a constant of the library.
 *
 * Context: Any thread.
 * Return: the name.
 */
const char *dmabuf_dma_backend_name(const struct dmabuf_dma_backend *backend);

/**
 * dmabuf_dma_backend_probe() - tell whether this machine offers a back end
 * @ctx: the context
 * @backend: the back end
 *
 * Ownership: nothing to free.
 *
 * Context: Opens /dev/iommu or /proc/self/pagemap, and reads sysfs. A device
 * must also be bound to the driver that the back end needs.
 * Return: 0, or, with what is missing in dmabuf_ctx_error(),
 * * %-ENODEV - no IOMMU, or no driver for devices in user space
 * * %-ENOTTY - this kernel cannot return physical addresses
 * * %-EPERM - not permitted for this user
 * * %-EINVAL - the context reads a recorded tree
 * * another negative errno of open(2)
 */
int dmabuf_dma_backend_probe(struct dmabuf_ctx *ctx,
			     const struct dmabuf_dma_backend *backend);

/**
 * struct dmabuf_dma_opts - options of a device
 * @size: sizeof(struct dmabuf_dma_opts)
 * @address_bits: number of address bits of the device; 0 means 64
 * @allow_pagemap: whether memory may be used without being pinned, when no
 *	better back end works
 */
struct dmabuf_dma_opts {
	size_t size;
	unsigned int address_bits;
	bool allow_pagemap;
};

/**
 * dmabuf_dma_open() - take a PCI device over
 * @ctx: the context; it outlives the device
 * @address: its PCI address, such as "0000:00:05.0" or "00:05.0"
 * @opts: options, or NULL for the defaults
 * @ret: the device
 *
 * The device must be bound to vfio-pci, or to uio_pci_generic with
 * @opts->allow_pagemap. The best back end for its driver is used. Bus mastering
 * is off until dmabuf_dma_set_master() enables it.
 *
 * When the process ends in any way, the kernel first disables bus mastering and
 * then unpins the memory. With pagemap the memory is freed first.
 *
 * The device belongs to the process that opened it. A child of fork(2) has it
 * open, too, and the kernel releases it only after the child has also ended or
 * called execve(2). With pagemap, do not fork: memory that is written after
 * fork(2) moves to another address.
 *
 * Ownership: the caller frees @ret with dmabuf_dma_close().
 *
 * Context: Reads /sys/bus/pci/devices and opens nodes of VFIO or UIO.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @address is invalid, @opts is not understood, or the context
 *   reads a recorded tree
 * * %-ENODEV - there is no such device, or it has none of the drivers
 * * %-EPERM - not permitted: this needs CAP_SYS_RAWIO without an IOMMU,
 *   CAP_SYS_ADMIN for pagemap
 * * %-EACCES - no permission to open the node
 * * %-EBUSY - another program uses it
 * * %-EOPNOTSUPP - only pagemap works, and was not allowed
 * * %-ENOMEM - out of memory
 * * another negative errno of open(2) or ioctl(2)
 */
int dmabuf_dma_open(struct dmabuf_ctx *ctx, const char *address,
		    const struct dmabuf_dma_opts *opts,
		    struct dmabuf_dma_device **ret);

/**
 * dmabuf_dma_close() - close a device
 * @device: the device, or NULL
 *
 * Disables bus mastering first, then unregisters all memory.
 *
 * Ownership: frees @device with its maps, BARs and descriptors.
 *
 * Context: No other thread uses @device.
 */
void dmabuf_dma_close(struct dmabuf_dma_device *device);

/**
 * dmabuf_dma_backend() - the back end of a device
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
 * dmabuf_dma_warning() - get the risk of using a device
 * @device: the device
 *
 * Ownership: the result is part of @device.
 *
 * Context: Any thread.
 * Return: the risk, and a hint to a better back end; its err is 0 with an
 * IOMMU. Never NULL.
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
 * * %-ENXIO - the device does not have this BAR, or it cannot be mapped
 * * another negative errno of mmap(2)
 */
int dmabuf_dma_bar(struct dmabuf_dma_device *device, unsigned int number,
		   volatile void **ret, size_t *ret_size);

/**
 * dmabuf_dma_irq_enable() - enable the interrupts of a device
 * @device: the device
 * @ret: a descriptor for poll(2), readable after an interrupt
 *
 * Uses the first vector of MSI-X or MSI, or the interrupt line of the device.
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
 * dmabuf_dma_irq_ack() - count interrupts, and enable the next one
 * @device: the device
 * @ret: number of interrupts since the last call
 *
 * First acknowledge the interrupt in the device, then call this: an interrupt
 * line is masked from the interrupt until this call.
 *
 * Ownership: nothing to free.
 * Units: @ret counts interrupts.
 *
 * Context: Does not wait.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EAGAIN - there was no interrupt
 * * %-ENXIO - dmabuf_dma_irq_enable() was not called
 * * another negative errno of read(2) or ioctl(2)
 */
int dmabuf_dma_irq_ack(struct dmabuf_dma_device *device, uint64_t *ret);

/**
 * dmabuf_dma_set_master() - enable or disable bus mastering of a device
 * @device: the device
 * @on: whether to enable it
 *
 * Without bus mastering a device has neither DMA nor MSI. The device may still
 * have commands of an earlier program: reset it, or wait until it is idle,
 * before you enable bus mastering.
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
 * @memory: its address, of any alignment
 * @length: its length
 * @access: bits of enum dmabuf_dma_access
 * @ret: the registered memory
 *
 * Memory is pinned until it is unregistered. With pagemap it is only locked,
 * and unregistering also unlocks pages that the program has locked itself or
 * registered with another device. The device can access all bytes of the pages.
 *
 * Ownership: the caller frees @ret with dmabuf_dma_unmap(), or @device with it.
 * @memory stays the caller's; with pagemap it must stay mapped.
 * Units: bytes.
 *
 * Context: Sleeps until all pages are in memory. Pinned memory counts as locked
 * memory of the user.
 * Return: 0, or, with the reason in dmabuf_ctx_error(),
 * * %-EINVAL - @length is 0, or @access is invalid
 * * %-EPERM - the device belongs to the parent process
 * * %-EFAULT - the memory is not mapped, or cannot be pinned
 * * %-ENOMEM - out of memory, or above RLIMIT_MEMLOCK
 * * %-ERANGE - the device cannot address a page
 * * another negative errno of ioctl(2), mlock(2) or pread(2)
 */
int dmabuf_dma_map(struct dmabuf_dma_device *device, void *memory,
		   size_t length, unsigned int access,
		   struct dmabuf_dma_map **ret);

/**
 * dmabuf_dma_map_fd() - register a dma-buf or a memfd for DMA
 * @device: the device
 * @fd: its descriptor
 * @offset: first byte, a multiple of the page size
 * @length: number of bytes
 * @access: bits of enum dmabuf_dma_access
 * @ret: the registered memory
 *
 * The kernel pins a memfd, and a dma-buf of a VFIO device (v6.19). Another
 * dma-buf can be registered only if its exporter maps pages, which few do.
 * Create the dma-buf with udmabuf instead, and register its memfd.
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
 * struct dmabuf_dma_segment - memory that is contiguous for a device
 * @address: the address for the device
 * @length: in bytes
 */
struct dmabuf_dma_segment {
	uint64_t address;
	uint64_t length;
};

/**
 * dmabuf_dma_segments() - get the addresses of registered memory
 * @map: the registered memory
 * @ret: its segments
 *
 * Ownership: @ret is part of @map.
 * Shape: in the order of the memory, without a gap; two adjacent segments are
 * never contiguous.
 * Units: bytes.
 *
 * Context: Any thread.
 * Return: the number of segments, at least 1.
 */
size_t dmabuf_dma_segments(const struct dmabuf_dma_map *map,
			   const struct dmabuf_dma_segment **ret);

/**
 * dmabuf_dma_unmap() - unregister memory
 * @map: the registered memory, or NULL
 *
 * First make sure that the device does not use the memory any more.
 *
 * Ownership: frees @map and its segments.
 *
 * Context: Any thread that may use the device.
 */
void dmabuf_dma_unmap(struct dmabuf_dma_map *map);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
