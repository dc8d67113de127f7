// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/drm.h"
#include "mkbufs/fdinfo.h"
#include "mkbufs/gem.h"
#include "mkbufs/world.h"

/* Counts a GEM handle and the references of its object. */
static void buf_add_handle(struct buf *b, long object_refs)
{
	buf_add_refs(b, REF_GEM_HANDLE, 1);
	buf_add_refs(b, REF_GEM_OBJECT, object_refs);
}

int gem_import(struct buf *b, const char *driver, bool own)
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
	buf_add_handle(b, own ? 1 : 2);
	if (!own)
		buf_add_attachment(b, drm);
	return drm;
}

int buf_import(struct world *w, struct buf *b, const char *driver, bool own)
{
	int drm = gem_import(b, driver, own);

	if (drm < 0)
		return drm;
	keep_fd(w, drm);
	buf_holder(b, getpid())->handles++;
	return 0;
}

void gem_make_handle_only(struct world *w)
{
	struct buf *b;
	int drm, fd;

	drm = drm_open("vgem");
	if (drm < 0)
		return; /* vgem_probe() called skip() */
	keep_fd(w, drm);
	fd = drm_make(drm, 128 * KIB, true);
	if (fd < 0) {
		skip(w, "vgem", "a buffer with its handle: %s", strerror(-fd));
		return;
	}
	b = buf_adopt(w, fd, NULL);
	buf_add_handle(b, 1);
	buf_holder(b, getpid())->handles++;
	buf_name(b, "handle-only");
	buf_close(b);
}

/* The first display, or -errno. */
static int display_open(void)
{
	static const char *const drivers[] = { "bochs-drm", "cirrus" };
	int fd = -ENODEV;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(drivers) && fd < 0; i++)
		fd = drm_open(drivers[i]);
	return fd;
}

/* Shows the buffer, and closes its handle. Return: 0 or -errno. */
static int show(int drm, const struct buf *b)
{
	enum { WIDTH = 64, HEIGHT = 64, BYTES = 4 };
	struct drm_abi_prime prime = { .fd = b->fd };
	struct drm_abi_framebuffer fb = {
		.width = WIDTH,
		.height = HEIGHT,
		.pixel_format = DRM_ABI_XRGB8888,
		.pitches = { WIDTH * BYTES },
	};
	struct drm_abi_gem_close gem_close = { 0 };
	int err;

	err = xioctl(drm, DRM_ABI_FD_TO_HANDLE, &prime);
	if (err)
		return err;
	fb.handles[0] = gem_close.handle = prime.handle;
	err = xioctl(drm, DRM_ABI_ADD_FB, &fb);
	xioctl(drm, DRM_ABI_GEM_CLOSE, &gem_close);
	return err;
}

int gem_show(struct buf *b)
{
	int drm = display_open(), err;
	struct fdinfo info;

	if (drm < 0)
		return drm;
	err = show(drm, b);
	if (!err)
		err = fdinfo_read(b->fd, &info);
	if (err) {
		close(drm);
		return err;
	}
	/* The object keeps one or two, which depends on the kernel. */
	buf_add_refs(b, REF_GEM_OBJECT, info.count - b->refs);
	buf_add_attachment(b, drm);
	return drm;
}

void gem_make_framebuffer_only(struct world *w)
{
	struct buf *b = buf_make_named(w, &w->exporters[0], 64 * KIB,
				       "framebuffer-only");
	int drm = gem_show(b);

	if (drm < 0) {
		skip(w, "framebuffer", "%s", strerror(-drm));
		buf_drop(w);
		return;
	}
	keep_fd(w, drm);
	buf_holder(b, getpid())->handles++;
	buf_close(b);
}
