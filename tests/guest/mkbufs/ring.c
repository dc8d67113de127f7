// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mkbufs/ring.h"
#include "mkbufs/world.h"

enum { ENTRIES = 2 };

int ring_open(struct io_uring_params *params)
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

int ring_keep_mapped(struct world *w, int ring)
{
	const size_t len = sysconf(_SC_PAGESIZE);
	void *addr = mmap(NULL, len, PROT_READ, MAP_SHARED, ring,
			  IORING_OFF_SQ_RING);

	if (addr == MAP_FAILED)
		return -errno;
	keep_map(w, addr, len);
	return 0;
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
