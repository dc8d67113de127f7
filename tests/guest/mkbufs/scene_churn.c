// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/dma-buf.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/*
 * Two children make and free buffers while others stay.
 *
 * The kernel's list is in the order in which buffers are made, so buffers that
 * come and go fast are soon all at its end. For this reason each child also
 * makes a stock of buffers between those that stay, and frees one of the stock
 * now and then. As long as the stock lasts, an iterator that loses its place
 * when a buffer is freed can also miss buffers that stay, anywhere in the list.
 *
 * A buffer of the children has no name for a moment before it is named "churn".
 * So a buffer that is not in the truth, that has a name, and whose name is not
 * "churn", does not belong to the scene.
 */

/* Shared memory of the children and their parent. */
struct churn {
	atomic_bool stocking; /* the parent still makes buffers that stay */
	atomic_bool stop;
	atomic_ulong made[2];
	atomic_ulong stocked[2];
	atomic_ulong failed;
};

enum {
	/* The most that a child has at a time. */
	CHURN_ALIVE = 64,
	CHURN_STOCK = 1024,
	/* After so many turns a child frees one buffer of its stock. */
	CHURN_TURNS = 64,
};

/* Xorshift: the same numbers in each run. */
static uint32_t churn_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* One of the children. */
struct churner {
	struct churn *shared;
	const struct exporter *exp;
	const char *name;
	unsigned int which;
	uint32_t rnd;
	int alive[CHURN_ALIVE];
	size_t nalive;
	int stock[CHURN_STOCK];
	size_t nstock;
};

static int churn_one(struct churner *c)
{
	const struct exporter *e = c->exp;
	int fd = e->make(e, 4 * KIB * (1 + churn_random(&c->rnd) % 16));

	if (fd < 0) {
		atomic_fetch_add(&c->shared->failed, 1);
		return fd;
	}
	ioctl(fd, SET_NAME, c->name);
	atomic_fetch_add(&c->shared->made[c->which], 1);
	return fd;
}

/* Closes a random one. Sets its name before, so that the old name is freed. */
static size_t churn_drop(struct churner *c, int *fds, size_t n)
{
	size_t i = churn_random(&c->rnd) % n;

	ioctl(fds[i], SET_NAME, c->name);
	close(fds[i]);
	fds[i] = fds[n - 1];
	return n - 1;
}

static void churn_turn(struct churner *c)
{
	size_t want = 1 + churn_random(&c->rnd) % CHURN_ALIVE;
	int fd;

	while (c->nalive < want) {
		fd = churn_one(c);
		if (fd < 0) {
			want = 0; /* no room: free all */
			break;
		}
		c->alive[c->nalive++] = fd;
	}
	while (c->nalive > want)
		c->nalive = churn_drop(c, c->alive, c->nalive);
}

static void churn_run(struct churner *c)
{
	struct churn *s = c->shared;
	unsigned int turn;
	int fd;

	for (turn = 1; !atomic_load(&s->stop); turn++) {
		churn_turn(c);
		if (atomic_load(&s->stocking) && c->nstock < CHURN_STOCK) {
			fd = churn_one(c);
			if (fd >= 0)
				c->stock[c->nstock++] = fd;
			atomic_fetch_add(&s->stocked[c->which], 1);
		} else if (turn % CHURN_TURNS == 0 && c->nstock) {
			c->nstock = churn_drop(c, c->stock, c->nstock);
		}
	}
}

static int churn_child(struct world *w, int sock)
{
	static struct churner c;
	char go;

	close_all_but(sock);
	if (recv(sock, &go, 1, 0) != 1)
		return 0;
	/* Opens the devices itself, to share nothing with the parent. */
	exporters_probe(w);
	c.shared = w->churn;
	c.exp = &w->exporters[0];
	c.name = w->churn_name;
	c.which = w->nchildren;
	c.rnd = 2463534242U + c.which;
	churn_run(&c);
	return 0;
}

/* Waits until the child has one more in its stock, or a full stock. */
static void churn_wait(const struct churn *c, unsigned int which)
{
	unsigned long before = atomic_load(&c->stocked[which]);
	int try;

	for (try = 0; try < 300000; try++) {
		if (atomic_load(&c->stocked[which]) != before ||
		    before >= CHURN_STOCK)
			return;
		usleep(100);
	}
	die("child %u makes no buffers", which);
}

static void churn_start(struct world *w)
{
	size_t i;

	w->churn_name = "churn";
	w->churn = mmap(NULL, sizeof(*w->churn), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->churn == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	atomic_store(&w->churn->stocking, true);
	for (i = 0; i < ARRAY_SIZE(w->churn->made); i++)
		child_start(w, churn_child);
}

static void churn_go(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nchildren; i++)
		send(w->children[i].sock, "", 1, MSG_NOSIGNAL);
}

void churn_make(struct world *w)
{
	long i, n = w->n ? w->n : 100, step = n / 200 + 1;
	char name[NAME_MAX_LEN + 1];
	const char *exp = NULL;
	struct buf *b;

	raise_nofile(n + CHURN_STOCK + CHURN_ALIVE + 64);
	churn_start(w);
	exporters_probe(w);
	for (i = 0; i < n; i++) {
		/* The children begin after a quarter of the buffers. */
		if (i == n / 4)
			churn_go(w);
		if (i >= n / 4 && i % step == 0)
			churn_wait(w->churn, i / step % w->nchildren);
		b = buf_make(w, &w->exporters[0], (1 + i % 4) * 4 * KIB, exp);
		exp = b->exp;
		if (i % 2) {
			snprintf(name, sizeof(name), "stays-%05ld", i);
			buf_name(b, name);
		}
	}
	atomic_store(&w->churn->stocking, false);
}

void churn_stop(struct world *w)
{
	atomic_store(&w->churn->stop, true);
}

void churn_report(const struct world *w)
{
	const struct churn *c = w->churn;

	fprintf(stderr, "mkbufs: churn: %lu allocations, %lu failed\n",
		atomic_load(&c->made[0]) + atomic_load(&c->made[1]),
		atomic_load(&c->failed));
}
