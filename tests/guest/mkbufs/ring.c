// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mkbufs/ring.h"
#include "mkbufs/world.h"

enum { ENTRIES = 2 };

static int ring_open(struct io_uring_params *params)
{
	int ring = syscall(SYS_io_uring_setup, ENTRIES, params);

	return ring < 0 ? -errno : ring;
}

static int ring_register(int ring, unsigned int op, void *arg)
{
	return syscall(SYS_io_uring_register, ring, op, arg, 1) < 0 ? -errno
								    : 0;
}

int ring_with(int fd)
{
	struct io_uring_params params = {};
	int ring, err;

	ring = ring_open(&params);
	if (ring < 0)
		return ring;
	err = ring_register(ring, IORING_REGISTER_FILES, &fd);
	if (err) {
		close(ring);
		return err;
	}
	return ring;
}

/* Maps a page of the ring. */
static void *ring_map(struct world *w, int ring, off_t what)
{
	const size_t len = sysconf(_SC_PAGESIZE);
	void *addr =
		mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, ring, what);

	if (addr == MAP_FAILED)
		return NULL;
	keep_map(w, addr, len);
	return addr;
}

int ring_keep_mapped(struct world *w, int ring)
{
	return ring_map(w, ring, IORING_OFF_SQ_RING) ? 0 : -errno;
}

/* Since 5.18. The index that the kernel chooses is not needed. */
int ring_keep_registered(struct world *w, int ring)
{
	struct io_uring_rsrc_update update = {
		.offset = UINT32_MAX,
		.data = ring,
	};

	(void)w;
	return ring_register(ring, IORING_REGISTER_RING_FDS, &update);
}

/* The first request of a new ring. */
int ring_poll(struct world *w, int fd, short events)
{
	struct io_uring_params params = {};
	struct io_uring_sqe *sqes;
	char *head;
	int ring;

	ring = ring_open(&params);
	if (ring < 0)
		return ring;
	keep_fd(w, ring);
	head = ring_map(w, ring, IORING_OFF_SQ_RING);
	sqes = ring_map(w, ring, IORING_OFF_SQES);
	if (!head || !sqes)
		return -errno;
	sqes[0] = (struct io_uring_sqe){
		.opcode = IORING_OP_POLL_ADD,
		.fd = fd,
		.poll32_events = events,
	};
	*(__u32 *)(head + params.sq_off.array) = 0;
	*(volatile __u32 *)(head + params.sq_off.tail) = 1;
	if (syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0) != 1)
		return -errno;
	return 0;
}
