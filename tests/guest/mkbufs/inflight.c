// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/inflight.h"
#include "mkbufs/message.h"
#include "mkbufs/world.h"

void buf_send(struct world *w, struct buf *b)
{
	int sv[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		die("socketpair: %s", strerror(errno));
	keep_fd(w, sv[0]);
	keep_fd(w, sv[1]);
	err = send_fd(sv[0], b->fd, "", 1);
	if (err)
		die("cannot send a buffer: %s", strerror(-err));
	buf_add_refs(b, REF_MESSAGE, 1);
	buf_close(b);
}

int buf_register(struct world *w, struct buf *b)
{
	struct io_uring_params params = {};
	int ring, err;

	ring = syscall(SYS_io_uring_setup, 2, &params);
	if (ring < 0)
		return -errno;
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, &b->fd,
		    1) < 0) {
		err = -errno;
		close(ring);
		return err;
	}
	keep_fd(w, ring);
	buf_add_refs(b, REF_IO_URING, 1);
	return 0;
}
