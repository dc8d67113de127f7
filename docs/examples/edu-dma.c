// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A driver in user space for the "edu" device of QEMU: has it copy memory to
 * itself and back, and compares. The same program works with an IOMMU and
 * without: only the addresses differ, and the library knows which to use.
 *
 *   cc edu-dma.c $(pkg-config --cflags --libs libdmabuf)
 *   qemu-system-x86_64 -device edu,dma_mask=0xffffffffffffffff ...
 *
 *   edu-dma [--pagemap] [--bits N] [--fd N] [--forever] ADDRESS
 *
 * The registers are described in docs/specs/edu.rst of QEMU.
 */
#define _GNU_SOURCE
#include <dmabuf/dma.h>
#include <dmabuf/heap.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	ID = 0x00,
	IRQ_STATUS = 0x24,
	IRQ_ACK = 0x64,
	DMA_FROM = 0x80,
	DMA_TO = 0x88,
	DMA_COUNT = 0x90,
	DMA_COMMAND = 0x98,

	COMMAND_START = 1 << 0,
	COMMAND_TO_MEMORY = 1 << 1,
	COMMAND_INTERRUPT = 1 << 2,

	/* The device's own memory, and what it copies at once: one that ends
	 * with the last byte of it ends QEMU 7.2. */
	EDU_MEMORY = 0x40000,
	EDU_MOST = 4095,
};

struct edu {
	struct dmabuf_ctx *ctx;
	struct dmabuf_dma_device *device;
	volatile char *registers;
	int irq;
	uint64_t copies;
};

static uint32_t read32(const struct edu *edu, unsigned int at)
{
	return *(volatile uint32_t *)(edu->registers + at);
}

static void write32(const struct edu *edu, unsigned int at, uint32_t value)
{
	*(volatile uint32_t *)(edu->registers + at) = value;
}

static void write64(const struct edu *edu, unsigned int at, uint64_t value)
{
	*(volatile uint64_t *)(edu->registers + at) = value;
}

static int complain(const struct edu *edu)
{
	const struct dmabuf_error *error = dmabuf_ctx_error(edu->ctx);

	fprintf(stderr, "edu-dma: %s\n", error->text);
	if (error->hint[0])
		fprintf(stderr, "edu-dma: %s\n", error->hint);
	return -1;
}

/* Waits for the interrupt that says that a copy is done. */
static int wait_for_interrupt(struct edu *edu)
{
	struct pollfd fd = { .fd = edu->irq, .events = POLLIN };
	uint64_t count;

	if (poll(&fd, 1, 10000) != 1) {
		fprintf(stderr, "edu-dma: no interrupt came\n");
		/* What it may still copy must not reach memory that is freed.
		 */
		(void)dmabuf_dma_set_master(edu->device, false);
		return -1;
	}
	write32(edu, IRQ_ACK, read32(edu, IRQ_STATUS));
	return dmabuf_dma_irq_ack(edu->device, &count) ? complain(edu) : 0;
}

/* One copy between an address and the device's memory. */
static int copy(struct edu *edu, uint64_t address, uint64_t length,
		bool to_memory)
{
	write64(edu, DMA_FROM, to_memory ? EDU_MEMORY : address);
	write64(edu, DMA_TO, to_memory ? address : EDU_MEMORY);
	write64(edu, DMA_COUNT, length);
	write64(edu, DMA_COMMAND,
		COMMAND_START | COMMAND_INTERRUPT |
			(to_memory ? COMMAND_TO_MEMORY : 0));
	edu->copies++;
	return wait_for_interrupt(edu);
}

/* A walk over the segments of registered memory, in pieces. */
struct walk {
	const struct dmabuf_dma_segment *segments;
	size_t n, i;
	uint64_t done;
};

static struct walk start(const struct dmabuf_dma_map *map)
{
	struct walk walk = {};

	walk.n = dmabuf_dma_segments(map, &walk.segments);
	return walk;
}

static uint64_t room(const struct walk *walk)
{
	return walk->segments[walk->i].length - walk->done;
}

static uint64_t advance(struct walk *walk, uint64_t length)
{
	const uint64_t at = walk->segments[walk->i].address + walk->done;

	walk->done += length;
	if (!room(walk)) {
		walk->i++;
		walk->done = 0;
	}
	return at;
}

/* Copies through the device, piece by piece. Both are of one length. */
static int copy_through(struct edu *edu, const struct dmabuf_dma_map *from,
			const struct dmabuf_dma_map *to)
{
	struct walk source = start(from), target = start(to);
	uint64_t length;

	while (source.i < source.n) {
		length = room(&source) < room(&target) ? room(&source)
						       : room(&target);
		if (length > EDU_MOST)
			length = EDU_MOST;
		if (copy(edu, advance(&source, length), length, false) ||
		    copy(edu, advance(&target, length), length, true))
			return -1;
	}
	return 0;
}

/* Memory that the kernel hands out page by page, in no order. */
static char *scattered(size_t pages, size_t page)
{
	char *memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	if (memory == MAP_FAILED)
		return NULL;
	for (i = 0; i < pages; i++)
		memory[i * 7 % pages * page] = 1;
	return memory;
}

static void fill(char *memory, size_t length, unsigned int seed)
{
	size_t i;

	for (i = 0; i < length; i++)
		memory[i] = (char)((seed = seed * 1103515245 + 12345) >> 16);
}

/* What is copied: memory, or a memfd or dma-buf if there is a descriptor. */
struct source {
	const char *what;
	int fd;
	size_t pages, offset, length;
};

static int register_source(struct edu *edu, const struct source *source,
			   char *memory, struct dmabuf_dma_map **ret)
{
	if (source->fd >= 0)
		return dmabuf_dma_map_fd(edu->device, source->fd, 0,
					 source->length, DMABUF_DMA_READS, ret);
	return dmabuf_dma_map(edu->device, memory + source->offset,
			      source->length, DMABUF_DMA_READS, ret);
}

static int compare(struct edu *edu, const struct source *source, char *from,
		   char *to)
{
	struct dmabuf_dma_map *reads = NULL, *writes = NULL;
	const struct dmabuf_dma_segment *segments;
	size_t n;
	int r = -1;

	if (register_source(edu, source, from - source->offset, &reads) ||
	    dmabuf_dma_map(edu->device, to, source->length, DMABUF_DMA_WRITES,
			   &writes)) {
		complain(edu);
		goto out;
	}
	n = dmabuf_dma_segments(reads, &segments);
	r = copy_through(edu, reads, writes);
	if (!r && memcmp(from, to, source->length)) {
		fprintf(stderr, "edu-dma: %s: it came back changed\n",
			source->what);
		r = -1;
	}
	if (!r)
		printf("%s: %zu bytes, %zu segment%s, the first at 0x%" PRIx64
		       "\n",
		       source->what, source->length, n, n == 1 ? "" : "s",
		       segments[0].address);
out:
	dmabuf_dma_unmap(reads);
	dmabuf_dma_unmap(writes);
	return r;
}

/* Through the device into other memory, and byte by byte the same there. */
static int round_trip(struct edu *edu, const struct source *source)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t size = source->pages * page;
	char *from, *to = scattered(source->pages, page);
	int r = -1;

	if (source->fd < 0)
		from = scattered(source->pages, page);
	else
		from = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    source->fd, 0);
	if (from && from != MAP_FAILED && to) {
		fill(from, size, (unsigned int)size);
		r = compare(edu, source, from + source->offset,
			    to + source->offset);
	} else {
		perror("edu-dma: memory");
	}
	if (from && from != MAP_FAILED)
		munmap(from, size);
	if (to)
		munmap(to, size);
	return r;
}

static int forever(struct edu *edu)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *memory = scattered(16, page);
	struct dmabuf_dma_map *map;

	if (!memory ||
	    dmabuf_dma_map(edu->device, memory, 16 * page,
			   DMABUF_DMA_READS | DMABUF_DMA_WRITES, &map))
		return complain(edu);
	puts("copying until killed");
	fflush(stdout);
	while (!copy_through(edu, map, map))
		;
	return -1;
}

/* What somebody before us has begun ends first, and has its interrupt seen. */
static void settle(const struct edu *edu)
{
	while (read32(edu, DMA_COMMAND) & COMMAND_START)
		usleep(1000);
	write32(edu, IRQ_ACK, read32(edu, IRQ_STATUS));
}

static int begin(struct edu *edu, const char *address,
		 const struct dmabuf_dma_opts *opts)
{
	const struct dmabuf_error *warning;
	volatile void *registers;
	size_t size;

	if (dmabuf_dma_open(edu->ctx, address, opts, &edu->device) ||
	    dmabuf_dma_bar(edu->device, 0, &registers, &size))
		return complain(edu);
	edu->registers = registers;
	if ((read32(edu, ID) & 0xff) != 0xed) {
		fprintf(stderr, "edu-dma: %s is no edu device\n", address);
		return -1;
	}
	settle(edu);
	printf("DMA by %s\n",
	       dmabuf_dma_backend_name(dmabuf_dma_backend(edu->device)));
	warning = dmabuf_dma_warning(edu->device);
	if (warning->err)
		fprintf(stderr, "edu-dma: warning: %s; better: %s\n",
			warning->text, warning->hint);
	if (dmabuf_dma_irq_enable(edu->device, &edu->irq) ||
	    dmabuf_dma_set_master(edu->device, true))
		return complain(edu);
	return 0;
}

/* A dma-buf of the memory of a memfd. Return: its descriptor, or -1. */
static int make_dmabuf(int memfd, size_t size)
{
	struct udmabuf_create create = {
		.memfd = (unsigned int)memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = size,
	};
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), fd;

	if (device < 0)
		return -1;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	close(device);
	return fd;
}

/*
 * Memory that is both a dma-buf, for other drivers, and known to this one:
 * written through the dma-buf, and read by the device through the memfd below
 * it.
 */
static int shared_with_dmabuf(struct edu *edu, size_t pages, size_t page)
{
	const size_t size = pages * page;
	const struct source source = {
		"a memfd below a dma-buf",
		memfd_create("edu", MFD_CLOEXEC | MFD_ALLOW_SEALING), pages, 0,
		size
	};
	char *memory = MAP_FAILED, *to = scattered(pages, page);
	int dmabuf = -1, r = -1;

	if (source.fd < 0 || !to || ftruncate(source.fd, (off_t)size) ||
	    fcntl(source.fd, F_ADD_SEALS, F_SEAL_SHRINK)) {
		perror("edu-dma: memfd");
		goto out;
	}
	dmabuf = make_dmabuf(source.fd, size);
	if (dmabuf < 0) {
		printf("no dma-buf: /dev/udmabuf: %s\n", strerror(errno));
		r = 0;
		goto out;
	}
	memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);
	if (memory == MAP_FAILED) {
		perror("edu-dma: mmap");
		goto out;
	}
	if (dmabuf_cpu_begin(edu->ctx, dmabuf, DMABUF_ACCESS_WRITE)) {
		complain(edu);
		goto out;
	}
	fill(memory, size, 1);
	if (dmabuf_cpu_end(edu->ctx, dmabuf, DMABUF_ACCESS_WRITE)) {
		complain(edu);
		goto out;
	}
	r = compare(edu, &source, memory, to);
out:
	if (memory != MAP_FAILED)
		munmap(memory, size);
	if (to)
		munmap(to, size);
	if (dmabuf >= 0)
		close(dmabuf);
	if (source.fd >= 0)
		close(source.fd);
	return r;
}

static int run(struct edu *edu, int fd)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const struct source sources[] = {
		{ "a page", -1, 1, 0, page },
		{ "scattered pages", -1, 8, 0, 8 * page },
		{ "unaligned", -1, 3, 777, 2 * page + 1 },
		{ "a descriptor", fd, 4, 0, 4 * page },
	};
	const size_t n = sizeof(sources) / sizeof(sources[0]);
	size_t i;

	for (i = 0; i < (fd < 0 ? n - 1 : n); i++)
		if (round_trip(edu, &sources[i]))
			return -1;
	return shared_with_dmabuf(edu, 2, page);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "pagemap", no_argument, NULL, 'p' },
		{ "bits", required_argument, NULL, 'b' },
		{ "fd", required_argument, NULL, 'f' },
		{ "forever", no_argument, NULL, 'e' },
		{},
	};
	struct dmabuf_dma_opts opts = { .size = sizeof(opts) };
	struct edu edu = {};
	int option, fd = -1, r;
	bool endless = false;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		switch (option) {
		case 'p':
			opts.allow_pagemap = true;
			break;
		case 'b':
			opts.address_bits = (unsigned int)atoi(optarg);
			break;
		case 'f':
			fd = atoi(optarg);
			break;
		case 'e':
			endless = true;
			break;
		default:
			return 2;
		}
	if (optind + 1 != argc) {
		fprintf(stderr,
			"usage: edu-dma [--pagemap] [--bits N] [--fd N] "
			"[--forever] ADDRESS\n");
		return 2;
	}
	if (dmabuf_ctx_new(NULL, &edu.ctx))
		return 1;
	r = begin(&edu, argv[optind], &opts);
	if (!r)
		r = endless ? forever(&edu) : run(&edu, fd);
	if (!r)
		printf("%" PRIu64 " copies, all as they should be\n",
		       edu.copies);
	dmabuf_dma_close(edu.device);
	dmabuf_ctx_free(edu.ctx);
	return r ? 1 : 0;
}
