// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/carrier.h"
#include "mkbufs/exporter.h"
#include "mkbufs/gem.h"
#include "mkbufs/message.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { CHAIN = 100, MESSAGES = 10000, FRAMEBUFFERS = 1000 };

static struct buf *make(struct world *w, const char *name)
{
	return buf_make_named(w, &w->exporters[0], 16 * KIB, name);
}

static void send_or_die(int sock, int fd)
{
	int err = send_fd(sock, fd, "", 1);

	if (err)
		die("cannot send a descriptor: %s", strerror(-err));
}

static void pair_or_die(int sv[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		die("socketpair: %s", strerror(errno));
}

/* Sends the buffer @n times. Its descriptor stays open. */
static void send_times(struct buf *b, int sock, long n)
{
	buf_add_refs(b, REF_MESSAGE, n);
	while (n--)
		send_or_die(sock, b->fd);
}

/* A socket in a socket in a socket, and the buffer in the last one. */
static void make_chain(struct world *w)
{
	struct buf *b = make(w, "chain");
	int fd = socket_with(b->fd), next, i;

	buf_add_refs(b, REF_MESSAGE, 1);
	for (i = 1; i < CHAIN && fd >= 0; i++) {
		next = socket_with(fd);
		close(fd);
		fd = next;
	}
	if (fd < 0)
		die("chain of %d sockets: %s", i, strerror(-fd));
	keep_fd(w, fd);
	buf_close(b);
}

/* Another buffer is the last in the queue. */
static void make_flood(struct world *w)
{
	struct buf *b = make(w, "flood"), *last = make(w, "behind-the-flood");
	const int bytes = 1 << 28;
	int sv[2];

	pair_or_die(sv);
	if (setsockopt(sv[0], SOL_SOCKET, SO_SNDBUFFORCE, &bytes,
		       sizeof(bytes)) < 0)
		die("SO_SNDBUFFORCE: %s", strerror(errno));
	send_times(b, sv[0], MESSAGES);
	send_times(last, sv[0], 1);
	keep_fd(w, sv[0]);
	keep_fd(w, sv[1]);
	buf_close(b);
	buf_close(last);
}

/*
 * Two sockets, each in the queue of the other, and a buffer in one of them,
 * which has a descriptor.
 */
static void make_cycle(struct world *w)
{
	struct buf *b = make(w, "cycle");
	int one[2], two[2];

	pair_or_die(one);
	pair_or_die(two);
	send_or_die(one[0], two[1]);
	send_or_die(two[0], one[1]);
	send_times(b, one[0], 1);
	keep_fd(w, one[0]);
	keep_fd(w, two[0]);
	keep_fd(w, one[1]);
	close(two[1]);
	buf_close(b);
	keep_fd(w, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

void hostile_files_make(struct world *w)
{
	exporters_probe(w);
	make_chain(w);
	make_flood(w);
	gem_make_framebuffers_only(w, "framebuffers", FRAMEBUFFERS);
	make_cycle(w);
}

/*
 * A socket that is connected to itself, and in its own queue. No file of any
 * process leads to it.
 */
void garbage_make(struct world *w)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address);
	struct buf *b;
	int fd;

	exporters_probe(w);
	/* The end of the scene closes it, and the kernel collects. */
	keep_fd(w, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	b = make(w, "garbage");
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0 ||
	    connect(fd, (struct sockaddr *)&address, len) < 0)
		die("a socket to itself: %s", strerror(errno));
	send_or_die(fd, fd);
	send_times(b, fd, 1);
	close(fd);
	buf_close(b);
}
