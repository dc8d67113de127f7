// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/mapping.h"
#include "mkbufs/scenes.h"
#include "mkbufs/sharer.h"
#include "mkbufs/world.h"

/* A thread with a descriptor table of its own, which holds one buffer. */
struct own_table {
	struct world *world;
	atomic_bool made;
};

static void *own_table_run(void *arg)
{
	struct own_table *own = arg;

	if (unshare(CLONE_FILES))
		die("unshare: %s", strerror(errno));
	buf_make(own->world, mappable_exporter(own->world), 16 * KIB, NULL);
	own->made = true;
	for (;;)
		pause();
	return NULL;
}

static void own_table_start(struct world *w)
{
	static struct own_table own;
	pthread_t thread;

	own.world = w;
	if (pthread_create(&thread, NULL, own_table_run, &own))
		die("cannot start a thread");
	while (!own.made)
		usleep(1000);
	/* This thread's table does not have the other thread's descriptor. */
	w->bufs[0]->fd = -1;
}

void tables_make(struct world *w)
{
	struct buf *table, *memory, *b;
	struct child *hostile;
	pid_t sharer;

	exporters_probe(w);
	own_table_start(w);
	/* After the thread, whose table would keep the child's socket open. */
	hostile = child_start_as(w, "a\n\033[31mb\"\\", child_hold);

	b = buf_make_named(w, mappable_exporter(w), 8 * KIB, "table-hostile");
	child_give(hostile, b, GIVE_FD_AND_MAP);
	buf_dup(w, b);

	memory = map_make(w, "memory-shared", 4);
	map_pages(w, memory, 0, 4);
	buf_close(memory);
	sharer = sharer_start(w, CLONE_VM);
	buf_holder(memory, sharer)->maps = 1;

	/* This sharer has every descriptor of this process. */
	table = buf_make_named(w, mappable_exporter(w), 12 * KIB,
			       "table-shared");
	sharer = sharer_start(w, CLONE_FILES);
	buf_holder(table, sharer)->fds = 1;
	buf_holder(b, sharer)->fds = 2;
	/* It also has a copy of the memory with the mapping in it. */
	buf_holder(memory, sharer)->maps = 1;
	buf_add_refs(memory, REF_MAP, 1);
}
