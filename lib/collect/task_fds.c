// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "collect/parse_proc.h"
#include "collect/proc_files.h"
#include "collect/task_fds.h"
#include "snapshot/match.h"
#include "util/cleanup.h"

/* The path of a dma-buf is this, then its name, which ends the path. */
enum { PREFIX = sizeof(PROC_DMABUF) - 1, NAME_MOST = DMABUF_REC_NAME_LEN - 1 };

/* Before v5.14, fdinfo lacks the inode number: stat the descriptor. */
static int find_ino(const struct proc_walk *walk, int fds, const char *name,
		    struct dmabuf_rec_buffer *buffer)
{
	struct stat st;

	if (buffer->have & DMABUF_HAVE_INO)
		return 0;
	/* The link of a recorded descriptor leads nowhere, or anywhere. */
	if (!walk->live)
		return -ENOENT;
	if (fstatat(fds, name, &st, 0))
		return -errno;
	buffer->ino = buffer->key = st.st_ino;
	buffer->have |= DMABUF_HAVE_INO;
	return 0;
}

/*
 * A cheap test. Other files can have such a link, but not such an fdinfo. @link
 * has room for one byte more than the longest path of a dma-buf. @ret takes the
 * name of the buffer.
 */
static bool looks_like_dmabuf(int fds, const char *name, char *link,
			      struct scan *ret, int *r)
{
	ssize_t n = readlinkat(fds, name, link, PREFIX + NAME_MOST + 1);

	*r = n < 0 ? -errno : 0;
	if (n < PREFIX || n > PREFIX + NAME_MOST ||
	    memcmp(link, PROC_DMABUF, PREFIX))
		return false;
	*ret = (struct scan){ link + PREFIX, link + n };
	return true;
}

/* Return: @r if it says that nobody knows what the descriptor is, else 0. */
static int why_no_link(const struct proc_walk *walk, int r)
{
	switch (sysroot_absence(&walk->ctx->sysroot, r)) {
	case ABSENCE_DENIED:
	case ABSENCE_UNRECORDED:
		return r;
	default:
		/* Other errors, as of a path too long, are of other files. */
		return 0;
	}
}

/* Whether a running process's descriptor is of a buffer; finds its number. */
static bool is_of_buffer(int fds, const char *name, uint64_t *ino)
{
	_cleanup_close_ int fd = openat(fds, name, O_PATH | O_CLOEXEC);
	struct statfs fs;
	struct stat st;

	if (fd < 0 || fstatfs(fd, &fs) || fs.f_type != DMA_BUF_MAGIC ||
	    fstat(fd, &st))
		return false;
	*ino = st.st_ino;
	return true;
}

/*
 * Notes a descriptor opened with O_PATH. It keeps a buffer that nobody has open
 * or mapped, or one that was not found.
 */
static void note_path(struct proc_walk *walk, int fds, const char *name)
{
	uint64_t ino;

	if (parse_is_path(walk->text.data, walk->text.n, &ino) &&
	    (!walk->live || is_of_buffer(fds, name, &ino)) &&
	    !match_has_ino(&walk->snapshot->buffers, ino))
		walk->paths++;
}

static int read_descriptor(struct proc_walk *walk, struct proc_task *task,
			   int fds, const char *name, uint64_t number)
{
	char path[64], link[PREFIX + NAME_MOST + 1];
	struct dmabuf_rec_buffer buffer;
	struct scan buffer_name;
	int r;

	if (!looks_like_dmabuf(fds, name, link, &buffer_name, &r))
		return why_no_link(walk, r);
	snprintf(path, sizeof(path), "fdinfo/%s", name);
	r = proc_read_whole(&walk->ctx->sysroot, task->dir, path, &walk->text);
	if (r)
		return r;
	r = parse_fdinfo(walk->text.data, walk->text.n, &buffer_name, &buffer);
	if (r == -ENODATA) {
		note_path(walk, fds, name);
		return 0;
	}
	if (r) {
		proc_note_odd(walk, SEES_FD, task, path);
		return 0;
	}
	r = find_ino(walk, fds, name, &buffer);
	if (r)
		return r;
	proc_read_comm(walk, task);
	return walk->sink->descriptor(walk, task, number, &buffer);
}

int task_read_fds(struct proc_walk *walk, struct proc_task *task)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const char *name;
	uint64_t number;
	int r, more;

	r = sysroot_opendir(&walk->ctx->sysroot, task->dir, "fd", &dir);
	if (r)
		return proc_forgive(walk, SEES_FD, r);
	while ((more = proc_next_number(dir, &name, &number)) > 0) {
		walk->has_descriptors = true;
		r = read_descriptor(walk, task, dirfd(dir), name, number);
		r = proc_forgive(walk, SEES_FD, r);
		if (r)
			return r;
	}
	return proc_forgive(walk, SEES_FD, more);
}
