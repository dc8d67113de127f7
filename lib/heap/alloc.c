// SPDX-License-Identifier: LGPL-2.1-or-later
/* Buffers of a heap, and what one asks of a buffer. */
#include <dmabuf/heap.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/context.h"
#include "heap/nodes.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Since Linux v6.0; older headers have not got them. */
#ifndef DMA_BUF_IOCTL_EXPORT_SYNC_FILE
struct dma_buf_export_sync_file {
	__u32 flags;
	__s32 fd;
};
struct dma_buf_import_sync_file {
	__u32 flags;
	__s32 fd;
};
#define DMA_BUF_IOCTL_EXPORT_SYNC_FILE                                         \
	_IOWR(DMA_BUF_BASE, 2, struct dma_buf_export_sync_file)
#define DMA_BUF_IOCTL_IMPORT_SYNC_FILE                                         \
	_IOW(DMA_BUF_BASE, 3, struct dma_buf_import_sync_file)
#endif

/* A name and its NUL, as the kernel's DMA_BUF_NAME_LEN has it. */
enum { NAME_SIZE = 32 };

/* As ioctl(2), but tried again after a signal. Return: 0 or -errno. */
static int do_ioctl(int fd, unsigned long request, void *argument)
{
	int r;

	do {
		r = ioctl(fd, request, argument);
	} while (r < 0 && (errno == EINTR || errno == EAGAIN));
	return r < 0 ? -errno : 0;
}

static int check_name(struct dmabuf_ctx *ctx, const char *name)
{
	if (strlen(name) < NAME_SIZE)
		return 0;
	return error_set(&ctx->error, -ENAMETOOLONG,
			 "the name of a buffer has %d bytes at most, '%.48s' "
			 "has %zu",
			 NAME_SIZE - 1, name, strlen(name));
}

int dmabuf_set_name(struct dmabuf_ctx *ctx, int fd, const char *name)
{
	int r;

	ctx->error = (struct dmabuf_error){};
	r = check_name(ctx, name);
	if (r)
		return r;
	r = do_ioctl(fd, DMA_BUF_SET_NAME_B, (void *)name);
	return r ? error_set(&ctx->error, r, "a buffer cannot be named: %s",
			     strerror(-r))
		 : 0;
}

static int cpu_access(struct dmabuf_ctx *ctx, int fd, unsigned int access,
		      uint64_t when)
{
	struct dma_buf_sync sync = { .flags = when };
	int r;

	ctx->error = (struct dmabuf_error){};
	if (access & DMABUF_ACCESS_READ)
		sync.flags |= DMA_BUF_SYNC_READ;
	if (access & DMABUF_ACCESS_WRITE)
		sync.flags |= DMA_BUF_SYNC_WRITE;
	r = do_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
	return r ? error_set(&ctx->error, r,
			     "access of the CPU to a buffer cannot %s: %s",
			     when == DMA_BUF_SYNC_END ? "end" : "begin",
			     strerror(-r))
		 : 0;
}

int dmabuf_cpu_begin(struct dmabuf_ctx *ctx, int fd, unsigned int access)
{
	return cpu_access(ctx, fd, access, DMA_BUF_SYNC_START);
}

int dmabuf_cpu_end(struct dmabuf_ctx *ctx, int fd, unsigned int access)
{
	return cpu_access(ctx, fd, access, DMA_BUF_SYNC_END);
}

static uint32_t sync_flags(unsigned int access)
{
	return (access & DMABUF_ACCESS_READ ? DMA_BUF_SYNC_READ : 0) |
	       (access & DMABUF_ACCESS_WRITE ? DMA_BUF_SYNC_WRITE : 0);
}

static int why_no_sync_file(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "a buffer's sync file: %s",
		  err == -ENOTTY ? "no dma-buf, or not known to this kernel"
				 : strerror(-err));
	return err == -ENOTTY
		       ? error_hint(&ctx->error, "boot a kernel since 6.0")
		       : err;
}

int dmabuf_sync_file_export(struct dmabuf_ctx *ctx, int fd, unsigned int access,
			    int *ret)
{
	struct dma_buf_export_sync_file export = {
		.flags = sync_flags(access),
		.fd = -1,
	};
	int r;

	ctx->error = (struct dmabuf_error){};
	r = do_ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export);
	if (r)
		return why_no_sync_file(ctx, r);
	*ret = export.fd;
	return 0;
}

int dmabuf_sync_file_import(struct dmabuf_ctx *ctx, int fd, unsigned int access,
			    int sync_file)
{
	struct dma_buf_import_sync_file import = {
		.flags = sync_flags(access),
		.fd = sync_file,
	};
	int r;

	ctx->error = (struct dmabuf_error){};
	r = do_ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
	return r ? why_no_sync_file(ctx, r) : 0;
}

/* Bytes for people, to the nearest MiB where that says enough. */
static void say_bytes(uint64_t bytes, char *to, size_t size)
{
	if (bytes % (1 << 20) == 0)
		snprintf(to, size, "%" PRIu64 "M", bytes >> 20);
	else
		snprintf(to, size, "%" PRIu64 "K",
			 (bytes >> 10) + !!(bytes % 1024));
}

static const struct dmabuf_heap *find_heap(const struct dmabuf_heaps *heaps,
					   const char *node)
{
	const struct dmabuf_heap *heap = NULL;
	const char *alias = NULL;

	while ((heap = dmabuf_heaps_next(heaps, heap))) {
		if (!strcmp(dmabuf_heap_name(heap), node))
			return heap;
		while ((alias = dmabuf_heap_next_alias(heap, alias)))
			if (!strcmp(alias, node))
				return heap;
	}
	return NULL;
}

DEFINE_CLEANUP(heaps, struct dmabuf_heaps, dmabuf_heaps_free)

/* What a region has instead of the memory that was asked for. */
static int why_region(struct dmabuf_ctx *ctx, const struct dmabuf_heap *heap,
		      const char *node, const char *wanted, uint64_t bytes)
{
	char there[24], unused[24] = "an unknown part", run[24] = "not known";
	const char *region = dmabuf_heap_region(heap);
	uint64_t size, n;

	if (dmabuf_heap_size(heap, &size))
		return error_set(&ctx->error, -ENOMEM,
				 "%.64s: its region '%.48s' has no %s in one "
				 "piece",
				 node, region, wanted);
	say_bytes(size, there, sizeof(there));
	if (bytes > size)
		return error_set(&ctx->error, -ENOMEM,
				 "%.64s: a buffer of %s is larger than its "
				 "region '%.48s', %s",
				 node, wanted, region, there);
	if (!dmabuf_heap_unused(heap, &n))
		say_bytes(n, unused, sizeof(unused));
	if (!dmabuf_heap_largest(heap, &n))
		say_bytes(n, run, sizeof(run));
	error_set(
		&ctx->error, -ENOMEM,
		"%.64s: its region '%.48s' has no %s in one piece: %s of %s is "
		"free, the largest run is %s",
		node, region, wanted, unused, there, run);
	return error_hint(&ctx->error, "dmabuf heaps tells who has the memory");
}

static int why_no_buffer(struct dmabuf_ctx *ctx, const char *node,
			 uint64_t bytes, int err)
{
	_cleanup_(heaps_cleanup) struct dmabuf_heaps *heaps = NULL;
	const struct dmabuf_heap *heap = NULL;
	char wanted[24];

	say_bytes(bytes, wanted, sizeof(wanted));
	if (err == -ENOMEM && !dmabuf_heaps_list(ctx, &heaps))
		heap = find_heap(heaps, node);
	if (heap && dmabuf_heap_region(heap))
		return why_region(ctx, heap, node, wanted, bytes);
	return error_set(&ctx->error, err, "%.64s: no buffer of %s: %s", node,
			 wanted, strerror(-err));
}

/* No name of a node has these; resolving it tells what there is instead. */
static bool is_name(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/');
}

static int open_node(struct dmabuf_ctx *ctx, const char *node)
{
	_cleanup_close_ int dir = -1;
	int fd = -ENOENT;

	dir = sysroot_open(&ctx->sysroot, HEAP_DIR);
	if (dir >= 0 && is_name(node)) {
		fd = openat(dir, node, O_RDONLY | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	if (fd >= 0 || fd == -ENOENT)
		return fd;
	error_set(&ctx->error, fd, "/" HEAP_DIR "/%.64s: %s", node,
		  strerror(-fd));
	return fd == -EACCES
		       ? error_hint(&ctx->error,
				    "run as root, or have a udev rule give "
				    "the node to your group")
		       : fd;
}

/*
 * A name is mostly that of a node: when there is one, nothing else is looked
 * at. @ret_name is the node's.
 */
static int open_heap(struct dmabuf_ctx *ctx, const char *heap, char **ret_name)
{
	_cleanup_free_ char *name = NULL;
	int fd, r;

	fd = open_node(ctx, heap);
	name = strdup(heap);
	if (fd == -ENOENT) {
		free(take_ptr(name));
		r = dmabuf_heap_resolve(ctx, heap, &name);
		if (r)
			return r;
		fd = open_node(ctx, name);
		if (fd == -ENOENT)
			return error_set(
				&ctx->error, fd,
				"/" HEAP_DIR "/%.64s: it has just gone", name);
	}
	*ret_name = take_ptr(name);
	return fd;
}

/*
 * Kernels from 5.10 to 6.12 try, and kill processes one after the other, before
 * they find that there is not that much.
 */
static int check_memory(struct dmabuf_ctx *ctx, uint64_t bytes)
{
	const uint64_t memory =
		u64_sat_mul(sysconf(_SC_PHYS_PAGES), sysconf(_SC_PAGESIZE));
	char size[24], there[24];

	if (bytes <= memory)
		return 0;
	say_bytes(bytes, size, sizeof(size));
	say_bytes(memory, there, sizeof(there));
	return error_set(&ctx->error, -ENOMEM,
			 "a buffer of %s is larger than the memory of this "
			 "machine, %s",
			 size, there);
}

static int check_request(struct dmabuf_ctx *ctx, uint64_t bytes,
			 const struct dmabuf_alloc_opts *opts)
{
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EINVAL,
				 "a recorded tree has no memory");
	if (!bytes)
		return error_set(&ctx->error, -EINVAL,
				 "a buffer of 0 bytes cannot be made");
	return check_memory(ctx, bytes)
		       ?: (opts->name ? check_name(ctx, opts->name) : 0);
}

/* Allocates, and names, as the options have it. Return: 0 or -errno. */
static int allocate(struct dmabuf_ctx *ctx, const char *heap, uint64_t bytes,
		    const struct dmabuf_alloc_opts *opts, int *ret)
{
	struct dma_heap_allocation_data data = {
		.len = bytes,
		.fd_flags = O_RDWR | (opts->keep_on_exec ? 0 : O_CLOEXEC),
	};
	_cleanup_close_ int node = -1, fd = -1;
	_cleanup_free_ char *name = NULL;
	int r;

	node = open_heap(ctx, heap, &name);
	if (node < 0)
		return node;
	r = do_ioctl(node, DMA_HEAP_IOCTL_ALLOC, &data);
	if (r)
		return why_no_buffer(ctx, name ?: heap, bytes, r);
	fd = data.fd;
	r = opts->name && opts->name[0] ? dmabuf_set_name(ctx, fd, opts->name)
					: 0;
	if (!r)
		*ret = take_fd(&fd);
	return r;
}

int dmabuf_heap_alloc(struct dmabuf_ctx *ctx, const char *heap, uint64_t bytes,
		      const struct dmabuf_alloc_opts *opts, int *ret)
{
	struct dmabuf_alloc_opts known;
	struct rlimit limit;
	int r;

	ctx->error = (struct dmabuf_error){};
	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are not understood");
	r = check_request(ctx, bytes, &known)
		    ?: allocate(ctx, heap, bytes, &known, ret);
	if (r == -EMFILE && !getrlimit(RLIMIT_NOFILE, &limit))
		return error_hint(&ctx->error,
				  "this process may have %" PRIu64
				  " descriptors: raise that with ulimit -n",
				  (uint64_t)limit.rlim_cur);
	return r;
}
