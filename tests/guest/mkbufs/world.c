// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/world.h"

struct world *world_new(const char *scene, long n)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		die("out of memory");
	w->scene = scene;
	w->n = n;
	w->v4l2_fd = -1;
	return w;
}

void world_free(struct world *w)
{
	size_t i;

	for (i = 0; i < w->nmaps; i++)
		munmap(w->maps[i].addr, w->maps[i].len);
	for (i = 0; i < w->nfds; i++)
		close(w->fds[i]);
	if (w->v4l2_fd >= 0)
		close(w->v4l2_fd);
	for (i = 0; i < w->nbufs; i++) {
		if (w->bufs[i]->fd >= 0)
			close(w->bufs[i]->fd);
		free(w->bufs[i]->name);
		free(w->bufs[i]->att);
		free(w->bufs[i]);
	}
	for (i = 0; i < w->nexporters; i++)
		close(w->exporters[i].fd);
	for (i = 0; i < w->nskips; i++) {
		free(w->skips[i].exporter);
		free(w->skips[i].why);
	}
	for (i = 0; i < w->nexp_names; i++)
		free(w->exp_names[i]);
	free(w->maps);
	free(w->fds);
	free(w->bufs);
	free(w->usages);
	free(w->released);
	free(w->births);
	free(w->skips);
	free(w->exp_names);
	free(w);
}

void __attribute__((format(printf, 3, 4)))
skip(struct world *w, const char *exporter, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);

	w->skips = grow(w->skips, w->nskips, sizeof(*w->skips));
	w->skips[w->nskips].exporter = xstrdup(exporter);
	w->skips[w->nskips].why = xstrdup(why);
	w->nskips++;
}

void keep_fd(struct world *w, int fd)
{
	w->fds = grow(w->fds, w->nfds, sizeof(*w->fds));
	w->fds[w->nfds++] = fd;
}

void keep_map(struct world *w, void *addr, size_t len)
{
	w->maps = grow(w->maps, w->nmaps, sizeof(*w->maps));
	w->maps[w->nmaps++] = (struct map){ addr, len };
}
