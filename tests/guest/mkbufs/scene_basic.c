// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/child.h"
#include "mkbufs/drm.h"
#include "mkbufs/exporter.h"
#include "mkbufs/gem.h"
#include "mkbufs/inflight.h"
#include "mkbufs/mapping.h"
#include "mkbufs/queue.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/* Buffers of one exporter. */
static void basic_each(struct world *w, const struct exporter *e)
{
	char name[NAME_MAX_LEN + 1];
	struct buf *b;

	/* One descriptor, no name. */
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

/* Two imported buffers. The second one has no descriptor. */
static void basic_imports(struct world *w)
{
	static const char *const names[] = { "imported", "import-only" };
	const struct exporter *e = foreign_exporter(w);
	int drm = drm_open("vgem"), err;
	struct buf *b;
	size_t i;

	if (drm < 0)
		return; /* vgem_probe() called skip() */
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

void basic_make(struct world *w)
{
	struct child *child = child_start(w, child_hold);
	const struct exporter *e;
	struct buf *b;
	size_t i;

	exporters_probe(w);
	for (i = 0; i < w->nexporters; i++)
		basic_each(w, &w->exporters[i]);

	e = mappable_exporter(w);
	b = buf_make_named(w, e, 8 * KIB, "child-only");
	child_give(child, b, GIVE_FD);
	buf_close(b);
	b = buf_make_named(w, e, 24 * KIB, "child-map-only");
	child_give(child, b, GIVE_MAP);
	buf_close(b);
	b = buf_make_named(w, e, 40 * KIB, "in-flight");
	buf_send(w, b);

	gem_make_handle_only(w);
	basic_imports(w);
	b = queue_make(w, "queued-only");
	if (b)
		buf_close(b);
}

void empty_make(struct world *w)
{
	(void)w;
}
