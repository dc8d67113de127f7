// SPDX-License-Identifier: GPL-2.0-or-later
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/carrier.h"
#include "mkbufs/drm.h"
#include "mkbufs/exporter.h"
#include "mkbufs/gem.h"
#include "mkbufs/keeper.h"
#include "mkbufs/queue.h"
#include "mkbufs/ring.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

static int in_two_messages(struct world *w, int fd)
{
	int sock = socket_with(fd), err;

	if (sock < 0)
		return sock;
	err = carry_in_message(w, sock);
	close(sock);
	return err;
}

static int in_embryo(struct world *w, int fd)
{
	return carry_in_embryo(w, fd, SOCK_STREAM, false);
}

static int in_seq_embryo(struct world *w, int fd)
{
	return carry_in_embryo(w, fd, SOCK_SEQPACKET, false);
}

static int in_lone_embryo(struct world *w, int fd)
{
	return carry_in_embryo(w, fd, SOCK_STREAM, true);
}

/* Makes a ring with the file, and closes the ring's descriptor. */
static int in_closed_ring(struct world *w, int fd,
			  int (*keep)(struct world *, int))
{
	int ring = ring_with(fd), err;

	if (ring < 0)
		return ring;
	err = keep(w, ring);
	close(ring);
	return err;
}

static int in_mapped_ring(struct world *w, int fd)
{
	return in_closed_ring(w, fd, ring_keep_mapped);
}

static int in_registered_ring(struct world *w, int fd)
{
	return in_closed_ring(w, fd, ring_keep_registered);
}

/* Where a file is, and what a buffer's file in that place counts as. */
static const struct place {
	const char *name;
	carry carry;
	enum ref_type type;
} places[] = {
	{ "message", carry_in_message, REF_MESSAGE },
	{ "two-messages", in_two_messages, REF_MESSAGE },
	{ "embryo", in_embryo, REF_MESSAGE },
	{ "seq-embryo", in_seq_embryo, REF_MESSAGE },
	{ "lone-embryo", in_lone_embryo, REF_MESSAGE },
	{ "ring", carry_in_ring, REF_IO_URING },
	{ "mapped-ring", in_mapped_ring, REF_IO_URING },
	{ "registered-ring", in_registered_ring, REF_IO_URING },
};

static struct buf *make(struct world *w, const char *what, const char *where)
{
	char name[NAME_MAX_LEN + 1];

	snprintf(name, sizeof(name), "%s-in-%s", what, where);
	return buf_make_named(w, foreign_exporter(w), SHOWN_SIZE, name);
}

/* Leaves the newest buffer to what keeps it, or drops it with the reason. */
static void leave(struct world *w, struct buf *b, int err)
{
	if (!err) {
		buf_close(b);
		return;
	}
	skip(w, b->name, "%s", strerror(-err));
	buf_drop(w);
}

/* The only descriptor of the keeper is closed when the place has the file. */
static void make_kept(struct world *w, const struct keeper *k,
		      const struct place *place)
{
	struct buf *b = make(w, k->name, place->name);
	int fd = k->keep(b), err = fd;

	if (fd >= 0) {
		err = place->carry(w, fd);
		close(fd);
	}
	leave(w, b, err);
}

static void make_in_place(struct world *w, const struct place *place)
{
	struct buf *b = make(w, "buffer", place->name);
	int err = place->carry(w, b->fd);
	size_t i;

	if (!err)
		buf_add_refs(b, place->type, 1);
	leave(w, b, err);
	for (i = 0; i < nkeepers; i++)
		make_kept(w, &keepers[i], place);
}

/* A mapping is a process's own way to the file, so the process is a holder. */
static void make_mapped(struct world *w, const struct keeper *k)
{
	struct buf *b = make(w, k->name, "mapping");
	int fd = k->keep(b), err = fd;

	if (fd >= 0) {
		err = drm_keep_mapped(w, fd);
		close(fd);
	}
	if (!err)
		buf_holder(b, getpid())->handles++;
	leave(w, b, err);
}

/* A request waits for what never happens, and keeps the file. */
static int in_request(struct world *w, int fd)
{
	return ring_poll(w, fd, POLLPRI);
}

static const struct place request = { "request", in_request, REF_WAITER };

/* vivid has one output, so its file is in one place. */
static void make_queued(struct world *w)
{
	struct buf *b = queue_make(w, "queued-in-message");
	int err;

	if (!b)
		return;
	err = carry_in_message(w, w->v4l2_fd);
	if (err)
		die("cannot send a V4L2 file: %s", strerror(-err));
	close(w->v4l2_fd);
	w->v4l2_fd = -1;
	buf_close(b);
}

void nested_make(struct world *w)
{
	size_t i;

	exporters_probe(w);
	if (!foreign_exporter(w))
		die("nested: vgem, the only exporter, cannot import its own");
	for (i = 0; i < ARRAY_SIZE(places); i++)
		make_in_place(w, &places[i]);
	for (i = 0; i < nkeepers; i++)
		if (keepers[i].is_drm) {
			make_mapped(w, &keepers[i]);
			make_kept(w, &keepers[i], &request);
		}
	make_queued(w);
}
