// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stuck THREADS TIMES: lets threads rename a buffer by a name that they never
 * get, since it is in memory that userfaultfd(2) does not fill. While all are
 * in the kernel's function for that, renames the buffer so many times. Prints
 * "renamed", and stays.
 */
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* DMA_BUF_SET_NAME_B. Old headers do not have it; the number is ABI. */
#define SET_NAME _IOW('b', 1, __u64)

static int buffer;
static void *nothing;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int make_buffer(size_t page)
{
	struct udmabuf_create create = { .size = page };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), fd;

	create.memfd = memfd_create("stuck", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (ftruncate(create.memfd, page) ||
	    fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		die("memfd");
	fd = ioctl(device, UDMABUF_CREATE, &create);
	if (fd < 0)
		die("udmabuf");
	return fd;
}

/* Return: memory that whoever touches it waits for. */
static void *make_nothing(size_t page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range.len = page,
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	void *memory = mmap(NULL, page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	range.range.start = (unsigned long)memory;
	if (fd < 0 || memory == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &range))
		die("userfaultfd");
	return memory;
}

static void *stay(void *arg)
{
	(void)ioctl(buffer, SET_NAME, nothing);
	return arg;
}

int main(int argc, char **argv)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	pthread_t thread;
	int i;

	if (argc != 3)
		return 2;
	buffer = make_buffer(page);
	nothing = make_nothing(page);
	for (i = 0; i < atoi(argv[1]); i++)
		if (pthread_create(&thread, NULL, stay, NULL))
			die("thread");
	/* Most are there by then; some are enough. */
	sleep(2);
	for (i = 0; i < atoi(argv[2]); i++)
		if (ioctl(buffer, SET_NAME, "seen"))
			die("rename");
	puts("renamed");
	fflush(stdout);
	pause();
	return 0;
}
