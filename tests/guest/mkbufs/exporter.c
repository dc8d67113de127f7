// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/exporter.h"
#include "mkbufs/mapping.h"
#include "mkbufs/world.h"

struct exporter *exporter_add(struct world *w, const char *name, int fd,
			      int (*make)(const struct exporter *, size_t))
{
	struct exporter *e;

	if (w->nexporters == MAX_EXPORTERS)
		die("more than %d exporters", MAX_EXPORTERS);
	e = &w->exporters[w->nexporters++];
	*e = (struct exporter){ .fd = fd, .make = make };
	snprintf(e->name, sizeof(e->name), "%.63s", name);
	return e;
}

void exporters_probe(struct world *w)
{
	static void (*const probes[])(struct world *) = {
		system_probe, udmabuf_probe, cma_probe, vgem_probe, vivid_probe,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		probes[i](w);
	if (w->nexporters)
		return;

	fputs("mkbufs: no exporter on this kernel:", stderr);
	for (i = 0; i < w->nskips; i++)
		fprintf(stderr, "%s %s (%s)", i ? "," : "",
			w->skips[i].exporter, w->skips[i].why);
	fputs("\n", stderr);
	exit(EXIT_FAILURE);
}

/* @held: whether the mapping must keep the buffer. */
static bool is_mappable(const struct exporter *e, bool held)
{
	const size_t page = pages(1);
	struct stat st;
	void *addr;
	bool good;
	int fd;

	fd = e->make(e, page);
	if (fd < 0)
		return false;
	addr = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
	good = addr != MAP_FAILED && !fstat(fd, &st) &&
	       (!held || map_holds(addr, st.st_ino));
	if (addr != MAP_FAILED)
		munmap(addr, page);
	close(fd);
	return good;
}

static const struct exporter *find_mappable(const struct world *w, bool held)
{
	size_t i;

	for (i = 0; i < w->nexporters; i++)
		if (is_mappable(&w->exporters[i], held))
			return &w->exporters[i];
	die("no exporter here %s", held ? "whose mappings keep the buffer"
					: "whose buffers can be mapped");
}

const struct exporter *mappable_exporter(const struct world *w)
{
	return find_mappable(w, true);
}

const struct exporter *any_mappable_exporter(const struct world *w)
{
	return find_mappable(w, false);
}

const struct exporter *foreign_exporter(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nexporters; i++)
		if (!w->exporters[i].is_drm)
			return &w->exporters[i];
	return NULL;
}
