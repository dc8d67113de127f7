// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A contiguous buffer from the default CMA heap, whatever this kernel calls it:
 * made, named, written by the CPU, and handed over with its fences.
 *
 *   cc alloc.c $(pkg-config --cflags --libs libdmabuf)
 */
#include <dmabuf/heap.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };

static int fill(struct dmabuf_ctx *ctx, int fd)
{
	void *memory;
	int r;

	memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		perror("mmap");
		return -1;
	}
	r = dmabuf_cpu_begin(ctx, fd, DMABUF_ACCESS_WRITE);
	if (!r) {
		memset(memory, 0x5a, SIZE);
		r = dmabuf_cpu_end(ctx, fd, DMABUF_ACCESS_WRITE);
	}
	munmap(memory, SIZE);
	return r;
}

/* What a device would wait for before it reads, and signals when it has. */
static int pass_fences(struct dmabuf_ctx *ctx, int fd)
{
	int fence, r;

	r = dmabuf_sync_file_export(ctx, fd, DMABUF_ACCESS_READ, &fence);
	if (r == -ENOTTY) {
		printf("no sync files: %s\n", dmabuf_ctx_error(ctx)->hint);
		return 0;
	}
	if (r)
		return r;
	r = dmabuf_sync_file_import(ctx, fd, DMABUF_ACCESS_READ, fence);
	close(fence);
	return r;
}

int main(int argc, char **argv)
{
	const struct dmabuf_alloc_opts opts = {
		.size = sizeof(opts),
		.name = "example",
	};
	struct dmabuf_ctx *ctx;
	int fd, r;

	if (dmabuf_ctx_new(NULL, &ctx))
		return 1;
	r = dmabuf_heap_alloc(ctx, argc > 1 ? argv[1] : "default-cma", SIZE,
			      &opts, &fd);
	if (!r) {
		r = fill(ctx, fd);
		if (!r)
			r = pass_fences(ctx, fd);
		close(fd);
	}
	if (r)
		fprintf(stderr, "%s\n%s\n", dmabuf_ctx_error(ctx)->text,
			dmabuf_ctx_error(ctx)->hint);
	dmabuf_ctx_free(ctx);
	return r ? 1 : 0;
}
