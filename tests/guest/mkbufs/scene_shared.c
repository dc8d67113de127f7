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

enum { INHERITED = 3 };

/*
 * The second process inherits all that the first one has. It closes all but the
 * first three buffers.
 */
static int second_run(struct world *w, int sock)
{
	size_t i;

	for (i = INHERITED; i < w->nbufs; i++)
		close(w->bufs[i]->fd);
	if (send(sock, "", 1, MSG_NOSIGNAL) != 1)
		return 1;
	while (child_receive(sock))
		;
	return 0;
}

static struct child *second_start(struct world *w)
{
	struct child *second = child_start(w, second_run);
	const struct holder *first;
	struct buf *b;
	size_t i;
	char c;

	if (recv(second->sock, &c, 1, 0) != 1)
		die("the child did not answer");
	for (i = 0; i < INHERITED; i++) {
		b = w->bufs[i];
		first = &b->holders[0];
		*buf_holder(b, second->pid) = (struct holder){
			.pid = second->pid,
			.fds = first->fds,
			.maps = first->maps,
		};
		buf_add_refs(b, REF_FD, first->fds);
		buf_add_refs(b, REF_MAP, first->maps);
	}
	return second;
}

void shared_make(struct world *w)
{
	struct child *third = child_start(w, child_hold), *second;
	struct buf *all, *map, *two, *sent, *in_message;
	const struct exporter *e;

	exporters_probe(w);
	e = mappable_exporter(w);

	/* The second process inherits these three. */
	all = buf_make_named(w, e, 4 * KIB, "shared-all");
	map = buf_make_named(w, e, 12 * KIB, "shared-map");
	buf_map(w, map);
	buf_close(map);
	two = buf_make_named(w, e, 20 * KIB, "shared-two");
	/* It closes these. */
	sent = buf_make_named(w, e, 28 * KIB, "shared-sent");
	in_message = buf_make_named(w, e, 36 * KIB, "shared-in-flight");
	buf_make_named(w, e, 44 * KIB, "shared-not");
	second = second_start(w);

	/* A descriptor in all three, and a mapping in the third. */
	child_give(third, all, GIVE_FD_AND_MAP);
	/* Two descriptors and a mapping in the second, nothing in the first. */
	child_give(second, two, GIVE_FD_AND_MAP);
	buf_close(two);
	/* A mapping in the third, nothing in the first. */
	child_give(third, sent, GIVE_MAP);
	buf_close(sent);

	buf_send(w, in_message);
}
