// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/fence.h"
#include "mkbufs/scenes.h"
#include "mkbufs/waiter.h"
#include "mkbufs/world.h"

/* No buffer ever has it, so a wait for it does not end. */
enum { NEVER = POLLPRI };

static const struct way {
	const char *name;
	wait_start start;
	bool keeps;
} ways[] = {
	{ "io_uring", wait_by_io_uring, true },
	{ "aio", wait_by_aio, true },
	{ "poll", wait_by_poll, true },
	{ "epoll", wait_by_epoll, false },
};

static struct buf *make(struct world *w, const char *what, const char *how)
{
	char name[NAME_MAX_LEN + 1];

	snprintf(name, sizeof(name), "%s-%s", what, how);
	return buf_make_named(w, &w->exporters[0], 16 * KIB, name);
}

/* The waiter is all that keeps the buffer, if it can. */
static void make_idle(struct world *w, const struct way *way)
{
	struct buf *b = make(w, "idle", way->name);
	int err = way->start(w, b, NEVER);

	if (err) {
		skip(w, b->name, "%s", strerror(-err));
		buf_drop(w);
	} else if (way->keeps) {
		buf_close(b);
	}
}

/*
 * A busy buffer has a reference for each of POLLIN and POLLOUT that anyone
 * waits for. Requests of io_uring and aio end with a fence, and these waits do
 * not.
 */
static void make_busy(struct world *w)
{
	struct buf *b[] = {
		make(w, "busy", "poll"),
		make(w, "busy", "epoll"),
		make(w, "busy", "both"),
	};
	int err = keep_busy(w, b, ARRAY_SIZE(b));
	size_t i;

	if (err) {
		skip(w, "busy", "fences: %s", strerror(-err));
		return;
	}
	wait_by_poll(w, b[0], POLLIN | POLLOUT);
	wait_by_epoll(w, b[1], POLLIN | POLLOUT);
	wait_by_poll(w, b[2], POLLIN);
	wait_by_epoll(w, b[2], POLLIN | POLLOUT);
	for (i = 0; i < ARRAY_SIZE(b); i++)
		buf_add_refs(b[i], REF_WAITER, 2);
}

void waiting_make(struct world *w)
{
	size_t i;

	exporters_probe(w);
	for (i = 0; i < ARRAY_SIZE(ways); i++)
		make_idle(w, &ways[i]);
	make_busy(w);
}

void waiting_stop(struct world *w)
{
	(void)w;
	keep_busy_end();
}
