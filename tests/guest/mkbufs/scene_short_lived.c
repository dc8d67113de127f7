// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Processes that each make one buffer and end at once. They share their
 * descriptors with this process, which keeps the buffers. The truth has who
 * made each one, and a time before and after that.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/* How many make buffers, and how many of them at a time. */
enum { PROCESSES = 1000, AT_A_TIME = 50 };

/* What a process says before it ends. */
struct maker {
	struct birth birth;
	int fd; /* or -errno */
	char comm[16];
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* All that such a process does. */
static void make_and_end(struct maker *maker, const struct exporter *e,
			 size_t size)
{
	prctl(PR_SET_NAME, maker->comm);
	maker->birth.pid = getpid();
	maker->birth.uid = getuid();
	maker->birth.from_ns = now_ns();
	maker->fd = e->make(e, size);
	maker->birth.to_ns = now_ns();
	_exit(0);
}

static void start(struct maker *maker, const struct exporter *e, size_t size)
{
	long pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		die("short-lived: clone: %s", strerror(errno));
	if (!pid)
		make_and_end(maker, e, size);
}

static void wait_for_one(void)
{
	int status;

	if (wait(&status) < 0 || status)
		die("short-lived: a process failed: status %d", status);
}

static void take(struct world *w, struct maker *maker)
{
	struct stat st;

	if (maker->fd < 0 || fstat(maker->fd, &st))
		die("short-lived: %s",
		    strerror(maker->fd < 0 ? -maker->fd : errno));
	maker->birth.ino = st.st_ino;
	maker->birth.comm = maker->comm;
	w->births = grow(w->births, w->nbirths, sizeof(*w->births));
	w->births[w->nbirths++] = maker->birth;
}

void short_lived_make(struct world *w)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const struct exporter *e;
	struct maker *makers;
	long i;

	w->n = w->n ?: PROCESSES;
	raise_nofile(w->n + 1000);
	exporters_probe(w);
	/* The cheapest one. That of vivid would make no two at a time. */
	e = &w->exporters[0];
	makers = mmap(NULL, w->n * sizeof(*makers), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (makers == MAP_FAILED)
		die("short-lived: mmap: %s", strerror(errno));
	for (i = 0; i < w->n; i++) {
		snprintf(makers[i].comm, sizeof(makers[i].comm), "short-%u",
			 (unsigned int)i % 1000000);
		if (i >= AT_A_TIME)
			wait_for_one();
		start(&makers[i], e, page);
	}
	for (i = 0; i < w->n && i < AT_A_TIME; i++)
		wait_for_one();
	for (i = 0; i < w->n; i++)
		take(w, &makers[i]);
}
