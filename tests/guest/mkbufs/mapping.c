// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/mapping.h"
#include "mkbufs/world.h"

bool map_holds(const void *addr, uint64_t ino)
{
	unsigned long start, end, dev_major, dev_minor;
	uint64_t map_ino;
	char line[4352];
	FILE *f;
	bool ret = false;

	f = fopen("/proc/self/maps", "re");
	if (!f)
		die("/proc/self/maps: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx %*s %*x %lx:%lx %" SCNu64, &start,
			   &end, &dev_major, &dev_minor, &map_ino) == 5 &&
		    start == (unsigned long)addr) {
			ret = map_ino == ino;
			break;
		}
	}
	fclose(f);
	return ret;
}

/* Maps @len bytes. The mapping lasts until world_free(). */
static char *map_range(struct world *w, const struct buf *b, size_t from,
		       size_t len)
{
	void *addr = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, b->fd,
			  from);

	if (addr == MAP_FAILED)
		die("mmap of a buffer of %s: %s", b->exp, strerror(errno));
	keep_map(w, addr, len);
	return addr;
}

bool buf_map(struct world *w, struct buf *b)
{
	if (!map_holds(map_range(w, b, 0, b->size), b->ino))
		return false;
	buf_add_maps(b, 1);
	return true;
}

void buf_add_maps(struct buf *b, unsigned int n)
{
	buf_add_refs(b, REF_MAP, n);
	buf_holder(b, getpid())->maps += n;
}

char *map_pages(struct world *w, struct buf *b, size_t first, size_t n)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	char *addr = map_range(w, b, first * page, n * page);

	if (!map_holds(addr, b->ino))
		die("mappings of buffers of %s do not keep the buffer", b->exp);
	buf_add_maps(b, 1);
	return addr;
}

struct buf *map_make(struct world *w, const char *name, size_t n)
{
	return buf_make_named(w, mappable_exporter(w),
			      n * sysconf(_SC_PAGESIZE), name);
}
