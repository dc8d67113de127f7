// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/drm.h"
#include "mkbufs/exporter.h"
#include "mkbufs/gem.h"
#include "mkbufs/queue.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/*
 * Each open file of a DRM device that imports a buffer adds an attachment, so a
 * buffer can have any number of attachments. vkms, if the kernel has it, is a
 * second device.
 */
static void make_attached(struct world *w, const struct exporter *e,
			  const char *name, const char *driver, unsigned int n)
{
	struct buf *b;
	int drm, err;

	drm = drm_open(driver);
	if (drm < 0) {
		skip(w, driver, "%s: %s", name, strerror(-drm));
		return;
	}
	close(drm);
	b = buf_make_named(w, e, 16 * KIB, name);
	while (n--) {
		err = buf_import(w, b, driver, false);
		if (err)
			die("%s cannot import a buffer of %s: %s", driver,
			    e->name, strerror(-err));
	}
}

/* A device that imports its own buffer adds references but no attachment. */
static void make_own_imports(struct world *w)
{
	const struct exporter *e;
	struct buf *b;
	size_t i;
	int err;

	for (i = 0; i < w->nexporters; i++) {
		e = &w->exporters[i];
		if (!e->is_drm)
			continue;
		b = buf_make_named(w, e, 16 * KIB, "attached-own");
		err = buf_import(w, b, e->name, true);
		if (err)
			die("%s cannot import its own buffer: %s", e->name,
			    strerror(-err));
	}
}

/* vivid's output holds it, and vgem too unless the buffer is vgem's own. */
static void make_queued(struct world *w)
{
	struct buf *b = queue_make(w, "attached-queued");
	int err;

	if (!b || !strcmp(b->exp, "drm"))
		return;
	err = buf_import(w, b, "vgem", false);
	if (err)
		skip(w, "import", "of %s's into vgem: %s", b->exp,
		     strerror(-err));
}

static bool has_attachments(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nbufs; i++)
		if (w->bufs[i]->natt)
			return true;
	return false;
}

void attach_make(struct world *w)
{
	const struct exporter *e;

	exporters_probe(w);
	e = foreign_exporter(w);
	if (!e)
		die("attach: vgem is the only exporter, and it does not attach "
		    "its own buffers");
	make_attached(w, e, "attached-0", "vgem", 0);
	make_attached(w, e, "attached-1", "vgem", 1);
	make_attached(w, e, "attached-3", "vgem", 3);
	make_attached(w, e, "attached-20", "vgem", 20);
	make_attached(w, e, "attached-100", "vgem", 100);
	make_attached(w, e, "attached-vkms", "vkms", 1);
	make_own_imports(w);
	make_queued(w);
	if (!has_attachments(w))
		die("attach: no device here imports buffers");
}
