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
#include "mkbufs/sharer.h"
#include "mkbufs/world.h"

/* A thread with a table of its own, and a buffer in that alone. */
struct own_table {
	struct world *world;
	atomic_int made;
	int fd;
};

static void *own_table_run(void *arg)
{
	struct own_table *thread_data = arg;
	struct world *w = thread_data->world;

	if (unshare(CLONE_FILES))
		die("unshare: %s", strerror(errno));
	thread_data->fd = buf_make(w, mappable_exporter(w), 16 * KIB, NULL)->fd;
	thread_data->made = 1;
	for (;;)
		pause();
	return NULL;
}

void tables_make(struct world *w)
{
	static struct own_table thread_data;
	struct child *hostile;
	struct buf *alone, *table, *memory, *b;
	pthread_t thread;
	pid_t sharer;

	exporters_probe(w);
	thread_data.world = w;
	if (pthread_create(&thread, NULL, own_table_run, &thread_data))
		die("no thread");
	while (!thread_data.made)
		usleep(1000);
	alone = w->bufs[0];
	/* It is in no table that this thread could look into. */
	alone->fd = -1;
	/* After the thread, whose table would keep the child's socket open. */
	hostile = child_start_as(w, "a\n\033[31mb\"\\", child_hold);

	b = buf_make(w, mappable_exporter(w), 8 * KIB, NULL);
	buf_name(b, "table-hostile");
	child_give(hostile, b, GIVE_FD_AND_MAP);
	buf_dup(w, b);

	memory = map_make(w, "memory-shared", 4);
	map_pages(w, memory, 0, 4);
	buf_close(memory);
	sharer = sharer_start(w, CLONE_VM);
	buf_holder(memory, sharer)->maps = 1;

	/* All descriptors that this process has, the other one has too. */
	table = buf_make(w, mappable_exporter(w), 12 * KIB, NULL);
	buf_name(table, "table-shared");
	sharer = sharer_start(w, CLONE_FILES);
	buf_holder(table, sharer)->fds = 1;
	buf_holder(b, sharer)->fds = 2;
	/* It got a copy of the memory, and so of what is mapped. */
	buf_holder(memory, sharer)->maps = 1;
	buf_add_refs(memory, REF_MAP, 1);
}
