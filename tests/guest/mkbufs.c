// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkbufs - make a scene of dma-bufs, print the truth about it, hold it
 *
 *	mkbufs SCENE [-n N] [--hold]
 *
 * prints one line of JSON on stdout and keeps the buffers until stdin gives a
 * line or ends (with --hold: until SIGTERM or SIGINT), then frees all of them
 * and exits 0. Tests compare what our tools say with that line, so it must come
 * from what this program did and from the simplest questions to the kernel
 * (fstat, lseek, fdinfo), never from the tools under test:
 *
 *	{"scene":"basic","pid":N,
 *	 "buffers":[{"ino":N,"size":BYTES,"exporter":"...",
 *	   "name":"..."|null,"name_hex":"..."|null,"refs":N|null,
 *	   "attachments":[{"device":"...","driver":"..."|null}]|null,
 *	   "held":{"fd":N,...},
 *	   "holders":[{"pid":N,"comm":"...","fds":N,"maps":N,"handles":N}]}],
 *	 "skipped":[{"exporter":"...","why":"..."}]}
 *
 * "name" is null when none was set; bytes in it that are not UTF-8 are U+FFFD
 * (json_str.h says how many) and "name_hex" has the exact ones. "driver" is
 * null when the kernel has bound none to the device (vgem's platform device
 * until 6.16; since 6.18 its faux device has "faux_driver"). "held" is how many
 * references each kind of thing has; together they are "refs". "holders" are
 *the processes that hold the buffer by descriptors, mappings or GEM handles:
 *none means kernel-only. "buffers" are in the order in which they were made.
 *The scene "churn" adds "churn_name", see there.
 *
 * "refs" is the kernel's count of references to the buffer's struct file. What
 * holds how many, the same on 5.10, 6.1, 6.12, 6.16, 6.18 and 7.3 (each is
 * compared with the "count" of fdinfo while the buffer has a descriptor here,
 * and a difference is fatal):
 *
 *	1	a descriptor in one process's table; each dup, each process that
 *		inherits or receives it
 *	1	a mapping of the buffer, in each process, if its VMA keeps the
 *		buffer's file (vgem of 5.10 puts the object's own shmem file
 *		there: then 0, and /proc/self/maps shows which it is)
 *	1	a descriptor in an SCM_RIGHTS message that nobody received
 *	2	the GEM handle of an exported object: the object's ->dma_buf and
 *		the file's PRIME lookup cache. Also when the exporting device
 *		imports it again, which attaches nothing
 *	3	the GEM handle of an object imported from another device: those
 *		two and the one of the attachment. Each open DRM file that
 *		imports it has its own three, and its own attachment
 *	0	videobuf2 that exported the buffer (the buffer keeps the memory,
 *		not the other way round)
 *	1	a videobuf2 queue that the buffer is queued in as
 *		V4L2_MEMORY_DMABUF
 *	1	a registered file of an io_uring
 *
 * One of the two or three of a GEM handle is the lookup cache's, which goes
 *with the handle ("gem_handle"); the others are the object's ("gem_object").
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/io_uring.h>
#include <linux/udmabuf.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drm_abi.h"
#include "json_str.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Old headers lack them; the numbers are ABI. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#define SET_NAME _IOW('b', 1, __u64)

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

enum {
	EXIT_USAGE = 2,
	NAME_MAX_LEN = 31, /* DMA_BUF_NAME_LEN less the NUL */
	MAX_HOLDERS = 6,
	MAX_KIDS = 4,
	MAX_EXPORTERS = 32,
	TWIN_STACK = 64 * 1024,
	MAX_QUEUED = 32, /* every queue takes that (VIDEO_MAX_FRAME) */
};

struct holder {
	pid_t pid;
	unsigned int fds;
	unsigned int maps;
	unsigned int handles;
};

/* What keeps references to a buffer. */
enum held {
	HELD_FD,
	HELD_MAP,
	HELD_GEM_HANDLE,
	HELD_GEM_OBJECT,
	HELD_MESSAGE,
	HELD_IO_URING,
	HELD_V4L2,
	HELD_TYPES,
};

static const char *const held_names[HELD_TYPES] = {
	"fd", "map", "gem_handle", "gem_object", "message", "io_uring", "v4l2",
};

/* A device that something was attached to, as sysfs names it. */
struct device {
	char name[64];
	char driver[64]; /* empty: none bound */
};

struct buf {
	int fd; /* -1 when this process has closed it */
	uint64_t ino;
	uint64_t size;
	const char *exp; /* the kernel's name of the exporter */
	char *name; /* NULL when none was set */
	long refs;
	long held[HELD_TYPES]; /* their sum is refs */
	struct device *att;
	size_t natt;
	bool att_unknown;
	struct holder holders[MAX_HOLDERS];
};

struct exporter {
	char name[64];
	int fd; /* of the device node */
	/* A descriptor, the only reference to the new buffer, or -errno. */
	int (*make)(const struct exporter *e, size_t size);
	bool is_drm;
};

struct skip {
	char *exporter;
	char *why;
};

struct map {
	void *addr;
	size_t len;
};

/* A child that holds buffers; it leaves when its socket ends. */
struct kid {
	pid_t pid;
	int sock;
	const char *comm;
};

/* A process that shares something with this one, until it is killed. */
struct twin {
	pid_t pid;
	void *stack; /* when it shares the memory */
};

struct world {
	const char *scene;
	long n; /* of -n; 0 when not given */
	const char *churn_name;
	struct churn *churn;

	struct exporter exps[MAX_EXPORTERS];
	size_t nexps;
	struct kid kids[MAX_KIDS];
	size_t nkids;

	struct twin twins[MAX_KIDS];
	size_t ntwins;

	struct buf **bufs;
	size_t nbufs;
	struct skip *skips;
	size_t nskips;
	struct map *maps;
	size_t nmaps;
	int *fds; /* kept open besides those of the buffers */
	size_t nfds;
	char **exp_names; /* the strings of buf.exp */
	size_t nexp_names;

	/* The one V4L2 output node that buffers are queued in. */
	int v4l2_fd;
	unsigned int v4l2_next;
	unsigned int v4l2_count;
	size_t v4l2_size; /* bytes of one picture */
};

/* ------------------------------------------------------------------ basics */

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	fputs("mkbufs: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* Room for one more element, doubling; for arrays that only grow. */
static void *grow(void *array, size_t n, size_t elem)
{
	if (n && (n & (n - 1)))
		return array;
	array = reallocarray(array, n ? 2 * n : 1, elem);
	if (!array)
		die("out of memory");
	return array;
}

/* Buffers are whole pages. */
static size_t pages(size_t size)
{
	return (size + 4 * KIB - 1) & ~(4 * KIB - 1);
}

static char *xstrdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		die("out of memory");
	return copy;
}

static void __attribute__((format(printf, 3, 4)))
skip(struct world *w, const char *exporter, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);

	w->skips = grow(w->skips, w->nskips, sizeof(*w->skips));
	w->skips[w->nskips].exporter = xstrdup(exporter);
	w->skips[w->nskips].why = xstrdup(why);
	w->nskips++;
}

static void keep_fd(struct world *w, int fd)
{
	w->fds = grow(w->fds, w->nfds, sizeof(*w->fds));
	w->fds[w->nfds++] = fd;
}

static int xioctl(int fd, unsigned long cmd, void *arg)
{
	int ret;

	do {
		ret = ioctl(fd, cmd, arg);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	return ret < 0 ? -errno : 0;
}

static int open_node(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* The device behind a character device node. */
static int device_of(int fd, struct device *ret)
{
	char path[64], driver[80], link[PATH_MAX];
	struct device d = { 0 };
	struct stat st;
	ssize_t len;

	if (fstat(fd, &st) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/device",
		 major(st.st_rdev), minor(st.st_rdev));
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return -errno;
	link[len] = '\0';
	snprintf(d.name, sizeof(d.name), "%.63s", basename(link));

	snprintf(driver, sizeof(driver), "%s/driver", path);
	len = readlink(driver, link, sizeof(link) - 1);
	if (len < 0 && errno != ENOENT)
		return -errno;
	if (len > 0) {
		link[len] = '\0';
		snprintf(d.driver, sizeof(d.driver), "%.63s", basename(link));
	}
	*ret = d;
	return 0;
}

/* --------------------------------------------------------------- exporters */

static struct exporter *exporter_add(struct world *w, const char *name, int fd,
				     int (*make)(const struct exporter *,
						 size_t))
{
	struct exporter *e;

	if (w->nexps == MAX_EXPORTERS)
		die("more than %d exporters", MAX_EXPORTERS);
	e = &w->exps[w->nexps++];
	*e = (struct exporter){ .fd = fd, .make = make };
	snprintf(e->name, sizeof(e->name), "%.63s", name);
	return e;
}

static int heap_make(const struct exporter *e, size_t size)
{
	struct dma_heap_allocation_data data = {
		.len = size,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int err = xioctl(e->fd, DMA_HEAP_IOCTL_ALLOC, &data);

	return err ? err : (int)data.fd;
}

static void system_probe(struct world *w)
{
	int fd = open_node("/dev/dma_heap/system");

	if (fd < 0)
		skip(w, "system", "/dev/dma_heap/system: %s", strerror(-fd));
	else
		exporter_add(w, "system", fd, heap_make);
}

static int is_other_heap(const struct dirent *d)
{
	return d->d_name[0] != '.' && strcmp(d->d_name, "system");
}

/* Mostly those of CMA, under whatever names this kernel gives them. */
static void cma_probe(struct world *w)
{
	struct dirent **nodes = NULL;
	char path[PATH_MAX];
	int i, n, fd;

	n = scandir("/dev/dma_heap", &nodes, is_other_heap, alphasort);
	if (n < 0)
		skip(w, "cma", "/dev/dma_heap: %s", strerror(errno));
	if (n == 0)
		skip(w, "cma", "no other node in /dev/dma_heap");
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/dev/dma_heap/%s",
			 nodes[i]->d_name);
		fd = open_node(path);
		if (fd < 0)
			skip(w, nodes[i]->d_name, "%s: %s", path,
			     strerror(-fd));
		else
			exporter_add(w, nodes[i]->d_name, fd, heap_make);
		free(nodes[i]);
	}
	free(nodes);
}

static int udmabuf_make(const struct exporter *e, size_t size)
{
	struct udmabuf_create create = {
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = size,
	};
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int memfd, fd;

	memfd = memfd_create("mkbufs", flags | MFD_NOEXEC_SEAL);
	if (memfd < 0 && errno == EINVAL) /* before 6.3 */
		memfd = memfd_create("mkbufs", flags);
	if (memfd < 0)
		return -errno;

	create.memfd = memfd;
	if (ftruncate(memfd, size) < 0 ||
	    fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK) < 0) {
		fd = -errno;
	} else {
		fd = ioctl(e->fd, UDMABUF_CREATE, &create);
		if (fd < 0)
			fd = -errno;
	}
	close(memfd);
	return fd;
}

static void udmabuf_probe(struct world *w)
{
	int fd = open_node("/dev/udmabuf");

	if (fd < 0)
		skip(w, "udmabuf", "/dev/udmabuf: %s", strerror(-fd));
	else
		exporter_add(w, "udmabuf", fd, udmabuf_make);
}

/* A new open file of the first DRM device of this driver. */
static int drm_open(const char *driver)
{
	struct drm_abi_version version;
	char path[32], name[32];
	int i, fd, err = -ENODEV;

	for (i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open_node(path);
		if (fd == -ENOENT)
			continue;
		if (fd < 0) {
			err = fd;
			continue;
		}
		memset(name, 0, sizeof(name));
		version = (struct drm_abi_version){
			.name = name,
			.name_len = sizeof(name) - 1,
		};
		if (!xioctl(fd, DRM_ABI_VERSION, &version) &&
		    !strcmp(name, driver))
			return fd;
		close(fd);
	}
	return err;
}

static int drm_make(int drm, size_t size, bool keep_handle)
{
	struct drm_abi_create_dumb dumb = {
		.width = 1024, /* one row is one page */
		.height = size / (4 * KIB),
		.bpp = 32,
	};
	struct drm_abi_prime prime = {
		.flags = DRM_ABI_CLOEXEC | DRM_ABI_RDWR,
	};
	struct drm_abi_gem_close gem_close = { 0 };
	int err;

	err = xioctl(drm, DRM_ABI_CREATE_DUMB, &dumb);
	if (err)
		return err;
	prime.handle = dumb.handle;
	err = xioctl(drm, DRM_ABI_HANDLE_TO_FD, &prime);
	if (err || !keep_handle) {
		gem_close.handle = dumb.handle;
		xioctl(drm, DRM_ABI_GEM_CLOSE, &gem_close);
	}
	return err ? err : prime.fd;
}

static int vgem_make(const struct exporter *e, size_t size)
{
	return drm_make(e->fd, size, false);
}

static void vgem_probe(struct world *w)
{
	int fd = drm_open("vgem");

	if (fd == -ENODEV)
		skip(w, "vgem", "no /dev/dri/card* of this driver");
	else if (fd < 0)
		skip(w, "vgem", "/dev/dri: %s", strerror(-fd));
	else
		exporter_add(w, "vgem", fd, vgem_make)->is_drm = true;
}

/* A new open file of the first vivid node that can do what @caps say. */
static int vivid_open(uint32_t caps)
{
	struct v4l2_capability cap;
	int i, fd, err = -ENODEV;
	char path[32];

	for (i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "/dev/video%d", i);
		fd = open_node(path);
		if (fd == -ENOENT)
			continue;
		if (fd < 0) {
			err = fd;
			continue;
		}
		if (!xioctl(fd, VIDIOC_QUERYCAP, &cap) &&
		    !strcmp((const char *)cap.driver, "vivid") &&
		    (cap.device_caps & caps) == caps)
			return fd;
		close(fd);
	}
	return err;
}

/*
 * The smallest picture that the node can do, or @size bytes if that is more.
 * The queue is given up again: the memory lives on in the exported buffer.
 */
static int vivid_make(const struct exporter *e, size_t size)
{
	struct v4l2_create_buffers create = {
		.count = 1,
		.memory = V4L2_MEMORY_MMAP,
		.format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
	};
	struct v4l2_requestbuffers none = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	struct v4l2_exportbuffer export = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.flags = O_RDWR | O_CLOEXEC,
	};
	struct v4l2_pix_format *pix = &create.format.fmt.pix;
	int err;

	err = xioctl(e->fd, VIDIOC_G_FMT, &create.format);
	if (err)
		return err;
	pix->width = 16;
	pix->height = 16;
	err = xioctl(e->fd, VIDIOC_S_FMT, &create.format);
	if (err)
		return err;
	if (pix->sizeimage < size)
		pix->sizeimage = size;
	err = xioctl(e->fd, VIDIOC_CREATE_BUFS, &create);
	if (err)
		return err;
	export.index = create.index;
	err = xioctl(e->fd, VIDIOC_EXPBUF, &export);
	xioctl(e->fd, VIDIOC_REQBUFS, &none);
	return err ? err : export.fd;
}

static void vivid_probe(struct world *w)
{
	int fd = vivid_open(V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING);

	if (fd == -ENODEV)
		skip(w, "vivid", "no /dev/video* of this driver that captures");
	else if (fd < 0)
		skip(w, "vivid", "/dev/video*: %s", strerror(-fd));
	else
		exporter_add(w, "vivid", fd, vivid_make);
}

/* Cheapest first: the first that the kernel offers makes the single ones. */
static void exporters_probe(struct world *w)
{
	static void (*const probes[])(struct world *) = {
		system_probe, udmabuf_probe, cma_probe, vgem_probe, vivid_probe,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		probes[i](w);
	if (w->nexps)
		return;

	fputs("mkbufs: no exporter on this kernel:", stderr);
	for (i = 0; i < w->nskips; i++)
		fprintf(stderr, "%s %s (%s)", i ? "," : "",
			w->skips[i].exporter, w->skips[i].why);
	fputs("\n", stderr);
	exit(EXIT_FAILURE);
}

/* ----------------------------------------------------------------- buffers */

struct fdinfo {
	long count;
	char exp[64];
};

static int fdinfo_read(int fd, struct fdinfo *ret)
{
	struct fdinfo info = { .count = -1 };
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", fd);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	/* The first of each: the name, which can forge lines, is the last. */
	while (fgets(line, sizeof(line), f)) {
		if (info.count < 0)
			sscanf(line, "count:\t%ld", &info.count);
		if (!info.exp[0])
			sscanf(line, "exp_name:\t%63[^\n]", info.exp);
	}
	fclose(f);
	if (info.count < 0 || !info.exp[0])
		return -ENODATA;
	*ret = info;
	return 0;
}

/*
 * What we think holds the buffer against what the kernel counts. Somebody who
 * looks at the buffer at the same time holds it too, so give them a moment.
 */
static void buf_check(const struct buf *b)
{
	struct fdinfo info;
	int try, err;

	if (b->fd < 0)
		return;
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

static struct holder *buf_holder(struct buf *b, pid_t pid)
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

static void buf_keep(struct buf *b, enum held type, long n)
{
	b->held[type] += n;
	b->refs += n;
}

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

/*
 * Take over @fd, the only reference to a new buffer. @exp is its exporter if
 * the caller knows that already, else NULL.
 */
static struct buf *buf_adopt(struct world *w, int fd, const char *exp)
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
	buf_keep(b, HELD_FD, 1);
	buf_holder(b, getpid())->fds = 1;

	w->bufs = grow(w->bufs, w->nbufs, sizeof(struct buf *));
	w->bufs[w->nbufs++] = b;
	return b;
}

/* NULL, and the reason among the skipped ones, when it cannot be made. */
static struct buf *buf_try(struct world *w, const struct exporter *e,
			   size_t size)
{
	int fd = e->make(e, size);

	if (fd >= 0)
		return buf_adopt(w, fd, NULL);
	skip(w, e->name, "a buffer of %zu bytes: %s", size, strerror(-fd));
	return NULL;
}

static struct buf *buf_make(struct world *w, const struct exporter *e,
			    size_t size, const char *exp)
{
	int fd = e->make(e, size);

	if (fd < 0)
		die("%s, buffer %zu, %zu bytes: %s", e->name, w->nbufs + 1,
		    size, strerror(-fd));
	return buf_adopt(w, fd, exp);
}

/* To be set first: 5.10 refuses a name once something is attached. */
static void buf_name(struct buf *b, const char *name)
{
	if (ioctl(b->fd, SET_NAME, name) < 0)
		die("DMA_BUF_SET_NAME: %s", strerror(errno));
	free(b->name);
	b->name = xstrdup(name);
}

/* Undoes the last buffer, of which there is but the descriptor. */
static void buf_drop(struct world *w)
{
	struct buf *b = w->bufs[--w->nbufs];

	close(b->fd);
	free(b->name);
	free(b);
}

static void buf_dup(struct world *w, struct buf *b)
{
	int fd = fcntl(b->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		die("dup: %s", strerror(errno));
	keep_fd(w, fd);
	buf_keep(b, HELD_FD, 1);
	buf_holder(b, getpid())->fds++;
}

/* Does the mapping that starts at @addr keep this inode? */
static bool map_holds(const void *addr, uint64_t ino)
{
	unsigned long start, end, dev_major, dev_minor;
	uint64_t map_ino;
	char line[4352];
	FILE *f;
	bool ret = false;

	f = fopen("/proc/self/maps", "re");
	if (!f)
		die("/proc/self/maps: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx %*s %*x %lx:%lx %" SCNu64, &start,
			   &end, &dev_major, &dev_minor, &map_ino) == 5 &&
		    start == (unsigned long)addr) {
			ret = map_ino == ino;
			break;
		}
	}
	fclose(f);
	return ret;
}

/* Whether the mapping keeps the buffer. */
static bool buf_map(struct world *w, struct buf *b)
{
	void *addr = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			  b->fd, 0);

	if (addr == MAP_FAILED)
		die("mmap of a buffer of %s: %s", b->exp, strerror(errno));
	w->maps = grow(w->maps, w->nmaps, sizeof(*w->maps));
	w->maps[w->nmaps++] = (struct map){ addr, b->size };
	if (!map_holds(addr, b->ino))
		return false;
	buf_keep(b, HELD_MAP, 1);
	buf_holder(b, getpid())->maps++;
	return true;
}

/* Checked here, because without a descriptor nobody can. */
static void buf_close(struct buf *b)
{
	buf_check(b);
	if (b->refs == 1)
		die("the last descriptor of buffer %" PRIu64 " of %s, name %s, "
		    "would be closed",
		    b->ino, b->exp, b->name ? b->name : "(none)");
	close(b->fd);
	b->fd = -1;
	buf_keep(b, HELD_FD, -1);
	buf_holder(b, getpid())->fds--;
}

static void buf_attached(struct buf *b, int node)
{
	struct device d;

	if (device_of(node, &d)) {
		b->att_unknown = true;
		return;
	}
	b->att = grow(b->att, b->natt, sizeof(*b->att));
	b->att[b->natt++] = d;
}

/* A GEM handle of this process; its object has so many references. */
static void buf_handle(struct buf *b, long of_object)
{
	buf_keep(b, HELD_GEM_HANDLE, 1);
	buf_keep(b, HELD_GEM_OBJECT, of_object);
	buf_holder(b, getpid())->handles++;
}

/*
 * Import into the first DRM device of @driver, through an open file of its own.
 * A device that gets its own buffer back makes no attachment.
 */
static int buf_import(struct world *w, struct buf *b, const char *driver,
		      bool own)
{
	struct drm_abi_prime prime = { .fd = b->fd };
	int drm, err;

	drm = drm_open(driver);
	if (drm < 0)
		return drm;
	err = xioctl(drm, DRM_ABI_FD_TO_HANDLE, &prime);
	if (err) {
		close(drm);
		return err;
	}
	keep_fd(w, drm);
	buf_handle(b, own ? 1 : 2);
	if (!own)
		buf_attached(b, drm);
	return 0;
}

/*
 * vivid attaches what is queued in it only with allocators=1 (dma-contig). Its
 * default, vmalloc, maps the buffer into the kernel and attaches nothing.
 */
static int vivid_attaches(int node)
{
	char line[512], *s = line;
	struct device d;
	unsigned int i;
	size_t len;
	FILE *f;

	if (device_of(node, &d) || sscanf(d.name, "vivid.%u", &i) != 1)
		return -ENODEV;
	f = fopen("/sys/module/vivid/parameters/allocators", "re");
	if (!f)
		return -errno;
	len = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[len] = '\0';
	while (i-- && s)
		s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL;
	return s ? *s == '1' : -ENODATA;
}

/* Opens vivid's output for buf_queue(). */
static int v4l2_start(struct world *w)
{
	struct v4l2_format fmt = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	struct v4l2_requestbuffers req = {
		.count = MAX_QUEUED,
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int fd, err;

	fd = vivid_open(V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING);
	if (fd < 0)
		return fd;
	err = xioctl(fd, VIDIOC_G_FMT, &fmt);
	if (!err)
		err = xioctl(fd, VIDIOC_REQBUFS, &req);
	if (err) {
		close(fd);
		return err;
	}
	w->v4l2_fd = fd;
	w->v4l2_count = req.count;
	w->v4l2_size = fmt.fmt.pix.sizeimage;
	return 0;
}

/*
 * Queue in vivid's output; the queue holds it as long as its file is open. An
 * index that was refused a buffer takes no other: videobuf2 has forgotten its
 * length then.
 */
static int buf_queue(struct world *w, struct buf *b)
{
	struct v4l2_buffer v = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
		.field = V4L2_FIELD_NONE,
		.index = w->v4l2_next++,
		.m.fd = b->fd,
		.length = b->size,
		.bytesused = w->v4l2_size,
	};
	int err, attaches;

	if (v.index >= w->v4l2_count)
		return -ENOBUFS;
	attaches = vivid_attaches(w->v4l2_fd);
	err = xioctl(w->v4l2_fd, VIDIOC_QBUF, &v);
	if (err)
		return err;
	buf_keep(b, HELD_V4L2, 1);
	if (attaches < 0)
		b->att_unknown = true;
	else if (attaches)
		buf_attached(b, w->v4l2_fd);
	return 0;
}

/* ---------------------------------------------------------------- children */

/* What a child does with a buffer that it is given. */
enum give {
	GIVE_FD,
	GIVE_MAP, /* maps it and closes the descriptor */
	GIVE_FD_AND_MAP,
};

struct give_msg {
	uint64_t ino;
	uint64_t size;
	enum give how;
};

/* Everything but the standard three and @keep. */
static void close_all_but(int keep)
{
	if (keep > 3)
		close_range(3, keep - 1, 0);
	close_range(keep + 1, ~0U, 0);
}

/*
 * Children have every signal blocked that would end them before the parent
 * does; they go when the parent closes the socket, or dies.
 */
static struct kid *kid_start_as(struct world *w, const char *comm,
				int (*run)(struct world *w, int sock))
{
	int sv[2];
	pid_t pid;

	if (w->nkids == MAX_KIDS)
		die("more than %d children", MAX_KIDS);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		die("socketpair: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		size_t i;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, comm);
		for (i = 0; i < w->nkids; i++)
			close(w->kids[i].sock);
		close(sv[0]);
		_exit(run(w, sv[1]));
	}
	close(sv[1]);
	w->kids[w->nkids] = (struct kid){ pid, sv[0], comm };
	return &w->kids[w->nkids++];
}

static struct kid *kid_start(struct world *w,
			     int (*run)(struct world *w, int sock))
{
	return kid_start_as(w, "mkbufs-kid", run);
}

static int send_fd(int sock, int fd, const void *data, size_t len)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} ctl = { 0 };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = ctl.buf,
		.msg_controllen = sizeof(ctl.buf),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Receives one buffer and does with it as told; false at the end. */
static bool kid_take(int sock)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} ctl = { 0 };
	struct give_msg g;
	struct iovec iov = { .iov_base = &g, .iov_len = sizeof(g) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = ctl.buf,
		.msg_controllen = sizeof(ctl.buf),
	};
	struct cmsghdr *c;
	void *addr;
	char holds = 0;
	int fd;

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != sizeof(g))
		return false;
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		die("child: a message without a descriptor");
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	if (g.how != GIVE_FD) {
		addr = mmap(NULL, g.size, PROT_READ, MAP_SHARED, fd, 0);
		if (addr == MAP_FAILED)
			die("child: mmap: %s", strerror(errno));
		holds = map_holds(addr, g.ino);
	}
	if (g.how == GIVE_MAP)
		close(fd);
	if (send(sock, &holds, 1, MSG_NOSIGNAL) != 1)
		die("child: send: %s", strerror(errno));
	return true;
}

static int kid_hold(struct world *w, int sock)
{
	(void)w;
	close_all_but(sock);
	while (kid_take(sock))
		;
	return 0;
}

static void kid_give(const struct kid *k, struct buf *b, enum give how)
{
	struct give_msg g = { .ino = b->ino, .size = b->size, .how = how };
	struct holder *h = buf_holder(b, k->pid);
	char holds;
	int err;

	err = send_fd(k->sock, b->fd, &g, sizeof(g));
	if (err)
		die("giving a buffer to a child: %s", strerror(-err));
	if (recv(k->sock, &holds, 1, 0) != 1)
		die("the child did not answer");
	if (how != GIVE_MAP) {
		h->fds++;
		buf_keep(b, HELD_FD, 1);
	}
	if (how != GIVE_FD && holds) {
		h->maps++;
		buf_keep(b, HELD_MAP, 1);
	}
}

/* In a message that nobody receives: the sockets hold it, no process does. */
static void buf_fly(struct world *w, struct buf *b)
{
	int sv[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		die("socketpair: %s", strerror(errno));
	keep_fd(w, sv[0]);
	keep_fd(w, sv[1]);
	err = send_fd(sv[0], b->fd, "", 1);
	if (err)
		die("sending a buffer: %s", strerror(-err));
	buf_keep(b, HELD_MESSAGE, 1);
	buf_close(b);
}

/* ------------------------------------------------------------------ scenes */

static void basic_each(struct world *w, const struct exporter *e)
{
	char name[NAME_MAX_LEN + 1];
	struct buf *b;

	/* A plain descriptor, no name. */
	buf_try(w, e, 4 * KIB);

	/* One descriptor and two copies. */
	b = buf_try(w, e, 64 * KIB);
	if (b) {
		snprintf(name, sizeof(name), "%.20s-dup", e->name);
		buf_name(b, name);
		buf_dup(w, b);
		buf_dup(w, b);
	}

	/* Only a mapping. */
	b = buf_try(w, e, MIB);
	if (b) {
		snprintf(name, sizeof(name), "%.20s-map", e->name);
		buf_name(b, name);
		if (buf_map(w, b))
			buf_close(b);
	}
}

/* The first exporter whose buffers live as long as they are mapped. */
static const struct exporter *mappable_exporter(const struct world *w)
{
	struct stat st;
	bool holds;
	void *addr;
	size_t i;
	int fd;

	for (i = 0; i < w->nexps; i++) {
		fd = w->exps[i].make(&w->exps[i], 4 * KIB);
		if (fd < 0)
			continue;
		addr = mmap(NULL, 4 * KIB, PROT_READ, MAP_SHARED, fd, 0);
		holds = addr != MAP_FAILED && !fstat(fd, &st) &&
			map_holds(addr, st.st_ino);
		if (addr != MAP_FAILED)
			munmap(addr, 4 * KIB);
		close(fd);
		if (holds)
			return &w->exps[i];
	}
	die("no exporter here whose mappings keep the buffer");
}

/* The first exporter whose buffers a DRM device can import. */
static const struct exporter *foreign_exporter(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nexps; i++)
		if (!w->exps[i].is_drm)
			return &w->exps[i];
	return NULL;
}

/* Two imported buffers; the descriptor of the second one is closed. */
static void basic_imports(struct world *w)
{
	static const char *const names[] = { "imported", "import-only" };
	const struct exporter *e = foreign_exporter(w);
	int drm = drm_open("vgem"), err;
	struct buf *b;
	size_t i;

	if (drm < 0)
		return; /* named among the skipped exporters */
	close(drm);
	if (!e) {
		skip(w, "import", "no exporter that is not vgem");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		b = buf_try(w, e, 256 * KIB);
		if (!b)
			return;
		buf_name(b, names[i]);
		err = buf_import(w, b, "vgem", false);
		if (err)
			skip(w, "import", "into vgem from %s: %s", e->name,
			     strerror(-err));
		else if (i)
			buf_close(b);
	}
}

static void basic_handle(struct world *w)
{
	struct buf *b;
	int drm, fd;

	drm = drm_open("vgem");
	if (drm < 0)
		return; /* named among the skipped exporters */
	keep_fd(w, drm);
	fd = drm_make(drm, 128 * KIB, true);
	if (fd < 0) {
		skip(w, "vgem", "a buffer with its handle: %s", strerror(-fd));
		return;
	}
	b = buf_adopt(w, fd, NULL);
	buf_handle(b, 1);
	buf_name(b, "handle-only");
	buf_close(b);
}

/*
 * A buffer in the queue of vivid's output, or NULL. Not every exporter's will
 * do: with allocators=1 vivid wants contiguous memory.
 */
static struct buf *queued_make(struct world *w, const char *name)
{
	struct buf *b;
	size_t i;
	int err;

	err = v4l2_start(w);
	if (err) {
		skip(w, "queue", "vivid's output: %s", strerror(-err));
		return NULL;
	}
	for (i = 0; i < w->nexps; i++) {
		b = buf_try(w, &w->exps[i], pages(w->v4l2_size));
		if (!b)
			continue;
		buf_name(b, name);
		err = buf_queue(w, b);
		if (!err)
			return b;
		skip(w, "queue", "in vivid's output, from %s: %s",
		     w->exps[i].name, strerror(-err));
		buf_drop(w);
	}
	return NULL;
}

static void basic_make(struct world *w)
{
	struct kid *kid = kid_start(w, kid_hold);
	const struct exporter *e;
	struct buf *b;
	size_t i;

	exporters_probe(w);
	for (i = 0; i < w->nexps; i++)
		basic_each(w, &w->exps[i]);

	e = mappable_exporter(w);
	b = buf_make(w, e, 8 * KIB, NULL);
	buf_name(b, "child-only");
	kid_give(kid, b, GIVE_FD);
	buf_close(b);
	b = buf_make(w, e, 24 * KIB, NULL);
	buf_name(b, "child-map-only");
	kid_give(kid, b, GIVE_MAP);
	buf_close(b);
	b = buf_make(w, e, 40 * KIB, NULL);
	buf_name(b, "in-flight");
	buf_fly(w, b);

	basic_handle(w);
	basic_imports(w);
	b = queued_make(w, "queued-only");
	if (b)
		buf_close(b);
}

static void empty_make(struct world *w)
{
	(void)w;
}

/*
 * Names that break programs. Two forge the lines that follow them in fdinfo and
 * in bufinfo, the last is what bufinfo prints for "no name".
 */
static void names_make(struct world *w)
{
	static const char *const names[] = {
		"line\nfeed",
		"ends in a line feed\n",
		"carriage\rreturn",
		"tab\there",
		"\033[31mred\033[0m",
		"\302\2331mc1", /* U+009B, one-character CSI */
		"\177del",
		"say \"hi\"",
		"it's",
		"back\\slash",
		"\\n",
		"\xff\xfe",
		"\xc0\xaf", /* overlong */
		"\xed\xa0\x80", /* a surrogate */
		"cut-at-the-31st-byte-of-it-xx\xe6\xbc",
		"caf\xc3\xa9", /* café */
		"\xe6\xbc\xa2\xe5\xad\x97", /* 漢字 */
		"\xf0\x9f\x90\xa7", /* a penguin, 4 bytes */
		"e\xcc\x81", /* e and a combining accent */
		"\342\200\256rtl", /* right to left override */
		"0123456789012345678901234567890",
		"",
		" ",
		" leading",
		"trailing ",
		"two  spaces",
		"<b>&amp;</b>",
		"%s%n",
		"a,b;c|d",
		"{}",
		"null",
		"x\nexp_name:\tforged",
		"a\n\nTotal 0 objects, 0 bytes",
		"<none>",
	};
	size_t i;

	exporters_probe(w);
	buf_make(w, &w->exps[0], 4 * KIB, NULL); /* no name at all */
	for (i = 0; i < ARRAY_SIZE(names); i++)
		buf_name(buf_make(w, &w->exps[0], 4 * KIB, NULL), names[i]);
}

static void raise_nofile(rlim_t want)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim) < 0)
		die("getrlimit: %s", strerror(errno));
	if (lim.rlim_cur >= want)
		return;
	lim.rlim_cur = want;
	if (lim.rlim_max < want)
		lim.rlim_max = want;
	if (setrlimit(RLIMIT_NOFILE, &lim) < 0)
		die("RLIMIT_NOFILE %ju: %s", (uintmax_t)want, strerror(errno));
}

static void many_make(struct world *w)
{
	long i, n = w->n ? w->n : 1000;
	char name[NAME_MAX_LEN + 1];
	const char *exp = NULL;
	struct buf *b;

	raise_nofile(n + 64);
	exporters_probe(w);
	for (i = 1; i <= n; i++) {
		b = buf_make(w, &w->exps[0], 4 * KIB, exp);
		exp = b->exp;
		if (i % 2) {
			snprintf(name, sizeof(name), "many-%06ld", i);
			buf_name(b, name);
		}
	}
}

/*
 * Shared with the children of the scene "churn".
 *
 * The kernel's list is in the order of making, and what comes and goes fast is
 * soon all at the young end of it. So the children also have a stock: buffers
 * made between the long-lived ones, of which they let one go now and then.
 * While it lasts, an iterator that loses its place when a buffer is freed can
 * lose long-lived ones too, wherever they stand.
 *
 * Every churning buffer is without a name for the moment between being made and
 * being named, so what is neither in the truth nor named "churn" nor nameless
 * does not belong to the scene.
 */
struct churn {
	atomic_bool stocking; /* the long-lived ones are still being made */
	atomic_bool stop;
	atomic_ulong made[2];
	atomic_ulong stocked[2];
	atomic_ulong failed;
};

enum {
	CHURN_ALIVE = 64, /* at most, in each child */
	CHURN_STOCK = 1024, /* at most, in each child */
	CHURN_TURNS = 64, /* for each one of the stock that goes */
};

static uint32_t churn_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

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

/* Closes a random one. Before, its name is freed and an equal one is set. */
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
			want = 0; /* full: make room */
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

static int churn_kid(struct world *w, int sock)
{
	static struct churner c;
	char go;

	close_all_but(sock);
	if (recv(sock, &go, 1, 0) != 1)
		return 0;
	/* Devices of its own: nothing is shared with the one who counts. */
	exporters_probe(w);
	c.shared = w->churn;
	c.exp = &w->exps[0];
	c.name = w->churn_name;
	c.which = w->nkids;
	c.rnd = 2463534242U + c.which;
	churn_run(&c);
	return 0;
}

/* Until the child has put one more in its stock, or has a full one. */
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

static void churn_make(struct world *w)
{
	long i, n = w->n ? w->n : 100, step = n / 200 + 1;
	char name[NAME_MAX_LEN + 1];
	const char *exp = NULL;
	struct buf *b;
	size_t k;

	raise_nofile(n + CHURN_STOCK + CHURN_ALIVE + 64);
	w->churn_name = "churn";
	w->churn = mmap(NULL, sizeof(*w->churn), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->churn == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	atomic_store(&w->churn->stocking, true);
	for (k = 0; k < ARRAY_SIZE(w->churn->made); k++)
		kid_start(w, churn_kid);

	exporters_probe(w);
	for (i = 0; i < n; i++) {
		/* A quarter of them before, the others among the churning. */
		if (i == n / 4)
			for (k = 0; k < w->nkids; k++)
				send(w->kids[k].sock, "", 1, MSG_NOSIGNAL);
		if (i >= n / 4 && i % step == 0)
			churn_wait(w->churn, i / step % w->nkids);
		b = buf_make(w, &w->exps[0], (1 + i % 4) * 4 * KIB, exp);
		exp = b->exp;
		if (i % 2) {
			snprintf(name, sizeof(name), "stays-%05ld", i);
			buf_name(b, name);
		}
	}
	atomic_store(&w->churn->stocking, false);
}

static void churn_end(struct world *w)
{
	if (!w->churn)
		return;
	atomic_store(&w->churn->stop, true);
}

static void churn_report(const struct world *w)
{
	const struct churn *c = w->churn;

	if (!c)
		return;
	fprintf(stderr, "mkbufs: churn: %lu allocations, %lu failed\n",
		atomic_load(&c->made[0]) + atomic_load(&c->made[1]),
		atomic_load(&c->failed));
}

/*
 * Every open file of a DRM device that imports a buffer attaches it once more,
 * so any number of attachments can be had. vkms, where there is one, is a
 * second device.
 */
static void attach_make(struct world *w)
{
	static const struct {
		const char *name;
		const char *driver;
		unsigned int n;
	} wanted[] = {
		{ "attached-0", "vgem", 0 },	 { "attached-1", "vgem", 1 },
		{ "attached-3", "vgem", 3 },	 { "attached-20", "vgem", 20 },
		{ "attached-100", "vgem", 100 }, { "attached-vkms", "vkms", 1 },
	};
	const struct exporter *e;
	struct buf *b;
	unsigned int i;
	size_t k;
	int err;

	exporters_probe(w);
	e = foreign_exporter(w);
	if (!e)
		die("attach: only vgem exports, and what it exports it does "
		    "not attach");
	for (k = 0; k < ARRAY_SIZE(wanted); k++) {
		int drm = drm_open(wanted[k].driver);

		if (drm < 0) {
			skip(w, wanted[k].driver, "%s: %s", wanted[k].name,
			     strerror(-drm));
			continue;
		}
		close(drm);
		b = buf_make(w, e, 16 * KIB, NULL);
		buf_name(b, wanted[k].name);
		for (i = 0; i < wanted[k].n; i++) {
			err = buf_import(w, b, wanted[k].driver, false);
			if (err)
				die("%s imports a buffer of %s: %s",
				    wanted[k].driver, e->name, strerror(-err));
		}
	}

	/* Its own buffer back: a reference more, no attachment. */
	for (k = 0; k < w->nexps; k++) {
		if (!w->exps[k].is_drm)
			continue;
		b = buf_make(w, &w->exps[k], 16 * KIB, NULL);
		buf_name(b, "attached-own");
		err = buf_import(w, b, w->exps[k].name, true);
		if (err)
			die("%s imports its own buffer: %s", w->exps[k].name,
			    strerror(-err));
	}

	/* Held by vivid's output and, if it is not vgem's own, by vgem. */
	b = queued_make(w, "attached-queued");
	if (b && strcmp(b->exp, "drm")) {
		err = buf_import(w, b, "vgem", false);
		if (err)
			skip(w, "import", "of %s's into vgem: %s", b->exp,
			     strerror(-err));
	}
	for (k = 0, i = 0; k < w->nbufs; k++)
		i += w->bufs[k]->natt;
	if (!i)
		die("attach: no device here imports buffers");
}

/*
 * The second process of the scene "shared" inherits all that the first one has,
 * and gives up the buffers it should not hold: only the first three remain.
 */
static int shared_kid(struct world *w, int sock)
{
	size_t i;

	for (i = 3; i < w->nbufs; i++)
		close(w->bufs[i]->fd);
	if (send(sock, "", 1, MSG_NOSIGNAL) != 1)
		return 1;
	while (kid_take(sock))
		;
	return 0;
}

static void shared_make(struct world *w)
{
	struct kid *third = kid_start(w, kid_hold), *second;
	struct buf *all, *map, *two, *sent, *flying, *b;
	const struct exporter *e;
	size_t i;
	char c;

	exporters_probe(w);
	e = mappable_exporter(w);

	/* These three the second process inherits, */
	all = buf_make(w, e, 4 * KIB, NULL);
	buf_name(all, "shared-all");
	map = buf_make(w, e, 12 * KIB, NULL);
	buf_name(map, "shared-map");
	buf_map(w, map);
	buf_close(map);
	two = buf_make(w, e, 20 * KIB, NULL);
	buf_name(two, "shared-two");
	/* and these not. */
	sent = buf_make(w, e, 28 * KIB, NULL);
	buf_name(sent, "shared-sent");
	flying = buf_make(w, e, 36 * KIB, NULL);
	buf_name(flying, "shared-in-flight");
	buf_name(buf_make(w, e, 44 * KIB, NULL), "shared-not");

	second = kid_start(w, shared_kid);
	if (recv(second->sock, &c, 1, 0) != 1)
		die("the child did not answer");
	for (i = 0; i < 3; i++) {
		b = w->bufs[i];
		*buf_holder(b, second->pid) = (struct holder){
			.pid = second->pid,
			.fds = b->holders[0].fds,
			.maps = b->holders[0].maps,
		};
		buf_keep(b, HELD_FD, b->holders[0].fds);
		buf_keep(b, HELD_MAP, b->holders[0].maps);
	}

	/* A descriptor in all three, with a mapping as well in the third. */
	kid_give(third, all, GIVE_FD_AND_MAP);
	/* Two descriptors and a mapping in the second, nothing in the first. */
	kid_give(second, two, GIVE_FD_AND_MAP);
	buf_close(two);
	/* A mapping in the third, nothing in the first. */
	kid_give(third, sent, GIVE_MAP);
	buf_close(sent);

	buf_fly(w, flying);
}

/* ------------------------------------------------- scenes of mappings */

static void count_maps(struct buf *b, unsigned int n)
{
	buf_keep(b, HELD_MAP, n);
	buf_holder(b, getpid())->maps += n;
}

/* Maps @n pages from page @first on; the buffer's file must be kept by that. */
static char *map_pages(struct world *w, struct buf *b, size_t first, size_t n)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	void *addr = mmap(NULL, n * page, PROT_READ | PROT_WRITE, MAP_SHARED,
			  b->fd, first * page);

	if (addr == MAP_FAILED || !map_holds(addr, b->ino))
		die("mapping %zu pages of a buffer of %s: %s", n, b->exp,
		    strerror(errno));
	w->maps = grow(w->maps, w->nmaps, sizeof(*w->maps));
	w->maps[w->nmaps++] = (struct map){ addr, n * page };
	count_maps(b, 1);
	return addr;
}

static struct buf *map_make(struct world *w, const char *name, size_t n)
{
	struct buf *b = buf_make(w, mappable_exporter(w),
				 n * sysconf(_SC_PAGESIZE), NULL);

	buf_name(b, name);
	return b;
}

static void maps_make(struct world *w)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	struct buf *b;
	struct kid *kid;
	void *addr, *place;

	exporters_probe(w);

	/* The child inherits this one, and nothing that comes after it. */
	b = map_make(w, "map-inherited", 4);
	map_pages(w, b, 0, 4);
	kid = kid_start(w, kid_hold);
	buf_holder(b, kid->pid)->maps = 1;
	buf_keep(b, HELD_MAP, 1);
	buf_close(b);

	b = map_make(w, "map-part", 8);
	map_pages(w, b, 3, 2);
	buf_close(b);

	b = map_make(w, "map-twice", 4);
	map_pages(w, b, 0, 4);
	map_pages(w, b, 1, 2);
	buf_close(b);

	b = map_make(w, "map-split-by-munmap", 4);
	addr = map_pages(w, b, 0, 4);
	munmap((char *)addr + page, page);
	count_maps(b, 1);
	buf_close(b);

	b = map_make(w, "map-split-by-mprotect", 4);
	addr = map_pages(w, b, 0, 4);
	if (mprotect((char *)addr + page, page, PROT_READ))
		die("mprotect: %s", strerror(errno));
	count_maps(b, 2);
	buf_close(b);

	b = map_make(w, "map-moved", 4);
	addr = map_pages(w, b, 0, 4);
	place = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (place == MAP_FAILED ||
	    mremap(addr, 4 * page, 4 * page, MREMAP_MAYMOVE | MREMAP_FIXED,
		   place) != place)
		die("mremap: %s", strerror(errno));
	w->maps[w->nmaps - 1].addr = place;
	buf_close(b);
}

/* --------------------------------------------- scenes of what tasks share */

/* Until it is killed; nothing that libc keeps may be touched here. */
static int twin_run(void *arg)
{
	if (arg)
		syscall(SYS_close_range, 3, ~0U, 0);
	for (;;)
		syscall(SYS_pause);
	return 0;
}

/*
 * A process of its own that shares the table of descriptors, or the memory; in
 * the second case its own table is emptied.
 */
static pid_t twin_start(struct world *w, int share)
{
	void *stack = mmap(NULL, TWIN_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (stack == MAP_FAILED || w->ntwins == MAX_KIDS)
		die("no stack for a process: %s", strerror(errno));
	pid = clone(twin_run, (char *)stack + TWIN_STACK, share | SIGCHLD,
		    share & CLONE_VM ? w : NULL);
	if (pid < 0)
		die("clone: %s", strerror(errno));
	w->twins[w->ntwins++] = (struct twin){ pid, stack };
	return pid;
}

/* A thread with a table of its own, and a buffer in that alone. */
struct loner {
	struct world *world;
	atomic_int made;
	int fd;
};

static void *loner_run(void *arg)
{
	struct loner *loner = arg;
	struct world *w = loner->world;

	if (unshare(CLONE_FILES))
		die("unshare: %s", strerror(errno));
	loner->fd = buf_make(w, mappable_exporter(w), 16 * KIB, NULL)->fd;
	loner->made = 1;
	for (;;)
		pause();
	return NULL;
}

static void tables_make(struct world *w)
{
	static struct loner loner;
	struct kid *hostile;
	struct buf *alone, *table, *memory, *b;
	pthread_t thread;
	pid_t twin;

	exporters_probe(w);
	loner.world = w;
	if (pthread_create(&thread, NULL, loner_run, &loner))
		die("no thread");
	while (!loner.made)
		usleep(1000);
	alone = w->bufs[0];
	/* It is in no table that this thread could look into. */
	alone->fd = -1;
	/* After the thread, whose table would keep the child's socket open. */
	hostile = kid_start_as(w, "a\n\033[31mb\"\\", kid_hold);

	b = buf_make(w, mappable_exporter(w), 8 * KIB, NULL);
	buf_name(b, "table-hostile");
	kid_give(hostile, b, GIVE_FD_AND_MAP);
	buf_dup(w, b);

	memory = map_make(w, "memory-shared", 4);
	map_pages(w, memory, 0, 4);
	buf_close(memory);
	twin = twin_start(w, CLONE_VM);
	buf_holder(memory, twin)->maps = 1;

	/* All descriptors that this process has, the other one has too. */
	table = buf_make(w, mappable_exporter(w), 12 * KIB, NULL);
	buf_name(table, "table-shared");
	twin = twin_start(w, CLONE_FILES);
	buf_holder(table, twin)->fds = 1;
	buf_holder(b, twin)->fds = 2;
	/* It got a copy of the memory, and so of what is mapped. */
	buf_holder(memory, twin)->maps = 1;
	buf_keep(memory, HELD_MAP, 1);
}

/* --------------------------------------------- scenes without a process */

/* In the table of files that an io_uring has. */
static int buf_register(struct world *w, struct buf *b)
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
	buf_keep(b, HELD_IO_URING, 1);
	return 0;
}

static void kept_make(struct world *w)
{
	struct buf *b;
	int err;

	exporters_probe(w);
	b = buf_make(w, &w->exps[0], 16 * KIB, NULL);
	buf_name(b, "kept-by-message");
	buf_fly(w, b);

	b = buf_make(w, &w->exps[0], 20 * KIB, NULL);
	buf_name(b, "kept-by-io_uring");
	err = buf_register(w, b);
	if (err)
		skip(w, "io_uring", "%s", strerror(-err));
	else
		buf_close(b);

	basic_handle(w);
	b = queued_make(w, "kept-by-queue");
	if (b)
		buf_close(b);
}

enum { LEAKS = 3 };

static struct buf *leak_make(struct world *w)
{
	struct buf *b = buf_make(w, &w->exps[0], MIB, NULL);

	buf_name(b, "frame");
	return b;
}

static void leaking_make(struct world *w)
{
	size_t i;

	exporters_probe(w);
	for (i = 0; i < LEAKS; i++)
		buf_fly(w, leak_make(w));
}

static void clean_make(struct world *w)
{
	size_t i;

	exporters_probe(w);
	for (i = 0; i < LEAKS; i++)
		leak_make(w);
}

struct scene {
	const char *name;
	const char *desc;
	void (*make)(struct world *w);
};

static const struct scene scenes[] = {
	{ "basic", "some buffers of every exporter, held in every way",
	  basic_make },
	{ "empty", "no buffers", empty_make },
	{ "names", "one buffer for every nasty name", names_make },
	{ "many", "N one-page buffers (1000), every second one named",
	  many_make },
	{ "churn", "N buffers (100) that stay among others that come and go",
	  churn_make },
	{ "attach", "buffers with no, one and many attachments", attach_make },
	{ "shared", "buffers that three processes share", shared_make },
	{ "maps", "mappings in part, twice, split, moved and inherited",
	  maps_make },
	{ "tables", "tables of descriptors and memory that tasks share",
	  tables_make },
	{ "kept", "buffers kept alive by something of every other kind",
	  kept_make },
	{ "leaking", "some megabytes that no process holds", leaking_make },
	{ "clean", "the same, held by descriptors", clean_make },
};

/* ------------------------------------------------------------------- truth */

static const char *comm_of(const struct world *w, pid_t pid)
{
	size_t i;

	for (i = 0; i < w->nkids; i++)
		if (w->kids[i].pid == pid)
			return w->kids[i].comm;
	return "mkbufs";
}

static void print_buf(FILE *f, const struct world *w, const struct buf *b)
{
	const char *sep = "";
	size_t i, len;

	fprintf(f, "{\"ino\":%" PRIu64 ",\"size\":%" PRIu64 ",\"exporter\":",
		b->ino, b->size);
	json_str(f, b->exp, strlen(b->exp));
	if (b->name) {
		len = strlen(b->name);
		fputs(",\"name\":", f);
		json_str(f, b->name, len);
		fputs(",\"name_hex\":", f);
		json_hex(f, b->name, len);
	} else {
		fputs(",\"name\":null,\"name_hex\":null", f);
	}
	fprintf(f, ",\"refs\":%ld,\"attachments\":", b->refs);
	if (b->att_unknown)
		fputs("null", f);
	for (i = 0; i < b->natt && !b->att_unknown; i++) {
		fprintf(f, "%s{\"device\":", i ? "," : "[");
		json_str(f, b->att[i].name, strlen(b->att[i].name));
		fputs(",\"driver\":", f);
		if (b->att[i].driver[0])
			json_str(f, b->att[i].driver, strlen(b->att[i].driver));
		else
			fputs("null", f);
		putc('}', f);
	}
	if (!b->att_unknown)
		fputs(b->natt ? "]" : "[]", f);

	fputs(",\"held\":{", f);
	for (i = 0; i < HELD_TYPES; i++) {
		if (!b->held[i])
			continue;
		fprintf(f, "%s\"%s\":%ld", sep, held_names[i], b->held[i]);
		sep = ",";
	}
	sep = "";
	fputs("},\"holders\":[", f);
	for (i = 0; i < MAX_HOLDERS; i++) {
		const struct holder *h = &b->holders[i];
		const char *comm = comm_of(w, h->pid);

		if (!h->fds && !h->maps && !h->handles)
			continue;
		fprintf(f, "%s{\"pid\":%d,\"comm\":", sep, (int)h->pid);
		json_str(f, comm, strlen(comm));
		fprintf(f, ",\"fds\":%u,\"maps\":%u,\"handles\":%u}", h->fds,
			h->maps, h->handles);
		sep = ",";
	}
	fputs("]}", f);
}

/* The first and the last ones when there are very many. */
static void check_all(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nbufs; i++)
		if (i < 200 || i + 200 >= w->nbufs)
			buf_check(w->bufs[i]);
}

static void print_truth(FILE *f, const struct world *w)
{
	size_t i;

	fprintf(f, "{\"scene\":\"%s\",\"pid\":%d", w->scene, (int)getpid());
	if (w->churn_name) {
		fputs(",\"churn_name\":", f);
		json_str(f, w->churn_name, strlen(w->churn_name));
	}
	fputs(",\"buffers\":[", f);
	for (i = 0; i < w->nbufs; i++) {
		if (i)
			putc(',', f);
		print_buf(f, w, w->bufs[i]);
	}
	fputs("],\"skipped\":[", f);
	for (i = 0; i < w->nskips; i++) {
		fputs(i ? ",{\"exporter\":" : "{\"exporter\":", f);
		json_str(f, w->skips[i].exporter, strlen(w->skips[i].exporter));
		fputs(",\"why\":", f);
		json_str(f, w->skips[i].why, strlen(w->skips[i].why));
		putc('}', f);
	}
	fputs("]}\n", f);
	if (fflush(f) || ferror(f))
		die("writing the truth: %s", strerror(errno));
}

/* -------------------------------------------------------------------- main */

static int signals_block(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		die("sigprocmask: %s", strerror(errno));
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("signalfd: %s", strerror(errno));
	return fd;
}

static void wait_for_end(int sigfd, bool hold)
{
	struct pollfd p[] = {
		{ .fd = sigfd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};
	char buf[256];
	ssize_t n;

	for (;;) {
		if (poll(p, hold ? 1 : 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			die("poll: %s", strerror(errno));
		}
		if (p[0].revents)
			return;
		n = read(STDIN_FILENO, buf, sizeof(buf));
		if (n <= 0 || memchr(buf, '\n', n))
			return;
	}
}

static int kids_end(struct world *w)
{
	int status, ret = 0;
	size_t i;

	churn_end(w);
	for (i = 0; i < w->ntwins; i++) {
		kill(w->twins[i].pid, SIGKILL);
		waitpid(w->twins[i].pid, NULL, 0);
		if (w->twins[i].stack)
			munmap(w->twins[i].stack, TWIN_STACK);
	}
	for (i = 0; i < w->nkids; i++)
		close(w->kids[i].sock);
	for (i = 0; i < w->nkids; i++) {
		if (waitpid(w->kids[i].pid, &status, 0) < 0 || status) {
			fprintf(stderr, "mkbufs: child %d failed\n",
				(int)w->kids[i].pid);
			ret = -ECHILD;
		}
	}
	return ret;
}

static void world_free(struct world *w)
{
	size_t i;

	for (i = 0; i < w->nmaps; i++)
		munmap(w->maps[i].addr, w->maps[i].len);
	for (i = 0; i < w->nfds; i++)
		close(w->fds[i]);
	if (w->v4l2_fd >= 0)
		close(w->v4l2_fd);
	for (i = 0; i < w->nbufs; i++) {
		if (w->bufs[i]->fd >= 0)
			close(w->bufs[i]->fd);
		free(w->bufs[i]->name);
		free(w->bufs[i]->att);
		free(w->bufs[i]);
	}
	for (i = 0; i < w->nexps; i++)
		close(w->exps[i].fd);
	for (i = 0; i < w->nskips; i++) {
		free(w->skips[i].exporter);
		free(w->skips[i].why);
	}
	for (i = 0; i < w->nexp_names; i++)
		free(w->exp_names[i]);
	free(w->maps);
	free(w->fds);
	free(w->bufs);
	free(w->skips);
	free(w->exp_names);
}

static void usage(FILE *f)
{
	fputs("Usage: mkbufs SCENE [-n N] [--hold]\n"
	      "       mkbufs --list\n"
	      "\n"
	      "Makes a scene of dma-bufs, prints the truth about it as one\n"
	      "line of JSON and waits for a line or the end of stdin; then\n"
	      "frees all.\n"
	      "\n"
	      "  -n N       how many buffers (many, churn)\n"
	      "  --hold     wait for SIGTERM or SIGINT instead\n"
	      "  --list     print the scenes\n"
	      "  --help     print this\n",
	      f);
}

static const struct scene *scene_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scenes); i++)
		if (!strcmp(scenes[i].name, name))
			return &scenes[i];
	return NULL;
}

/* A closed stdin would become the first buffer. */
static void std_fds_open(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "hold", no_argument, NULL, 'H' },
		{ "list", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct world *w;
	const struct scene *scene;
	bool hold = false;
	int opt, sigfd, err;
	char *end;
	long n = 0;
	size_t i;

	while ((opt = getopt_long(argc, argv, "n:h", options, NULL)) != -1) {
		switch (opt) {
		case 'n':
			errno = 0;
			n = strtol(optarg, &end, 10);
			if (errno || *end || end == optarg || n < 1 ||
			    n > 1000000) {
				fprintf(stderr,
					"mkbufs: -n %s: not a number "
					"from 1 to 1000000\n",
					optarg);
				return EXIT_USAGE;
			}
			break;
		case 'H':
			hold = true;
			break;
		case 'l':
			for (i = 0; i < ARRAY_SIZE(scenes); i++)
				printf("%-8s%s\n", scenes[i].name,
				       scenes[i].desc);
			return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
		case 'h':
			usage(stdout);
			return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (optind + 1 != argc) {
		usage(stderr);
		return EXIT_USAGE;
	}
	scene = scene_find(argv[optind]);
	if (!scene) {
		fprintf(stderr, "mkbufs: no scene %s; see mkbufs --list\n",
			argv[optind]);
		return EXIT_USAGE;
	}

	w = calloc(1, sizeof(*w));
	if (!w)
		die("out of memory");
	w->scene = scene->name;
	w->n = n;
	w->v4l2_fd = -1;

	std_fds_open();
	sigfd = signals_block();
	scene->make(w);
	check_all(w);
	print_truth(stdout, w);

	wait_for_end(sigfd, hold);

	err = kids_end(w);
	world_free(w);
	churn_report(w);
	close(sigfd);
	free(w);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
