// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/udmabuf.h"
#include "mkbufs/world.h"

enum { SIZE = 16 * MIB };

/* A page of a memfd, all but two pages of another one, and a page. */
static int make_list(const struct exporter *e, int ends, int middle)
{
	const size_t page = pages(1);
	const struct udmabuf_create_item items[] = {
		{ .memfd = ends, .size = page },
		{ .memfd = middle, .offset = page, .size = SIZE - 2 * page },
		{ .memfd = ends, .offset = SIZE - page, .size = page },
	};
	struct udmabuf_create_list *list;
	int fd;

	list = calloc(1, sizeof(*list) + sizeof(items));
	if (!list)
		return -ENOMEM;
	list->flags = UDMABUF_FLAGS_CLOEXEC;
	list->count = ARRAY_SIZE(items);
	memcpy(list->list, items, sizeof(items));
	fd = ioctl(e->fd, UDMABUF_CREATE_LIST, list);
	fd = fd < 0 ? -errno : fd;
	free(list);
	return fd;
}

static void adopt(struct world *w, int fd, const char *name)
{
	if (fd < 0)
		die("udmabuf %s: %s", name, strerror(-fd));
	buf_name(buf_adopt(w, fd, NULL), name);
}

static const struct exporter *find_udmabuf(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nexporters; i++)
		if (!strcmp(w->exporters[i].name, "udmabuf"))
			return &w->exporters[i];
	die("this kernel has no udmabufs");
}

/*
 * Those called "same" have the same memory. The others have as much, of which
 * some is not the same, or less.
 */
void same_memory_make(struct world *w)
{
	const struct exporter *e;
	int memfd, other, i;
	char name[16];

	exporters_probe(w);
	e = find_udmabuf(w);
	memfd = memfd_make(SIZE);
	other = memfd_make(SIZE);
	if (memfd < 0 || other < 0)
		die("memfd: %s", strerror(memfd < 0 ? -memfd : -other));
	keep_fd(w, memfd);
	keep_fd(w, other);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "same-%d", i);
		adopt(w, udmabuf_of(e, memfd, 0, SIZE), name);
	}
	adopt(w, udmabuf_of(e, other, 0, SIZE), "other");
	adopt(w, make_list(e, memfd, other), "mixed");
	adopt(w, udmabuf_of(e, memfd, SIZE / 2, SIZE / 2), "part");
}
