// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffers that several processes make, name, map and free: each has five
 * events, since a descriptor is one, too. The truth has them as births.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { WORKERS = 5, BUFFERS = 1000 };

/* Found before there are children: they make nothing but what they report. */
static const struct exporter *exporter;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void use_up(int fd, size_t size)
{
	char name[NAME_MAX_LEN + 1];
	void *addr;

	snprintf(name, sizeof(name), "of-%d", (int)getpid());
	if (ioctl(fd, SET_NAME, name))
		die("events: SET_NAME: %s", strerror(errno));
	addr = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (addr == MAP_FAILED || munmap(addr, size))
		die("events: mmap: %s", strerror(errno));
	close(fd);
}

/* Makes a buffer larger than those that exporters are tried with. */
static struct birth live_once(void)
{
	struct birth birth = { .pid = getpid(), .uid = getuid() };
	const size_t size = 2 * pages(1);
	struct stat st;
	int fd;

	birth.from_ns = now_ns();
	fd = exporter->make(exporter, size);
	birth.to_ns = now_ns();
	if (fd < 0 || fstat(fd, &st))
		die("events: %s: %s", exporter->name,
		    strerror(fd < 0 ? -fd : errno));
	birth.ino = st.st_ino;
	use_up(fd, size);
	return birth;
}

static int work(struct world *w, int sock)
{
	struct birth birth;
	char end;
	long i;

	for (i = 0; i < w->n / WORKERS; i++) {
		birth = live_once();
		if (send(sock, &birth, sizeof(birth), MSG_NOSIGNAL) !=
		    sizeof(birth))
			return 1;
	}
	while (recv(sock, &end, 1, 0) > 0)
		;
	return 0;
}

static void take(struct world *w, const struct child *worker)
{
	struct birth birth;
	long i;

	for (i = 0; i < w->n / WORKERS; i++) {
		if (recv(worker->sock, &birth, sizeof(birth), 0) !=
		    sizeof(birth))
			die("events: %s did not answer", worker->comm);
		birth.comm = worker->comm;
		w->births = grow(w->births, w->nbirths, sizeof(*w->births));
		w->births[w->nbirths++] = birth;
	}
}

void events_make(struct world *w)
{
	struct child *workers[WORKERS];
	size_t i;

	w->n = w->n ?: BUFFERS;
	exporters_probe(w);
	/* Several processes cannot use a queue of vivid at once. */
	exporter = any_mappable_exporter(w);
	for (i = 0; i < WORKERS; i++)
		workers[i] = child_start_as(w, "worker", work);
	for (i = 0; i < WORKERS; i++)
		take(w, workers[i]);
}
