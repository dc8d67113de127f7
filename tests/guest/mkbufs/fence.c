// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fences of vgem. They signal 10 seconds after they were made, so a thread adds
 * new ones. The kernel refuses a second fence for writing in the same buffer,
 * but not for reading: those are made in a buffer of vgem, and go as fences for
 * writing from there to the other buffers.
 */
#include <errno.h>
#include <linux/dma-buf.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/drm.h"
#include "mkbufs/fence.h"
#include "mkbufs/gem.h"
#include "mkbufs/world.h"

enum { SECONDS = 2, MAX_BUSY = 4 };

/* Since 6.0, so that old headers do not have it. */
struct sync_file {
	__u32 flags;
	__s32 fd;
};

#define EXPORT_SYNC_FILE _IOWR('b', 2, struct sync_file)
#define IMPORT_SYNC_FILE _IOW('b', 3, struct sync_file)

static struct fencer {
	int drm;
	int source;
	__u32 handle; /* of the source */
	int busy[MAX_BUSY];
	size_t n;
	atomic_bool ends; /* soon its descriptors are closed */
} fencer;

static int fencer_add(const struct fencer *f)
{
	struct drm_abi_vgem_fence fence = { .handle = f->handle };
	struct sync_file sync = { .flags = DMA_BUF_SYNC_WRITE };
	int err;
	size_t i;

	err = xioctl(f->drm, DRM_ABI_VGEM_FENCE, &fence);
	if (!err)
		err = xioctl(f->source, EXPORT_SYNC_FILE, &sync);
	if (err)
		return err;
	for (i = 0; !err && i < f->n; i++)
		err = xioctl(f->busy[i], IMPORT_SYNC_FILE, &sync);
	close(sync.fd);
	return err;
}

static void *fencer_run(void *arg)
{
	const struct fencer *f = arg;
	int err;

	do {
		sleep(SECONDS);
		err = fencer_add(f);
	} while (!err);
	if (!f->ends)
		die("cannot add a fence: %s", strerror(-err));
	return NULL;
}

static int fencer_start(struct fencer *f)
{
	pthread_t thread;
	int err = fencer_add(f);

	return err ? err : -pthread_create(&thread, NULL, fencer_run, f);
}

void keep_busy_end(void)
{
	fencer.ends = true;
}

int keep_busy(struct world *w, struct buf *const *bufs, size_t n)
{
	struct drm_abi_prime prime = {};
	struct fencer *f = &fencer;
	struct buf *source;
	int err;

	source = gem_make_with_handle(w, "fences", &f->drm);
	if (!source)
		return -ENODEV;
	prime.fd = f->source = source->fd;
	err = xioctl(f->drm, DRM_ABI_FD_TO_HANDLE, &prime);
	if (err)
		return err;
	f->handle = prime.handle;
	for (; f->n < n && f->n < MAX_BUSY; f->n++)
		f->busy[f->n] = bufs[f->n]->fd;
	return fencer_start(f);
}
