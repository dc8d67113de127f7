// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pairs N: allocates and frees N buffers of one page, one after the other.
 * Prints the nanoseconds that took, which are instructions in an exact guest.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define HEAP "/dev/dma_heap/system"

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Return: 0 or -errno. */
static int make_pair(int heap)
{
	struct dma_heap_allocation_data data = {
		.len = 4096,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		return -errno;
	close(data.fd);
	return 0;
}

int main(int argc, char **argv)
{
	const long n = argc > 1 ? atol(argv[1]) : 0;
	const int heap = open(HEAP, O_RDWR | O_CLOEXEC);
	const long long before = now_ns();
	int r = heap < 0 ? -errno : 0;
	long i;

	for (i = 0; !r && i < n; i++)
		r = make_pair(heap);
	if (r) {
		fprintf(stderr, "pairs: " HEAP ": %s\n", strerror(-r));
		return 1;
	}
	printf("%lld\n", now_ns() - before);
	return 0;
}
