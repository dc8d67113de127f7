// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/* Needs the module of tests/guest/forget, which keeps the buffer. */
void forgotten_make(struct world *w)
{
	struct buf *b;
	FILE *f;

	exporters_probe(w);
	b = buf_make_named(w, &w->exporters[0], MIB, "forgotten");
	f = fopen("/dev/forget", "we");
	if (!f)
		die("/dev/forget: %s", strerror(errno));
	if (fprintf(f, "%d", b->fd) < 0 || fclose(f))
		die("/dev/forget does not take the buffer: %s",
		    strerror(errno));
	buf_add_refs(b, REF_FORGOTTEN, 1);
	buf_close(b);
}
