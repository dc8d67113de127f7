// SPDX-License-Identifier: GPL-2.0-or-later
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
 * Every open file of a DRM device that imports a buffer attaches it once more,
 * so any number of attachments can be had. vkms, where there is one, is a
 * second device.
 */
void attach_make(struct world *w)
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
	for (k = 0; k < w->nexporters; k++) {
		if (!w->exporters[k].is_drm)
			continue;
		b = buf_make(w, &w->exporters[k], 16 * KIB, NULL);
		buf_name(b, "attached-own");
		err = buf_import(w, b, w->exporters[k].name, true);
		if (err)
			die("%s imports its own buffer: %s",
			    w->exporters[k].name, strerror(-err));
	}

	/* Held by vivid's output and, if it is not vgem's own, by vgem. */
	b = queue_make(w, "attached-queued");
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
