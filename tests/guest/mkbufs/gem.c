// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/display.h"
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

struct buf *gem_make_with_handle(struct world *w, const char *name,
				 int *ret_drm)
{
	struct buf *b;
	int drm, fd;

	drm = drm_open("vgem");
	if (drm < 0)
		return NULL; /* vgem_probe() called skip() */
	keep_fd(w, drm);
	fd = drm_make(drm, 128 * KIB, true);
	if (fd < 0) {
		skip(w, "vgem", "a buffer with its handle: %s", strerror(-fd));
		return NULL;
	}
	b = buf_adopt(w, fd, NULL);
	buf_add_handle(b, 1);
	buf_holder(b, getpid())->handles++;
	buf_name(b, name);
	*ret_drm = drm;
	return b;
}

void gem_make_handle_only(struct world *w)
{
	struct buf *b;
	int drm;

	b = gem_make_with_handle(w, "handle-only", &drm);
	if (b)
		buf_close(b);
}

/* The object keeps one or two, which depends on the kernel. */
int gem_add_object(struct buf *b, int drm)
{
	struct fdinfo info;
	int err = fdinfo_read(b->fd, &info);

	if (err)
		return err;
	if (info.count <= b->refs)
		return -ENOENT;
	buf_add_refs(b, REF_GEM_OBJECT, info.count - b->refs);
	buf_add_attachment(b, drm);
	return 0;
}

static int show(struct buf *b, size_t n)
{
	int drm = display_open(), err;
	uint32_t id;

	if (drm < 0)
		return drm;
	err = display_add(drm, b, n, &id);
	if (!err)
		err = gem_add_object(b, drm);
	if (!err)
		return drm;
	close(drm);
	return err;
}

int gem_show(struct buf *b)
{
	return show(b, 1);
}

void gem_make_framebuffers_only(struct world *w, const char *name, size_t n)
{
	struct buf *b = buf_make_named(w, &w->exporters[0], SHOWN_SIZE, name);
	int drm = show(b, n);

	if (drm < 0) {
		skip(w, name, "%s", strerror(-drm));
		buf_drop(w);
		return;
	}
	keep_fd(w, drm);
	buf_holder(b, getpid())->handles += n;
	buf_close(b);
}
