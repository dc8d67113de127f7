// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/ring.h"
#include "mkbufs/waiter.h"
#include "mkbufs/world.h"

/* The request has the file. */
int wait_by_io_uring(struct world *w, struct buf *b, short events)
{
	int err = ring_poll(w, b->fd, events);

	if (!err)
		buf_add_refs(b, REF_WAITER, 1);
	return err;
}

/* The request has the file. */
int wait_by_aio(struct world *w, struct buf *b, short events)
{
	struct iocb poll = {
		.aio_lio_opcode = IOCB_CMD_POLL,
		.aio_fildes = b->fd,
		.aio_buf = events,
	};
	struct iocb *polls[] = { &poll };
	aio_context_t context = 0;

	(void)w;
	if (syscall(SYS_io_setup, 1, &context) < 0 ||
	    syscall(SYS_io_submit, context, 1, polls) < 0)
		return -errno;
	buf_add_refs(b, REF_WAITER, 1);
	return 0;
}

/* What a thread waits for. */
struct wait {
	int fd; /* of the buffer or the epoll */
	short events;
};

enum { MAX_WAITS = 8 };

static int thread_start(void *(*run)(void *), int fd, short events)
{
	static struct wait waits[MAX_WAITS];
	static size_t n;
	pthread_t thread;

	if (n == MAX_WAITS)
		die("more than %d threads that wait", MAX_WAITS);
	waits[n] = (struct wait){ fd, events };
	return -pthread_create(&thread, NULL, run, &waits[n++]);
}

static void *poll_run(void *arg)
{
	const struct wait *wait = arg;
	struct pollfd p = { .fd = wait->fd, .events = wait->events };

	/* It may end between two fences. */
	while (poll(&p, 1, -1) >= 0)
		usleep(1000);
	return NULL;
}

/* The entry in the buffer's queue of waiters has the file. */
int wait_by_poll(struct world *w, struct buf *b, short events)
{
	(void)w;
	buf_add_refs(b, REF_WAITER, 1);
	return thread_start(poll_run, b->fd, events);
}

/* A thread must wait: without it, epoll does not ask again after a fence. */
static void *epoll_run(void *arg)
{
	const struct wait *wait = arg;
	struct epoll_event event;

	while (epoll_wait(wait->fd, &event, 1, -1) >= 0)
		usleep(1000);
	return NULL;
}

/* Has no reference: the buffer leaves the epoll when its file is freed. */
int wait_by_epoll(struct world *w, struct buf *b, short events)
{
	struct epoll_event event = { .events = events };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, b->fd, &event) < 0)
		die("epoll: %s", strerror(errno));
	keep_fd(w, epoll);
	return thread_start(epoll_run, epoll, events);
}
