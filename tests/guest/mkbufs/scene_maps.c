// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/mapping.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/* The child inherits this buffer, and none that is made after it. */
static void map_inherited(struct world *w)
{
	struct buf *b = map_make(w, "map-inherited", 4);
	struct child *child;

	map_pages(w, b, 0, 4);
	child = child_start(w, child_hold);
	buf_holder(b, child->pid)->maps = 1;
	buf_add_refs(b, REF_MAP, 1);
	buf_close(b);
}

static void map_part(struct world *w)
{
	struct buf *b = map_make(w, "map-part", 8);

	map_pages(w, b, 3, 2);
	buf_close(b);
}

static void map_twice(struct world *w)
{
	struct buf *b = map_make(w, "map-twice", 4);

	map_pages(w, b, 0, 4);
	map_pages(w, b, 1, 2);
	buf_close(b);
}

static void map_split_by_munmap(struct world *w)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	struct buf *b = map_make(w, "map-split-by-munmap", 4);

	munmap(map_pages(w, b, 0, 4) + page, page);
	buf_add_maps(b, 1);
	buf_close(b);
}

static void map_split_by_mprotect(struct world *w)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	struct buf *b = map_make(w, "map-split-by-mprotect", 4);

	if (mprotect(map_pages(w, b, 0, 4) + page, page, PROT_READ))
		die("mprotect: %s", strerror(errno));
	buf_add_maps(b, 2);
	buf_close(b);
}

static void map_moved(struct world *w)
{
	const size_t size = 4 * sysconf(_SC_PAGESIZE);
	struct buf *b = map_make(w, "map-moved", 4);
	void *from, *to;

	from = map_pages(w, b, 0, 4);
	to = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (to == MAP_FAILED ||
	    mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		die("mremap: %s", strerror(errno));
	w->maps[w->nmaps - 1].addr = to;
	buf_close(b);
}

void maps_make(struct world *w)
{
	exporters_probe(w);
	map_inherited(w);
	map_part(w);
	map_twice(w);
	map_split_by_munmap(w);
	map_split_by_mprotect(w);
	map_moved(w);
}
