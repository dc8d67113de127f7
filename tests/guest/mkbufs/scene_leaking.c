// SPDX-License-Identifier: GPL-2.0-or-later
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/inflight.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

enum { LEAKS = 3 };

/* Where the leak is, by its stack. */
static __attribute__((noinline)) struct buf *leak_make(struct world *w)
{
	return buf_make_named(w, &w->exporters[0], MIB, "frame");
}

void leaking_make(struct world *w)
{
	size_t i;

	exporters_probe(w);
	for (i = 0; i < LEAKS; i++)
		buf_send(w, leak_make(w));
}

void clean_make(struct world *w)
{
	size_t i;

	exporters_probe(w);
	for (i = 0; i < LEAKS; i++)
		leak_make(w);
}
