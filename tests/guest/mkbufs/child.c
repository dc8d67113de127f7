// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/mapping.h"
#include "mkbufs/message.h"
#include "mkbufs/world.h"

/* Goes to the child with a descriptor. The child answers with one byte. */
struct give_msg {
	uint64_t ino;
	uint64_t size;
	enum give how;
};

void close_all_but(int keep)
{
	if (keep > 3)
		close_range(3, keep - 1, 0);
	close_range(keep + 1, ~0U, 0);
}

static void __attribute__((noreturn))
child_main(struct world *w, const char *comm, child_run run, int sock)
{
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, comm);
	/* An open copy of a sibling's socket would keep the sibling alive. */
	for (i = 0; i < w->nchildren; i++)
		close(w->children[i].sock);
	_exit(run(w, sock));
}

struct child *child_start_as(struct world *w, const char *comm, child_run run)
{
	int sv[2];
	pid_t pid;

	if (w->nchildren == MAX_CHILDREN)
		die("more than %d children", MAX_CHILDREN);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		die("socketpair: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		close(sv[0]);
		child_main(w, comm, run, sv[1]);
	}
	close(sv[1]);
	w->children[w->nchildren] = (struct child){ pid, sv[0], comm };
	return &w->children[w->nchildren++];
}

struct child *child_start(struct world *w, child_run run)
{
	return child_start_as(w, "mkbufs-kid", run);
}

static bool child_map(const struct give_msg *g, int fd)
{
	void *addr = mmap(NULL, g->size, PROT_READ, MAP_SHARED, fd, 0);

	if (addr == MAP_FAILED)
		die("child: mmap: %s", strerror(errno));
	return map_holds(addr, g->ino);
}

bool child_receive(int sock)
{
	struct give_msg g;
	char holds = 0;
	int fd;

	if (recv_fd(sock, &g, sizeof(g), &fd) != sizeof(g))
		return false;
	if (fd < 0)
		die("child: a message without a descriptor");
	if (g.how != GIVE_FD)
		holds = child_map(&g, fd);
	if (g.how == GIVE_MAP)
		close(fd);
	if (send(sock, &holds, 1, MSG_NOSIGNAL) != 1)
		die("child: send: %s", strerror(errno));
	return true;
}

int child_hold(struct world *w, int sock)
{
	(void)w;
	close_all_but(sock);
	while (child_receive(sock))
		;
	return 0;
}

void child_give(const struct child *child, struct buf *b, enum give how)
{
	struct give_msg g = { .ino = b->ino, .size = b->size, .how = how };
	struct holder *h = buf_holder(b, child->pid);
	char holds; /* whether the mapping keeps the buffer */
	int err;

	err = send_fd(child->sock, b->fd, &g, sizeof(g));
	if (err)
		die("cannot give a buffer to a child: %s", strerror(-err));
	if (recv(child->sock, &holds, 1, 0) != 1)
		die("the child did not answer");
	if (how != GIVE_MAP) {
		h->fds++;
		buf_add_refs(b, REF_FD, 1);
	}
	if (how != GIVE_FD && holds) {
		h->maps++;
		buf_add_refs(b, REF_MAP, 1);
	}
}

int children_end(struct world *w)
{
	int status, ret = 0;
	size_t i;

	for (i = 0; i < w->nchildren; i++)
		close(w->children[i].sock);
	for (i = 0; i < w->nchildren; i++) {
		if (waitpid(w->children[i].pid, &status, 0) < 0 || status) {
			fprintf(stderr, "mkbufs: child %d failed\n",
				(int)w->children[i].pid);
			ret = -ECHILD;
		}
	}
	return ret;
}
