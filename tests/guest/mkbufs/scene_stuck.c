// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that rename a buffer by a name that they never get, since it is in
 * memory that userfaultfd(2) does not fill. While they are in the kernel's
 * function for that, the buffer is renamed five times. It is not in the truth:
 * each thread has a reference to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { THREADS = 64, RENAMES = 5 };

static struct stuck {
	int fd;
	void *nothing;
} stuck;

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
		die("stuck: userfaultfd: %s", strerror(errno));
	return memory;
}

static void *stay(void *arg)
{
	(void)ioctl(stuck.fd, SET_NAME, stuck.nothing);
	return arg;
}

void stuck_make(struct world *w)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const struct exporter *e;
	pthread_t thread;
	int i, n = w->n ? w->n : THREADS;

	exporters_probe(w);
	e = &w->exporters[0];
	stuck.fd = e->make(e, page);
	if (stuck.fd < 0)
		die("stuck: %s: %s", e->name, strerror(-stuck.fd));
	stuck.nothing = make_nothing(page);
	for (i = 0; i < n; i++)
		if (pthread_create(&thread, NULL, stay, NULL))
			die("stuck: no thread");
	/* Most are there by then, and some are enough. */
	sleep(2);
	for (i = 0; i < RENAMES; i++)
		if (ioctl(stuck.fd, SET_NAME, "seen"))
			die("stuck: SET_NAME: %s", strerror(errno));
}
