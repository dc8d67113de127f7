// SPDX-License-Identifier: LGPL-2.1-or-later
/* Buffers that the caller has as descriptors: name, CPU access, fences. */
#include "heap/buffer.h"

#include <dmabuf/heap.h>
#include <errno.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/ioctl.h>

/* Since Linux v6.0; older headers do not have them. */
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

/* The kernel's DMA_BUF_NAME_LEN: a name with its NUL. */
enum { NAME_SIZE = 32 };

int buffer_ioctl(int fd, unsigned long request, void *argument)
{
	int r;

	do {
		r = ioctl(fd, request, argument);
	} while (r < 0 && (errno == EINTR || errno == EAGAIN));
	return r < 0 ? -errno : 0;
}

int buffer_check_name(struct dmabuf_ctx *ctx, const char *name)
{
	if (strlen(name) < NAME_SIZE)
		return 0;
	return error_set(&ctx->error, -ENAMETOOLONG,
			 "a buffer's name has at most %d bytes, but '%.48s' "
			 "has %zu",
			 NAME_SIZE - 1, name, strlen(name));
}

int dmabuf_set_name(struct dmabuf_ctx *ctx, int fd, const char *name)
{
	int r;

	ctx->error = (struct dmabuf_error){};
	r = buffer_check_name(ctx, name);
	if (r)
		return r;
	r = buffer_ioctl(fd, DMA_BUF_SET_NAME_B, (void *)name);
	return error_set_errno(&ctx->error, r,
			       "cannot set the name of the buffer");
}

static uint32_t sync_flags(unsigned int access)
{
	return (access & DMABUF_ACCESS_READ ? DMA_BUF_SYNC_READ : 0) |
	       (access & DMABUF_ACCESS_WRITE ? DMA_BUF_SYNC_WRITE : 0);
}

static int cpu_access(struct dmabuf_ctx *ctx, int fd, unsigned int access,
		      uint64_t when)
{
	struct dma_buf_sync sync = { .flags = when | sync_flags(access) };
	int r;

	ctx->error = (struct dmabuf_error){};
	r = buffer_ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
	return error_set_errno(&ctx->error, r,
			       "cannot %s CPU access to the buffer",
			       when == DMA_BUF_SYNC_END ? "end" : "begin");
}

int dmabuf_cpu_begin(struct dmabuf_ctx *ctx, int fd, unsigned int access)
{
	return cpu_access(ctx, fd, access, DMA_BUF_SYNC_START);
}

int dmabuf_cpu_end(struct dmabuf_ctx *ctx, int fd, unsigned int access)
{
	return cpu_access(ctx, fd, access, DMA_BUF_SYNC_END);
}

static int why_no_sync_file(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "cannot use the buffer's sync file: %s",
		  err == -ENOTTY
			  ? "not a dma-buf, or not supported by this kernel"
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
	r = buffer_ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export);
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
	r = buffer_ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
	return r ? why_no_sync_file(ctx, r) : 0;
}
