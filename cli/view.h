/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several commands make of a snapshot. */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include "out.h"

/* Fills the envelope's kernel, collector, gaps and the totals of buffers. */
void view_envelope(const struct dmabuf_snapshot *snapshot,
		   struct envelope *envelope);

#endif
