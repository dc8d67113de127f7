// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/carrier.h"
#include "mkbufs/message.h"
#include "mkbufs/ring.h"
#include "mkbufs/world.h"

static void socket_pair(int sv[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		die("socketpair: %s", strerror(errno));
}

int carry_in_message(struct world *w, int fd)
{
	int sv[2];

	socket_pair(sv);
	keep_fd(w, sv[0]);
	keep_fd(w, sv[1]);
	return send_fd(sv[0], fd, "", 1);
}

int socket_with(int fd)
{
	int sv[2], err;

	socket_pair(sv);
	err = send_fd(sv[0], fd, "", 1);
	close(sv[0]);
	if (!err)
		return sv[1];
	close(sv[1]);
	return err;
}

int carry_in_ring(struct world *w, int fd)
{
	int ring = ring_with(fd);

	if (ring < 0)
		return ring;
	keep_fd(w, ring);
	return 0;
}

/* The kernel chooses an abstract address. */
static int listen_somewhere(int type, struct sockaddr_un *ret, socklen_t *len)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	*len = sizeof(*ret);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)) < 0 ||
	    listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)ret, len) < 0)
		die("cannot listen: %s", strerror(errno));
	return fd;
}

int carry_in_embryo(struct world *w, int fd, int socket_type, bool alone)
{
	struct sockaddr_un address;
	socklen_t len;
	int client, err;

	keep_fd(w, listen_somewhere(socket_type, &address, &len));
	client = socket(AF_UNIX, socket_type | SOCK_CLOEXEC, 0);
	if (client < 0 || connect(client, (struct sockaddr *)&address, len) < 0)
		die("cannot connect: %s", strerror(errno));
	err = send_fd(client, fd, "", 1);
	if (alone)
		close(client);
	else
		keep_fd(w, client);
	return err;
}
