// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/mapping.h"
#include "mkbufs/scenes.h"
#include "mkbufs/twin.h"
#include "mkbufs/world.h"

/* A thread with a table of its own, and a buffer in that alone. */
struct loner {
	struct world *world;
	atomic_int made;
	int fd;
};

static void *loner_run(void *arg)
{
	struct loner *loner = arg;
	struct world *w = loner->world;

	if (unshare(CLONE_FILES))
		die("unshare: %s", strerror(errno));
	loner->fd = buf_make(w, mappable_exporter(w), 16 * KIB, NULL)->fd;
	loner->made = 1;
	for (;;)
		pause();
	return NULL;
}

void tables_make(struct world *w)
{
	static struct loner loner;
	struct kid *hostile;
	struct buf *alone, *table, *memory, *b;
	pthread_t thread;
	pid_t twin;

	exporters_probe(w);
	loner.world = w;
	if (pthread_create(&thread, NULL, loner_run, &loner))
		die("no thread");
	while (!loner.made)
		usleep(1000);
	alone = w->bufs[0];
	/* It is in no table that this thread could look into. */
	alone->fd = -1;
	/* After the thread, whose table would keep the child's socket open. */
	hostile = kid_start_as(w, "a\n\033[31mb\"\\", kid_hold);

	b = buf_make(w, mappable_exporter(w), 8 * KIB, NULL);
	buf_name(b, "table-hostile");
	kid_give(hostile, b, GIVE_FD_AND_MAP);
	buf_dup(w, b);

	memory = map_make(w, "memory-shared", 4);
	map_pages(w, memory, 0, 4);
	buf_close(memory);
	twin = twin_start(w, CLONE_VM);
	buf_holder(memory, twin)->maps = 1;

	/* All descriptors that this process has, the other one has too. */
	table = buf_make(w, mappable_exporter(w), 12 * KIB, NULL);
	buf_name(table, "table-shared");
	twin = twin_start(w, CLONE_FILES);
	buf_holder(table, twin)->fds = 1;
	buf_holder(b, twin)->fds = 2;
	/* It got a copy of the memory, and so of what is mapped. */
	buf_holder(memory, twin)->maps = 1;
	buf_keep(memory, HELD_MAP, 1);
}
