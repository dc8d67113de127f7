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

void maps_make(struct world *w)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	struct buf *b;
	struct child *child;
	void *addr, *place;

	exporters_probe(w);

	/* The child inherits this one, and nothing that comes after it. */
	b = map_make(w, "map-inherited", 4);
	map_pages(w, b, 0, 4);
	child = child_start(w, child_hold);
	buf_holder(b, child->pid)->maps = 1;
	buf_add_refs(b, REF_MAP, 1);
	buf_close(b);

	b = map_make(w, "map-part", 8);
	map_pages(w, b, 3, 2);
	buf_close(b);

	b = map_make(w, "map-twice", 4);
	map_pages(w, b, 0, 4);
	map_pages(w, b, 1, 2);
	buf_close(b);

	b = map_make(w, "map-split-by-munmap", 4);
	addr = map_pages(w, b, 0, 4);
	munmap((char *)addr + page, page);
	buf_add_maps(b, 1);
	buf_close(b);

	b = map_make(w, "map-split-by-mprotect", 4);
	addr = map_pages(w, b, 0, 4);
	if (mprotect((char *)addr + page, page, PROT_READ))
		die("mprotect: %s", strerror(errno));
	buf_add_maps(b, 2);
	buf_close(b);

	b = map_make(w, "map-moved", 4);
	addr = map_pages(w, b, 0, 4);
	place = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (place == MAP_FAILED ||
	    mremap(addr, 4 * page, 4 * page, MREMAP_MAYMOVE | MREMAP_FIXED,
		   place) != place)
		die("mremap: %s", strerror(errno));
	w->maps[w->nmaps - 1].addr = place;
	buf_close(b);
}
