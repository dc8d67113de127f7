// SPDX-License-Identifier: LGPL-2.1-or-later
/* Devices for DMA: which back end a device gets, and the memory it has. */
#include "dma/device.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/u64.h"

struct dmabuf_dma_backend {
	const char *name;
	int (*probe)(struct dmabuf_ctx *ctx);
	const char *warning, *better;
};

enum { IOMMU, NOIOMMU, PAGEMAP };

static const struct dmabuf_dma_backend backends[] = {
	[IOMMU] = { .name = "iommu", .probe = dma_probe_iommu },
	[NOIOMMU] = {
		.name = "noiommu",
		.probe = dma_probe_noiommu,
		.warning = "no IOMMU: the device can write to all memory, the "
			   "kernel's included",
		.better = "turn the IOMMU on in the firmware, and boot with "
			  "intel_iommu=on or the like",
	},
	[PAGEMAP] = {
		.name = "pagemap",
		.probe = dma_probe_pagemap,
		.warning = "nothing is pinned: the kernel may move a page "
			   "while the device writes to where it was, and the "
			   "device can write to all memory",
		.better = "a kernel with IOMMU_IOAS_NOIOMMU_GET_PA (7.3, or "
			  "our patches), or an IOMMU",
	},
};

#define N_BACKENDS (sizeof(backends) / sizeof(backends[0]))

const struct dmabuf_dma_backend *dmabuf_dma_backend_next(
	const struct dmabuf_dma_backend *prev)
{
	const struct dmabuf_dma_backend *next = prev ? prev + 1 : backends;

	return next < backends + N_BACKENDS ? next : NULL;
}

const char *dmabuf_dma_backend_name(const struct dmabuf_dma_backend *backend)
{
	return backend->name;
}

int dmabuf_dma_backend_probe(struct dmabuf_ctx *ctx,
			     const struct dmabuf_dma_backend *backend)
{
	ctx->error = (struct dmabuf_error){};
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EINVAL,
				 "a recorded tree has no devices");
	return backend->probe(ctx);
}

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
	error_set(&ctx->error, -err, "%.96s: %s", path, strerror(err));
	switch (err) {
	case EPERM:
		return error_hint(&ctx->error,
				  "a device without an IOMMU can write to all "
				  "memory: run as root, or give CAP_SYS_RAWIO");
	case EACCES:
		return error_hint(&ctx->error,
				  "run as root, or have a udev rule "
				  "give the node to your group");
	case EBUSY:
		return error_hint(&ctx->error,
				  "another program has the device: fuser %.96s "
				  "tells which",
				  path);
	default:
		return -err;
	}
}

/* --- Which back end a device gets */

/*
 * What the driver of a device makes possible, by the nodes that it has. All
 * other combinations cannot be used.
 */
static const struct route {
	enum node { CDEV, GROUP, UIO } node;
	bool noiommu;
	const struct dma_device_ops *device_ops;
	const struct dma_map_ops *map_ops;
	int backend;
} routes[] = {
	{ CDEV, false, &dma_vfio_cdev, &dma_iommufd, IOMMU },
	{ CDEV, true, &dma_vfio_cdev, &dma_iommufd_noiommu, NOIOMMU },
	{ GROUP, false, &dma_vfio_group, &dma_type1, IOMMU },
	{ GROUP, true, &dma_vfio_group, &dma_pagemap, PAGEMAP },
	{ UIO, false, &dma_uio, &dma_pagemap, PAGEMAP },
};

static const struct route *find_route(const struct pci_info *info)
{
	const bool uio = !strcmp(info->driver, "uio_pci_generic");
	const enum node node = uio && info->uio[0] ? UIO
			       : info->cdev[0]	   ? CDEV
						   : GROUP;
	size_t i;

	if (node == GROUP && (!strstr(info->driver, "vfio") || !info->group[0]))
		return NULL;
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (routes[i].node == node &&
		    routes[i].noiommu == info->noiommu)
			return &routes[i];
	return NULL;
}

static int why_not_bound(struct dmabuf_ctx *ctx, const struct pci_info *info)
{
	if (strstr(info->driver, "vfio")) {
		error_set(&ctx->error, -ENODEV,
			  "%s: %s has it, and gives it to no program",
			  info->address, info->driver);
		return error_hint(&ctx->error, "dmabuf doctor tells what is "
					       "missing");
	}
	error_set(&ctx->error, -ENODEV, "%s: %s%s, and not vfio-pci",
		  info->address, info->driver[0] ? "its driver is " : "it has ",
		  info->driver[0] ? info->driver : "no driver");
	return error_hint(&ctx->error,
			  "cd /sys/bus/pci; echo vfio-pci >devices/%s/"
			  "driver_override; unbind it from its driver; echo %s "
			  ">drivers_probe",
			  info->address, info->address);
}

/* Addresses that mean nothing behind an IOMMU must not be handed out. */
static int check_pagemap(struct dmabuf_ctx *ctx, const struct pci_info *info,
			 bool allowed)
{
	struct dmabuf_error lacks;

	/* The group that VFIO makes up without one has a type, too. */
	if (!info->noiommu && info->group_type[0] &&
	    strcmp(info->group_type, "identity")) {
		error_set(
			&ctx->error, -EOPNOTSUPP,
			"%s: an IOMMU translates for it, so physical addresses "
			"are of no use to it",
			info->address);
		return error_hint(&ctx->error, "bind it to vfio-pci");
	}
	if (allowed)
		return 0;
	(void)dma_probe_noiommu(ctx);
	lacks = ctx->error;
	error_set(
		&ctx->error, -EOPNOTSUPP,
		"%s: only pagemap is left for it, which pins nothing, and was "
		"not allowed; %s",
		info->address,
		lacks.err ? lacks.text
			  : "bound to vfio-pci it can have better");
	return error_hint(&ctx->error, "%s%s; dmabuf doctor tells more",
			  lacks.hint,
			  lacks.hint[0] ? "" : "bind it to vfio-pci");
}

static int choose(struct dmabuf_dma_device *device, const struct pci_info *info,
		  const struct dmabuf_dma_opts *opts)
{
	const struct route *route = find_route(info);

	if (!route)
		return why_not_bound(device->ctx, info);
	device->device_ops = route->device_ops;
	device->map_ops = route->map_ops;
	device->backend = &backends[route->backend];
	if (device->backend->warning) {
		error_set(&device->warning, -EPERM, "%s",
			  device->backend->warning);
		error_hint(&device->warning, "%s", device->backend->better);
	}
	if (route->backend == PAGEMAP)
		return check_pagemap(device->ctx, info, opts->allow_pagemap);
	return 0;
}

/* Leaves the reason of an earlier failure alone. Return: 0 or -errno. */
static int write_master(struct dmabuf_dma_device *device, bool on)
{
	uint64_t offset;
	uint8_t command; /* of PCI_COMMAND, the byte with the bit */
	ssize_t n;
	int fd = device->device_ops->config(device, &offset);

	if (fd < 0)
		return fd;
	n = pread(fd, &command, 1, (off_t)(offset + PCI_COMMAND));
	if (n == 1) {
		command = (uint8_t)(on ? command | PCI_COMMAND_MASTER
				       : command & ~PCI_COMMAND_MASTER);
		n = pwrite(fd, &command, 1, (off_t)(offset + PCI_COMMAND));
	}
	return n == 1 ? 0 : n < 0 ? -errno : -EIO;
}

DEFINE_CLEANUP(device, struct dmabuf_dma_device, dmabuf_dma_close)

static struct dmabuf_dma_device *new_device(struct dmabuf_ctx *ctx,
					    const struct pci_info *info,
					    unsigned int bits)
{
	struct dmabuf_dma_device *device = calloc(1, sizeof(*device));

	if (!device)
		return NULL;
	device->ctx = ctx;
	device->process = getpid();
	device->device = device->group = device->container = -1;
	device->memory_file = device->config_file = device->irq = -1;
	device->iovas = (struct vec)VEC_OF(struct dma_range);
	device->last = bits && bits < 64 ? (1ULL << bits) - 1 : UINT64_MAX;
	memcpy(device->address, info->address, sizeof(device->address));
	return device;
}

int dmabuf_dma_open(struct dmabuf_ctx *ctx, const char *address,
		    const struct dmabuf_dma_opts *opts,
		    struct dmabuf_dma_device **ret)
{
	_cleanup_(device_cleanup) struct dmabuf_dma_device *device = NULL;
	struct dmabuf_dma_opts known;
	struct pci_info info;
	int r;

	ctx->error = (struct dmabuf_error){};
	if (opts_copy(&known, sizeof(known), opts) || known.address_bits > 64)
		return error_set(&ctx->error, -EINVAL,
				 "options are not understood");
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EINVAL,
				 "a recorded tree has no devices");
	r = pci_info_read(ctx, address, &info);
	if (r)
		return r;
	device = new_device(ctx, &info, known.address_bits);
	if (!device)
		return error_set(&ctx->error, -ENOMEM, "%s", strerror(ENOMEM));
	r = choose(device, &info, &known)
		    ?: device->map_ops->open(device)
		    ?: device->device_ops->open(device, &info)
		    ?: dmabuf_dma_set_master(device, false)
		    ?: device->map_ops->ready(device);
	if (!r)
		*ret = take_ptr(device);
	return r;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void dmabuf_dma_close(struct dmabuf_dma_device *device)
{
	size_t i;

	if (!device)
		return;
	if (device->device >= 0)
		(void)write_master(device, false);
	while (device->maps)
		dmabuf_dma_unmap(device->maps);
	for (i = 0; i < DMA_BARS; i++)
		if (device->bars[i].memory)
			munmap(device->bars[i].memory, device->bars[i].size);
	/* Of UIO, the device itself is what interrupts are read from. */
	if (device->irq != device->device)
		close_fd(device->irq);
	close_fd(device->config_file);
	close_fd(device->device);
	close_fd(device->group);
	close_fd(device->container);
	close_fd(device->memory_file);
	vec_fini(&device->iovas);
	free(device);
}

const struct dmabuf_dma_backend *dmabuf_dma_backend(
	const struct dmabuf_dma_device *device)
{
	return device->backend;
}

const struct dmabuf_error *dmabuf_dma_warning(
	const struct dmabuf_dma_device *device)
{
	return &device->warning;
}

/* --- The device itself */

int dmabuf_dma_bar(struct dmabuf_dma_device *device, unsigned int number,
		   volatile void **ret, size_t *ret_size)
{
	void *memory;
	size_t size;
	int r;

	device->ctx->error = (struct dmabuf_error){};
	if (number >= DMA_BARS)
		return error_set(&device->ctx->error, -ENXIO,
				 "%s: there is no BAR %u", device->address,
				 number);
	if (!device->bars[number].memory) {
		r = device->device_ops->bar(device, number, &memory, &size);
		if (r)
			return error_set(&device->ctx->error, r,
					 "%s: BAR %u cannot be mapped: %s",
					 device->address, number, strerror(-r));
		device->bars[number].memory = memory;
		device->bars[number].size = size;
	}
	*ret = device->bars[number].memory;
	*ret_size = device->bars[number].size;
	return 0;
}

int dmabuf_dma_irq_enable(struct dmabuf_dma_device *device, int *ret)
{
	int r;

	device->ctx->error = (struct dmabuf_error){};
	r = device->irq < 0 ? device->device_ops->irq_enable(device) : 0;
	if (r)
		return error_set(&device->ctx->error, r,
				 "%s: no interrupt can be had: %s",
				 device->address, strerror(-r));
	*ret = device->irq;
	return 0;
}

int dmabuf_dma_irq_ack(struct dmabuf_dma_device *device, uint64_t *ret)
{
	int r;

	device->ctx->error = (struct dmabuf_error){};
	r = device->irq < 0 ? -ENXIO : device->device_ops->irq_ack(device, ret);
	return r ? error_set(&device->ctx->error, r, "%s: its interrupts: %s",
			     device->address, strerror(-r))
		 : 0;
}

int dmabuf_dma_set_master(struct dmabuf_dma_device *device, bool on)
{
	int r;

	device->ctx->error = (struct dmabuf_error){};
	r = write_master(device, on);
	return r ? error_set(&device->ctx->error, r,
			     "%s: its configuration cannot be changed: %s",
			     device->address, strerror(-r))
		 : 0;
}

/* --- Memory */

int dma_add_segment(struct dmabuf_dma_map *map, uint64_t address,
		    uint64_t length)
{
	const struct dmabuf_dma_segment segment = { address, length };
	struct dmabuf_dma_device *device = map->device;
	struct dmabuf_dma_segment *last = NULL;

	if (address > device->last || length - 1 > device->last - address)
		return error_set(&device->ctx->error, -ERANGE,
				 "%s: a page is at 0x%" PRIx64
				 ", and the device "
				 "can address no more than 0x%" PRIx64,
				 device->address, address, device->last);
	if (map->segments.n)
		last = vec_at(&map->segments, map->segments.n - 1);
	if (last && last->address + last->length == address) {
		last->length += length;
		return 0;
	}
	if (vec_push(&map->segments, &segment))
		return error_set(&device->ctx->error, -ENOMEM, "%s",
				 strerror(ENOMEM));
	return 0;
}

int dma_iova_segment(struct dmabuf_dma_map *map)
{
	return dma_add_segment(map, map->iova + map->offset, map->length);
}

int dma_why_not_mapped(struct dmabuf_dma_map *map, int err)
{
	struct dmabuf_error *error = &map->device->ctx->error;

	error_set(error, err, "%s: %zu bytes cannot be registered: %s",
		  map->device->address, map->length, strerror(-err));
	if (err == -ENOMEM)
		return error_hint(error,
				  "raise the limit of locked memory: ulimit "
				  "-l, or LimitMEMLOCK= of systemd");
	if (err == -EFAULT)
		return error_hint(error,
				  "all of it must be mapped, writable if "
				  "the device writes, and be no mapping of "
				  "a dma-buf or a device");
	return err;
}

int dma_why_no_room(struct dmabuf_dma_map *map)
{
	return error_set(&map->device->ctx->error, -ERANGE,
			 "%s: no addresses for %zu bytes are left that the "
			 "device can be told",
			 map->device->address, map->length);
}

int dma_nothing(struct dmabuf_dma_device *device)
{
	(void)device;
	return 0;
}

DEFINE_CLEANUP(map, struct dmabuf_dma_map, dmabuf_dma_unmap)

static struct dmabuf_dma_map *new_map(struct dmabuf_dma_device *device,
				      char *memory, size_t length)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	struct dmabuf_dma_map *map = calloc(1, sizeof(*map));

	if (!map)
		return NULL;
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
	return map;
}

/* Return: 0, or -errno with the reason set. */
static int check_map(struct dmabuf_dma_device *device, const void *memory,
		     size_t length, unsigned int access)
{
	const unsigned int all = DMABUF_DMA_READS | DMABUF_DMA_WRITES;
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	device->ctx->error = (struct dmabuf_error){};
	if (device->process != getpid())
		return error_set(
			&device->ctx->error, -EPERM,
			"%s: it is the parent's of this process, and so "
			"would the memory be",
			device->address);
	if (!length || !access || access & ~all)
		return error_set(
			&device->ctx->error, -EINVAL,
			"%s: %s cannot be registered", device->address,
			length ? "memory that is neither read nor written"
			       : "0 bytes");
	if (length > UINTPTR_MAX - page ||
	    (uintptr_t)memory > UINTPTR_MAX - page - length)
		return error_set(&device->ctx->error, -EFAULT,
				 "%s: %zu bytes from %p on go over the end of "
				 "all memory",
				 device->address, length, memory);
	return 0;
}

/* The last steps of all: what was mapped gets segments. */
static int finish(struct dmabuf_dma_map *map)
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

	r = check_map(device, memory, length, access);
	if (r)
		return r;
	map = new_map(device, memory, length);
	if (!map)
		return error_set(&device->ctx->error, -ENOMEM, "%s",
				 strerror(ENOMEM));
	r = device->map_ops->map(map, access) ?: finish(map);
	if (!r)
		*ret = take_ptr(map);
	return r;
}

/* That of a file of huge pages is whole huge pages. */
static size_t mapped_size(const struct dmabuf_dma_map *map, int fd)
{
	struct statfs fs;
	struct stat st;
	size_t page;

	if (fstatfs(fd, &fs) || fs.f_type != HUGETLBFS_MAGIC || fstat(fd, &st))
		return map->span;
	page = (size_t)st.st_blksize;
	return (map->span + page - 1) / page * page;
}

/*
 * Mappings of what has no pages, such as memory of a device, are not pinned by
 * anything, though type1 would take them.
 */
static bool has_pages(const struct dmabuf_dma_map *map)
{
	char byte;
	const struct iovec to = { &byte, 1 }, from = { map->start, 1 };

	/* Without CONFIG_CROSS_MEMORY_ATTACH it cannot be told. */
	return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1 ||
	       errno == ENOSYS;
}

/* A file has to have what is registered of it. Return: 0, or -errno. */
static int check_file(struct dmabuf_dma_device *device, int fd, uint64_t offset,
		      size_t length)
{
	struct stat st;

	if (offset % (uint64_t)sysconf(_SC_PAGESIZE))
		return error_set(&device->ctx->error, -EINVAL,
				 "%s: a buffer can be registered from a whole "
				 "page on",
				 device->address);
	if (fstat(fd, &st))
		return error_set(&device->ctx->error, -errno,
				 "descriptor %d: %s", fd, strerror(errno));
	if (S_ISREG(st.st_mode) &&
	    u64_sat_add(offset, length) > (uint64_t)st.st_size)
		return error_set(&device->ctx->error, -EINVAL,
				 "%s: %zu bytes from %" PRIu64
				 " on cannot be registered: the file has %lld",
				 device->address, length, offset,
				 (long long)st.st_size);
	return 0;
}

/* Maps the file into this process, and registers that. */
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
		return error_set(error, -errno, "a buffer cannot be mapped: %s",
				 strerror(errno));
	map->start = memory;
	map->mapped = mapped_size(map, fd);
	r = has_pages(map)
		    ? map->device->map_ops->map(map, access) ?: finish(map)
		    : -EFAULT;
	if (r != -EFAULT)
		return r;
	error_set(error, -EOPNOTSUPP,
		  "%s: the kernel cannot pin the memory of this buffer for a "
		  "program",
		  map->device->address);
	return error_hint(error,
			  "make it with udmabuf of a memfd, and register "
			  "the memfd");
}

int dmabuf_dma_map_fd(struct dmabuf_dma_device *device, int fd, uint64_t offset,
		      size_t length, unsigned int access,
		      struct dmabuf_dma_map **ret)
{
	_cleanup_(map_cleanup) struct dmabuf_dma_map *map = NULL;
	int r;

	r = check_map(device, NULL, length, access)
		    ?: check_file(device, fd, offset, length);
	if (r)
		return r;
	map = new_map(device, NULL, length);
	if (!map)
		return error_set(&device->ctx->error, -ENOMEM, "%s",
				 strerror(ENOMEM));
	r = device->map_ops->map_file
		    ? device->map_ops->map_file(map, fd, offset, access)
		    : -EOPNOTSUPP;
	r = r == -EOPNOTSUPP ? map_here(map, fd, offset, access)
			     : r ?: finish(map);
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
