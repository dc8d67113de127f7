// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { RELEASED = 3 };

/* Opens a buffer with O_PATH. This is no reference to its file. */
static void open_path(struct world *w, const struct buf *b)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", b->fd);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	keep_fd(w, fd);
}

/* The truth has one buffer, which has another descriptor too. */
void released_make(struct world *w)
{
	struct buf *b;
	size_t i;

	exporters_probe(w);
	for (i = 0; i < RELEASED; i++) {
		b = buf_make(w, &w->exporters[0], MIB, NULL);
		open_path(w, b);
		open_path(w, b);
		buf_drop(w);
	}
	open_path(w, buf_make_named(w, &w->exporters[0], MIB, "open"));
}
