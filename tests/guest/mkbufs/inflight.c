// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/carrier.h"
#include "mkbufs/inflight.h"

void buf_send(struct world *w, struct buf *b)
{
	int err = carry_in_message(w, b->fd);

	if (err)
		die("cannot send a buffer: %s", strerror(-err));
	buf_add_refs(b, REF_MESSAGE, 1);
	buf_close(b);
}

int buf_register(struct world *w, struct buf *b)
{
	int err = carry_in_ring(w, b->fd);

	if (!err)
		buf_add_refs(b, REF_IO_URING, 1);
	return err;
}
