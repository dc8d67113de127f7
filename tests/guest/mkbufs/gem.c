// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <unistd.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/drm.h"
#include "mkbufs/gem.h"
#include "mkbufs/world.h"

/* Counts a GEM handle of this process and the references of its object. */
static void buf_add_handle(struct buf *b, long object_refs)
{
	buf_add_refs(b, REF_GEM_HANDLE, 1);
	buf_add_refs(b, REF_GEM_OBJECT, object_refs);
	buf_holder(b, getpid())->handles++;
}

int buf_import(struct world *w, struct buf *b, const char *driver, bool own)
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
	buf_add_handle(b, own ? 1 : 2);
	if (!own)
		buf_add_attachment(b, drm);
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
	buf_name(b, "handle-only");
	buf_close(b);
}
