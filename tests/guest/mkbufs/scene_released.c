// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/carrier.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/inflight.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { RELEASED = 3, FDS = 2 };

/* Opens a buffer with O_PATH. This is no reference to its file. */
static int open_path(const struct buf *b)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", b->fd);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* Closes the last descriptor that is a reference. */
static void release(struct world *w, const struct buf *b, unsigned int fds)
{
	const struct released one = { b->ino, b->size, fds };

	w->released = grow(w->released, w->nreleased, sizeof(*w->released));
	w->released[w->nreleased++] = one;
	buf_drop(w);
}

static void make_released(struct world *w)
{
	struct buf *b = buf_make(w, &w->exporters[0], MIB, NULL);
	size_t i;

	for (i = 0; i < FDS; i++)
		keep_fd(w, open_path(b));
	release(w, b, FDS);
}

static void make_sent(struct world *w)
{
	struct buf *b = buf_make(w, &w->exporters[0], 2 * MIB, NULL);
	int fd = open_path(b), err = carry_in_message(w, fd);

	if (err)
		die("cannot send a descriptor: %s", strerror(-err));
	close(fd);
	release(w, b, 0);
}

/* A child that keeps what it inherits until its socket is closed. */
static int inherit(struct world *w, int sock)
{
	char byte;

	(void)w;
	(void)recv(sock, &byte, 1, 0);
	return 0;
}

/*
 * The truth also has a buffer with a descriptor that is a reference, and one in
 * a message: because of it, messages are searched.
 */
void released_make(struct world *w)
{
	long i, n = w->n ?: RELEASED;

	exporters_probe(w);
	for (i = 0; i < n; i++)
		make_released(w);
	child_start(w, inherit);
	make_sent(w);
	keep_fd(w, open_path(buf_make_named(w, &w->exporters[0], MIB, "open")));
	buf_send(w, buf_make_named(w, &w->exporters[0], MIB, "sent"));
}
