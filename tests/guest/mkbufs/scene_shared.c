// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/inflight.h"
#include "mkbufs/mapping.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/*
 * The second process of the scene "shared" inherits all that the first one has,
 * and gives up the buffers it should not hold: only the first three remain.
 */
static int shared_child(struct world *w, int sock)
{
	size_t i;

	for (i = 3; i < w->nbufs; i++)
		close(w->bufs[i]->fd);
	if (send(sock, "", 1, MSG_NOSIGNAL) != 1)
		return 1;
	while (child_receive(sock))
		;
	return 0;
}

void shared_make(struct world *w)
{
	struct child *third = child_start(w, child_hold), *second;
	struct buf *all, *map, *two, *sent, *flying, *b;
	const struct exporter *e;
	size_t i;
	char c;

	exporters_probe(w);
	e = mappable_exporter(w);

	/* These three the second process inherits, */
	all = buf_make(w, e, 4 * KIB, NULL);
	buf_name(all, "shared-all");
	map = buf_make(w, e, 12 * KIB, NULL);
	buf_name(map, "shared-map");
	buf_map(w, map);
	buf_close(map);
	two = buf_make(w, e, 20 * KIB, NULL);
	buf_name(two, "shared-two");
	/* and these not. */
	sent = buf_make(w, e, 28 * KIB, NULL);
	buf_name(sent, "shared-sent");
	flying = buf_make(w, e, 36 * KIB, NULL);
	buf_name(flying, "shared-in-flight");
	buf_name(buf_make(w, e, 44 * KIB, NULL), "shared-not");

	second = child_start(w, shared_child);
	if (recv(second->sock, &c, 1, 0) != 1)
		die("the child did not answer");
	for (i = 0; i < 3; i++) {
		b = w->bufs[i];
		*buf_holder(b, second->pid) = (struct holder){
			.pid = second->pid,
			.fds = b->holders[0].fds,
			.maps = b->holders[0].maps,
		};
		buf_add_refs(b, REF_FD, b->holders[0].fds);
		buf_add_refs(b, REF_MAP, b->holders[0].maps);
	}

	/* A descriptor in all three, with a mapping as well in the third. */
	child_give(third, all, GIVE_FD_AND_MAP);
	/* Two descriptors and a mapping in the second, nothing in the first. */
	child_give(second, two, GIVE_FD_AND_MAP);
	buf_close(two);
	/* A mapping in the third, nothing in the first. */
	child_give(third, sent, GIVE_MAP);
	buf_close(sent);

	buf_send(w, flying);
}
