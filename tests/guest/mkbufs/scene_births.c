// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffers that several processes make, each with a name and a user of its own,
 * from twenty functions. The truth has who made each one, in which function,
 * and a time before and after that.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { MAKERS = 5, BUFFERS = 1000, FIRST_UID = 1001 };

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static __attribute__((noinline)) struct birth make_one(const struct exporter *e,
						       size_t size)
{
	struct birth birth = { .pid = getpid(), .uid = getuid() };
	struct stat st;
	int fd;

	birth.from_ns = now_ns();
	fd = e->make(e, size);
	birth.to_ns = now_ns();
	if (fd < 0 || fstat(fd, &st))
		die("births: %s: %s", e->name, strerror(fd < 0 ? -fd : errno));
	birth.ino = st.st_ino;
	return birth;
}

/* No two are equal, so none is another's name. */
#define SITE(name)                                                             \
	static __attribute__((noinline)) struct birth name(                    \
		const struct exporter *e, size_t size)                         \
	{                                                                      \
		struct birth birth = make_one(e, size);                        \
                                                                               \
		strcpy(birth.site, #name);                                     \
		return birth;                                                  \
	}

SITE(site_00)
SITE(site_01)
SITE(site_02)
SITE(site_03)
SITE(site_04)
SITE(site_05)
SITE(site_06)
SITE(site_07)
SITE(site_08)
SITE(site_09)
SITE(site_10)
SITE(site_11)
SITE(site_12)
SITE(site_13)
SITE(site_14)
SITE(site_15)
SITE(site_16)
SITE(site_17)
SITE(site_18)
SITE(site_19)

static struct birth (*const sites[])(const struct exporter *e, size_t size) = {
	site_00, site_01, site_02, site_03, site_04, site_05, site_06,
	site_07, site_08, site_09, site_10, site_11, site_12, site_13,
	site_14, site_15, site_16, site_17, site_18, site_19,
};

/* Makes its part, reports each buffer, and stays with them. */
static int make_part(struct world *w, int sock)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const uid_t uid = FIRST_UID + w->nchildren;
	const struct exporter *e = mappable_exporter(w);
	struct birth birth;
	long i;
	char end;

	if (setresuid(uid, uid, uid))
		die("births: setresuid: %s", strerror(errno));
	for (i = 0; i < w->n / MAKERS; i++) {
		birth = sites[i % ARRAY_SIZE(sites)](e, page);
		if (send(sock, &birth, sizeof(birth), MSG_NOSIGNAL) !=
		    sizeof(birth))
			return 1;
	}
	while (recv(sock, &end, 1, 0) > 0)
		;
	return 0;
}

static void take_part(struct world *w, const struct child *maker)
{
	struct birth birth;
	long i;

	for (i = 0; i < w->n / MAKERS; i++) {
		if (recv(maker->sock, &birth, sizeof(birth), 0) !=
		    sizeof(birth))
			die("births: %s did not answer", maker->comm);
		birth.comm = maker->comm;
		w->births = grow(w->births, w->nbirths, sizeof(*w->births));
		w->births[w->nbirths++] = birth;
	}
}

void births_make(struct world *w)
{
	static const char *const names[MAKERS] = { "maker-a", "maker-b",
						   "maker c", "maker:d",
						   "maker\ne" };
	size_t i;

	w->n = w->n ?: BUFFERS;
	exporters_probe(w);
	for (i = 0; i < MAKERS; i++)
		take_part(w, child_start_as(w, names[i], make_part));
}
