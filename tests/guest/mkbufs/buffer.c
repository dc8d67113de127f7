// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/bufinfo.h"
#include "mkbufs/fdinfo.h"
#include "mkbufs/world.h"

/* Compares our count with the one of debugfs, on kernels that have it. */
static void check_closed(const struct buf *b)
{
	int try;

	for (try = 0; try < 200; try++) {
		if (bufinfo_agrees(b))
			return;
		usleep(5000);
	}
	die("buffer %" PRIu64 " of %s, name %s: %ld references expected, "
	    "bufinfo has another number",
	    b->ino, b->exp, b->name ? b->name : "(none)", b->refs);
}

void buf_check(const struct buf *b)
{
	struct fdinfo info;
	int try, err;

	if (b->fd < 0) {
		check_closed(b);
		return;
	}
	for (try = 0; try < 200; try++) {
		err = fdinfo_read(b->fd, &info);
		if (err)
			die("fdinfo of buffer %" PRIu64 ": %s", b->ino,
			    strerror(-err));
		if (info.count == b->refs)
			return;
		usleep(5000);
	}
	die("buffer %" PRIu64 " of %s, name %s: %ld references expected, the "
	    "kernel counts %ld",
	    b->ino, b->exp, b->name ? b->name : "(none)", b->refs, info.count);
}

struct holder *buf_holder(struct buf *b, pid_t pid)
{
	size_t i;

	for (i = 0; i < MAX_HOLDERS; i++) {
		if (!b->holders[i].pid)
			b->holders[i].pid = pid;
		if (b->holders[i].pid == pid)
			return &b->holders[i];
	}
	die("more than %d holders", MAX_HOLDERS);
}

void buf_add_refs(struct buf *b, enum ref_type type, long n)
{
	b->refs_by_type[type] += n;
	b->refs += n;
}

/* One copy of each name, so that a buffer does not own one. */
static const char *intern_exp(struct world *w, const char *name)
{
	size_t i;

	for (i = 0; i < w->nexp_names; i++)
		if (!strcmp(w->exp_names[i], name))
			return w->exp_names[i];
	w->exp_names = grow(w->exp_names, w->nexp_names, sizeof(*w->exp_names));
	w->exp_names[w->nexp_names] = xstrdup(name);
	return w->exp_names[w->nexp_names++];
}

struct buf *buf_adopt(struct world *w, int fd, const char *exp)
{
	struct fdinfo info;
	struct stat st;
	struct buf *b;
	off_t size;
	int err;

	b = calloc(1, sizeof(*b));
	if (!b)
		die("out of memory");

	size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		die("lseek on a new buffer: %s", strerror(errno));
	if (fstat(fd, &st) < 0)
		die("fstat on a new buffer: %s", strerror(errno));
	if (!exp) {
		err = fdinfo_read(fd, &info);
		if (err)
			die("fdinfo of a new buffer: %s", strerror(-err));
		exp = intern_exp(w, info.exp);
	}
	b->fd = fd;
	b->ino = st.st_ino;
	b->size = size;
	b->exp = exp;
	buf_add_refs(b, REF_FD, 1);
	buf_holder(b, getpid())->fds = 1;

	w->bufs = grow(w->bufs, w->nbufs, sizeof(struct buf *));
	w->bufs[w->nbufs++] = b;
	return b;
}

struct buf *buf_try(struct world *w, const struct exporter *e, size_t size)
{
	int fd = e->make(e, size);

	if (fd >= 0)
		return buf_adopt(w, fd, NULL);
	skip(w, e->name, "a buffer of %zu bytes: %s", size, strerror(-fd));
	return NULL;
}

struct buf *buf_make(struct world *w, const struct exporter *e, size_t size,
		     const char *exp)
{
	int fd = e->make(e, size);

	if (fd < 0)
		die("cannot make buffer %zu, %zu bytes of %s: %s", w->nbufs + 1,
		    size, e->name, strerror(-fd));
	return buf_adopt(w, fd, exp);
}

void buf_name(struct buf *b, const char *name)
{
	if (ioctl(b->fd, SET_NAME, name) < 0)
		die("DMA_BUF_SET_NAME: %s", strerror(errno));
	free(b->name);
	b->name = xstrdup(name);
}

struct buf *buf_make_named(struct world *w, const struct exporter *e,
			   size_t size, const char *name)
{
	struct buf *b = buf_make(w, e, size, NULL);

	buf_name(b, name);
	return b;
}

void buf_drop(struct world *w)
{
	struct buf *b = w->bufs[--w->nbufs];

	close(b->fd);
	free(b->name);
	free(b->att);
	free(b);
}

void buf_dup(struct world *w, struct buf *b)
{
	int fd = fcntl(b->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		die("dup: %s", strerror(errno));
	keep_fd(w, fd);
	buf_add_refs(b, REF_FD, 1);
	buf_holder(b, getpid())->fds++;
}

void buf_close(struct buf *b)
{
	buf_check(b);
	if (b->refs == 1)
		die("cannot close the last reference to buffer %" PRIu64
		    " of %s, name %s",
		    b->ino, b->exp, b->name ? b->name : "(none)");
	close(b->fd);
	b->fd = -1;
	buf_add_refs(b, REF_FD, -1);
	buf_holder(b, getpid())->fds--;
}

void buf_add_attachment(struct buf *b, int node)
{
	struct device d;

	if (device_of(node, &d)) {
		b->att_unknown = true;
		return;
	}
	b->att = grow(b->att, b->natt, sizeof(*b->att));
	b->att[b->natt++] = d;
}
