/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_ROWS_VIA_H
#define CLI_ROWS_VIA_H

#include <dmabuf/dmabuf.h>

#include "util/strbuf.h"

/*
 * Says which file keeps a reference, and how a process has that file:
 * "/dev/dri/card0, fd 5", or "in a message, fd 7". Says nothing when no other
 * file keeps it.
 */
void via_say(struct strbuf *buf, const struct dmabuf_snapshot *snapshot,
	     const struct dmabuf_ref *ref);

#endif
