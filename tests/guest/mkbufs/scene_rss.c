// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The cases in which Android's test of /proc/PID/dmabuf_rss reads that file. A
 * process has the RSS of each buffer that it has open or mapped, whole and
 * once. There is a process for each step of each case, which stays there.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/* How far a child goes. */
struct walk {
	const struct exporter *exporter;
	size_t page;
	unsigned int left; /* steps until it stays */
	int sock;
};

/* Stays here if it is the last step. @rss: what the process has now. */
static void step(struct walk *w, uint64_t rss)
{
	char end;

	if (w->left--)
		return;
	if (send(w->sock, &rss, sizeof(rss), MSG_NOSIGNAL) != sizeof(rss))
		die("rss: send: %s", strerror(errno));
	(void)recv(w->sock, &end, 1, 0);
	_exit(0);
}

static int alloc(const struct walk *w, size_t pages, uint64_t *size)
{
	int fd = w->exporter->make(w->exporter, pages * w->page);
	struct stat st;

	if (fd < 0)
		die("%s: %s", w->exporter->name, strerror(-fd));
	if (fstat(fd, &st) || !st.st_size)
		die("rss: a buffer without a size");
	*size = st.st_size;
	return fd;
}

static char *map(const struct walk *w, int fd, size_t first, size_t pages)
{
	void *addr = mmap(NULL, pages * w->page, PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, first * w->page);

	if (addr == MAP_FAILED)
		die("rss: mmap: %s", strerror(errno));
	return addr;
}

static void unmap(const struct walk *w, void *addr, size_t pages)
{
	if (munmap(addr, pages * w->page))
		die("rss: munmap: %s", strerror(errno));
}

static void no_buffer(struct walk *w)
{
	step(w, 0);
}

static void one_descriptor(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 1, &a);

	step(w, a);
	close(fd);
	step(w, 0);
}

static void copied_descriptor(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 1, &a), copy = dup(fd);

	step(w, a);
	close(fd);
	step(w, a);
	close(copy);
	step(w, 0);
}

static void two_buffers(struct walk *w)
{
	uint64_t a, b;
	int one = alloc(w, 1, &a), two = alloc(w, 2, &b);

	step(w, a + b);
	close(two);
	step(w, a);
	close(one);
	step(w, 0);
}

static void mapped(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 1, &a);
	void *addr = map(w, fd, 0, 1);

	step(w, a);
	close(fd);
	step(w, a);
	unmap(w, addr, 1);
	step(w, 0);
}

static void mapped_twice(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 1, &a);
	void *first = map(w, fd, 0, 1), *second = map(w, fd, 0, 1);

	step(w, a);
	close(fd);
	step(w, a);
	unmap(w, second, 1);
	step(w, a);
	unmap(w, first, 1);
	step(w, 0);
}

static void two_mapped(struct walk *w)
{
	uint64_t a, b;
	int one = alloc(w, 1, &a), two = alloc(w, 2, &b);
	void *first = map(w, one, 0, 1), *second;

	step(w, a + b);
	close(one);
	step(w, a + b);
	second = map(w, two, 0, 2);
	close(two);
	step(w, a + b);
	unmap(w, first, 1);
	step(w, b);
	unmap(w, second, 2);
	step(w, 0);
}

static void mapped_in_part(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 2, &a);
	void *addr = map(w, fd, 0, 1);

	step(w, a);
	unmap(w, addr, 1);
	step(w, a);
	addr = map(w, fd, 1, 1);
	step(w, a);
	close(fd);
	step(w, a);
	unmap(w, addr, 1);
	step(w, 0);
}

static void unmapped_in_part(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 2, &a);
	char *addr = map(w, fd, 0, 2);

	step(w, a);
	close(fd);
	step(w, a);
	unmap(w, addr, 1);
	step(w, a);
	unmap(w, addr + w->page, 1);
	step(w, 0);
}

static void shrunk(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 3, &a);
	void *addr = map(w, fd, 0, 2);

	close(fd);
	step(w, a);
	addr = mremap(addr, 2 * w->page, w->page, 0);
	if (addr == MAP_FAILED)
		die("rss: mremap: %s", strerror(errno));
	step(w, a);
	unmap(w, addr, 1);
	step(w, 0);
}

/* Heaps refuse this; another exporter may not. */
static void not_expanded(struct walk *w)
{
	uint64_t a;
	int fd = alloc(w, 2, &a);
	void *addr = map(w, fd, 0, 1), *longer;

	close(fd);
	longer = mremap(addr, w->page, 2 * w->page, MREMAP_MAYMOVE);
	step(w, a);
	if (longer == MAP_FAILED)
		unmap(w, addr, 1);
	else
		unmap(w, longer, 2);
	step(w, 0);
}

static void ten_buffers(struct walk *w)
{
	uint64_t a, sum = 0;
	int fds[10];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = alloc(w, 1, &a);
		sum += a;
	}
	step(w, sum);
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	step(w, 0);
}

static const struct {
	const char *name;
	void (*run)(struct walk *w);
} cases[] = {
	{ "no-buffer", no_buffer },
	{ "one-descriptor", one_descriptor },
	{ "copied-descriptor", copied_descriptor },
	{ "two-buffers", two_buffers },
	{ "mapped", mapped },
	{ "mapped-twice", mapped_twice },
	{ "two-mapped", two_mapped },
	{ "mapped-in-part", mapped_in_part },
	{ "unmapped-in-part", unmapped_in_part },
	{ "shrunk", shrunk },
	{ "not-expanded", not_expanded },
	{ "ten-buffers", ten_buffers },
};

/* What the next child does. */
static struct {
	size_t number;
	unsigned int steps;
} next;

static int go(struct world *w, int sock)
{
	struct walk walk = {
		.exporter = mappable_exporter(w),
		.page = sysconf(_SC_PAGESIZE),
		.left = next.steps,
		.sock = sock,
	};

	cases[next.number].run(&walk);
	return 0;
}

/* Return: false if the case has fewer steps. */
static bool start(struct world *w)
{
	const struct child *child = child_start(w, go);
	int status = 0;
	struct usage usage = { .pid = child->pid,
			       .name = cases[next.number].name,
			       .step = next.steps };

	if (recv(child->sock, &usage.rss, sizeof(usage.rss), 0) !=
	    sizeof(usage.rss)) {
		if (waitpid(child->pid, &status, 0) < 0 || status)
			die("rss: %s, step %u failed", usage.name, usage.step);
		close(child->sock);
		w->nchildren--;
		return false;
	}
	w->usages = grow(w->usages, w->nusages, sizeof(usage));
	w->usages[w->nusages++] = usage;
	return true;
}

void rss_make(struct world *w)
{
	exporters_probe(w);
	for (next.number = 0; next.number < ARRAY_SIZE(cases); next.number++)
		for (next.steps = 0; start(w); next.steps++)
			;
}
