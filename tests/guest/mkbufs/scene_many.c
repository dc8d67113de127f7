// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

void many_make(struct world *w)
{
	long i, n = w->n ? w->n : 1000;
	char name[NAME_MAX_LEN + 1];
	const char *exp = NULL;
	struct buf *b;

	raise_nofile(n + 64);
	exporters_probe(w);
	for (i = 1; i <= n; i++) {
		b = buf_make(w, &w->exporters[0], 4 * KIB, exp);
		exp = b->exp;
		if (i % 2) {
			snprintf(name, sizeof(name), "many-%06ld", i);
			buf_name(b, name);
		}
	}
}
