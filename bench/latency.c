// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * latency SECONDS: allocates and frees a buffer of one page in a loop. Prints
 * the median, the 99th percentile and the maximum in nanoseconds, for "alloc"
 * and for "free".
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
#define MOST 1000000

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	const long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

static void print(const char *what, long long *took, size_t n)
{
	qsort(took, n, sizeof(*took), by_value);
	printf("%s %lld %lld %lld\n", what, took[n / 2], took[n * 99 / 100],
	       took[n - 1]);
}

int main(int argc, char **argv)
{
	const long long seconds = argc > 1 ? atoll(argv[1]) : 0;
	const int heap = open(HEAP, O_RDWR | O_CLOEXEC);
	long long *made = calloc(MOST, sizeof(*made));
	long long *freed = calloc(MOST, sizeof(*freed));
	struct dma_heap_allocation_data data;
	long long end, before, between;
	size_t n;

	if (seconds < 1) {
		fprintf(stderr, "usage: latency SECONDS\n");
		return 2;
	}
	if (heap < 0 || !made || !freed) {
		fprintf(stderr, "latency: " HEAP ": %s\n", strerror(errno));
		return 1;
	}
	before = now_ns();
	end = before + seconds * 1000000000;
	for (n = 0; n < MOST && before < end; n++) {
		data = (struct dma_heap_allocation_data){
			.len = 4096,
			.fd_flags = O_RDWR | O_CLOEXEC,
		};
		before = now_ns();
		if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data)) {
			fprintf(stderr, "latency: " HEAP ": %s\n",
				strerror(errno));
			return 1;
		}
		between = now_ns();
		close(data.fd);
		freed[n] = now_ns() - between;
		made[n] = between - before;
	}
	print("alloc", made, n);
	print("free", freed, n);
	return 0;
}
