// SPDX-License-Identifier: LGPL-2.1-or-later
#include "collect/any_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/magic.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "collect/parse_proc.h"
#include "collect/proc_files.h"
#include "util/cleanup.h"

/* The link of a descriptor may only look as if it were a buffer's. */
static bool is_buffer(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == DMA_BUF_MAGIC &&
	       !(fcntl(fd, F_GETFL) & O_PATH);
}

/*
 * Other files can have the link of a buffer, but not its fdinfo. Such a file
 * may be on a file system of a user, who can keep us when we close it.
 */
static bool looks_like_buffer(const struct sysroot *sysroot, int task,
			      const char *name)
{
	_cleanup_(vec_fini) struct vec text = VEC_OF(char);
	struct dmabuf_rec_buffer buffer;
	char path[64];

	snprintf(path, sizeof(path), "fdinfo/%s", name);
	return !proc_read_whole(sysroot, task, path, &text) &&
	       !parse_fdinfo(text.data, text.n, NULL, &buffer);
}

/* Opens what @name in the folder @fds is, if it is a buffer. */
static int open_descriptor(const struct sysroot *sysroot, int process, int task,
			   int fds, const char *name, uint64_t number)
{
	_cleanup_close_ int fd = -1;
	char link[sizeof(PROC_DMABUF) - 1];

	if (readlinkat(fds, name, link, sizeof(link)) != sizeof(link) ||
	    memcmp(link, PROC_DMABUF, sizeof(link)) ||
	    !looks_like_buffer(sysroot, task, name))
		return -ENOENT;
	fd = syscall(SYS_pidfd_getfd, process, (int)number, 0);
	return fd >= 0 && is_buffer(fd) ? take_fd(&fd) : -ENOENT;
}

/* Opens a buffer that the process @name in the folder @proc has open. */
static int open_of_process(const struct sysroot *sysroot, int proc,
			   const char *name, uint64_t pid)
{
	_cleanup_close_ int task = openat(proc, name, O_PATH | O_CLOEXEC);
	_cleanup_close_ int process = syscall(SYS_pidfd_open, (pid_t)pid, 0);
	_cleanup_closedir_ DIR *dir = NULL;
	uint64_t number;
	int fd = -ENOENT;

	if (task < 0 || process < 0 ||
	    sysroot_opendir(sysroot, task, "fd", &dir))
		return -ENOENT;
	while (fd < 0 && proc_next_number(dir, &name, &number) > 0)
		fd = open_descriptor(sysroot, process, task, dirfd(dir), name,
				     number);
	return fd;
}

static int open_of_others(const struct sysroot *sysroot)
{
	_cleanup_closedir_ DIR *dir = opendir("/proc");
	const char *name;
	uint64_t pid;
	int fd = -ENOENT;

	while (dir && fd < 0 && proc_next_number(dir, &name, &pid) > 0)
		fd = open_of_process(sysroot, dirfd(dir), name, pid);
	return fd;
}

static int make_of_heap(void)
{
	_cleanup_close_ int heap =
		open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);
	struct dma_heap_allocation_data data = {
		.len = sysconf(_SC_PAGESIZE),
		.fd_flags = O_RDWR | O_CLOEXEC,
	};

	if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		return -errno;
	return data.fd;
}

static int make_of_memory(void)
{
	_cleanup_close_ int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	_cleanup_close_ int memory =
		memfd_create("dmabuf", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct udmabuf_create create = {
		.memfd = memory,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = sysconf(_SC_PAGESIZE),
	};
	int fd;

	if (device < 0 || memory < 0 || ftruncate(memory, create.size) ||
	    fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK))
		return -errno;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	return fd < 0 ? -errno : fd;
}

int any_buffer_open(struct dmabuf_ctx *ctx)
{
	int fd = make_of_heap();

	if (fd < 0)
		fd = make_of_memory();
	/* To close a file of others can wait for them: only if nothing else. */
	if (fd < 0)
		fd = open_of_others(&ctx->sysroot);
	if (fd >= 0)
		return fd;
	error_set(&ctx->error, -EOPNOTSUPP,
		  "no buffer leads to the list of dma-bufs: no process has one "
		  "open, and neither /dev/dma_heap/system nor /dev/udmabuf "
		  "makes one");
	return error_hint(&ctx->error,
			  "as root: modprobe udmabuf; or boot a kernel built "
			  "with CONFIG_KALLSYMS_ALL=y and "
			  "CONFIG_DEBUG_INFO_BTF=y");
}
