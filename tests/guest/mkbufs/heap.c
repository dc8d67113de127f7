// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/exporter.h"
#include "mkbufs/world.h"

static int heap_make(const struct exporter *e, size_t size)
{
	struct dma_heap_allocation_data data = {
		.len = size,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int err = xioctl(e->fd, DMA_HEAP_IOCTL_ALLOC, &data);

	return err ? err : (int)data.fd;
}

void system_probe(struct world *w)
{
	int fd = open_node("/dev/dma_heap/system");

	if (fd < 0)
		skip(w, "system", "/dev/dma_heap/system: %s", strerror(-fd));
	else
		exporter_add(w, "system", fd, heap_make);
}

static int is_other_heap(const struct dirent *d)
{
	return d->d_name[0] != '.' && strcmp(d->d_name, "system");
}

/*
 * Adds all other heaps. Most of them are CMA heaps, whose names depend on the
 * kernel.
 */
void cma_probe(struct world *w)
{
	struct dirent **nodes = NULL;
	char path[PATH_MAX];
	int i, n, fd;

	n = scandir("/dev/dma_heap", &nodes, is_other_heap, alphasort);
	if (n < 0)
		skip(w, "cma", "/dev/dma_heap: %s", strerror(errno));
	if (n == 0)
		skip(w, "cma", "no other node in /dev/dma_heap");
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/dev/dma_heap/%s",
			 nodes[i]->d_name);
		fd = open_node(path);
		if (fd < 0)
			skip(w, nodes[i]->d_name, "%s: %s", path,
			     strerror(-fd));
		else
			exporter_add(w, nodes[i]->d_name, fd, heap_make);
		free(nodes[i]);
	}
	free(nodes);
}
