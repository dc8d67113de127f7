// SPDX-License-Identifier: LGPL-2.1-or-later
/* Allocates buffers from heaps. */
#include <dmabuf/heap.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-heap.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/context.h"
#include "heap/buffer.h"
#include "heap/memory.h"
#include "heap/node.h"
#include "util/cleanup.h"

/* Whether it can be the name of a node. If not, resolving it lists the names.
 */
static bool is_name(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/');
}

static int open_node(struct dmabuf_ctx *ctx, const char *node)
{
	_cleanup_close_ int dir = -1;
	int fd = -ENOENT;

	dir = sysroot_open(&ctx->sysroot, HEAP_NODES_DIR);
	if (dir >= 0 && is_name(node)) {
		fd = openat(dir, node, O_RDONLY | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	if (fd >= 0 || fd == -ENOENT)
		return fd;
	error_set_errno(&ctx->error, fd, "/" HEAP_NODES_DIR "/%.64s", node);
	if (fd != -EACCES)
		return fd;
	if (!geteuid())
		return error_hint_capability(&ctx->error,
					     "CAP_DAC_READ_SEARCH");
	return error_hint(&ctx->error, "run as root, or add a udev rule that "
				       "gives your group access to the node");
}

/*
 * Most names are those of a node, which is then opened without a search.
 * @ret_name is the name of the node.
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
			return error_set(&ctx->error, fd,
					 "/" HEAP_NODES_DIR
					 "/%.64s: it has just gone",
					 name);
	}
	*ret_name = take_ptr(name);
	return fd;
}

static int check_request(struct dmabuf_ctx *ctx, uint64_t bytes,
			 const struct dmabuf_alloc_opts *opts)
{
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EINVAL,
				 "a recorded tree has no memory");
	if (!bytes)
		return error_set(&ctx->error, -EINVAL,
				 "cannot allocate a buffer of 0 bytes");
	return heap_check_memory(ctx, bytes)
		       ?: (opts->name ? buffer_check_name(ctx, opts->name) : 0);
}

/* Allocates a buffer and sets its name. Return: 0 or -errno. */
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
	r = buffer_ioctl(node, DMA_HEAP_IOCTL_ALLOC, &data);
	if (r)
		return heap_why_no_buffer(ctx, name ?: heap, bytes, r);
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
				  "the limit of this process is %" PRIu64
				  " descriptors: raise it with ulimit -n",
				  (uint64_t)limit.rlim_cur);
	return r;
}
