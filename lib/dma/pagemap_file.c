// SPDX-License-Identifier: LGPL-2.1-or-later
/* Source: Documentation/admin-guide/mm/pagemap.rst */
#include "dma/pagemap_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "util/cleanup.h"

static const uint64_t PRESENT = 1ULL << 63;
static const uint64_t PFN = (1ULL << 55) - 1;

/* Reads the entry of a page that is in memory. */
static int check_shows(struct dmabuf_ctx *ctx, int fd)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry),
		  (off_t)((uintptr_t)&entry / page * sizeof(entry))) !=
	    sizeof(entry))
		return error_set(&ctx->error, -EIO,
				 PAGEMAP_PATH ": cannot read it");
	if (entry & PFN)
		return 0;
	error_set(&ctx->error, -EPERM,
		  PAGEMAP_PATH ": the kernel hides addresses");
	return error_hint_capability(&ctx->error, "CAP_SYS_ADMIN");
}

int pagemap_file_open(struct dmabuf_ctx *ctx)
{
	_cleanup_close_ int fd = -1;
	int r;

	fd = open(PAGEMAP_PATH, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(&ctx->error, -errno, PAGEMAP_PATH);
	r = check_shows(ctx, fd);
	return r ?: take_fd(&fd);
}

uint64_t pagemap_file_frame(uint64_t entry)
{
	return entry & PRESENT ? entry & PFN : 0;
}
