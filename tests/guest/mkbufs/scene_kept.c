// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/gem.h"
#include "mkbufs/inflight.h"
#include "mkbufs/queue.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

void kept_make(struct world *w)
{
	struct buf *b;
	int err;

	exporters_probe(w);
	b = buf_make_named(w, &w->exporters[0], 16 * KIB, "kept-by-message");
	buf_send(w, b);

	b = buf_make_named(w, &w->exporters[0], 20 * KIB, "kept-by-io_uring");
	err = buf_register(w, b);
	if (err)
		skip(w, "io_uring", "%s", strerror(-err));
	else
		buf_close(b);

	gem_make_handle_only(w);
	gem_make_framebuffers_only(w, "framebuffer-only", 1);
	b = queue_make(w, "kept-by-queue");
	if (b)
		buf_close(b);
}
