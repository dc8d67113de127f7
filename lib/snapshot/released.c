// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/released.h"

#include <errno.h>

#include "snapshot/buffers.h"

int snapshot_join_released(struct dmabuf_snapshot *snapshot)
{
	const struct buffer *buffer = NULL;
	int r;

	if (!snapshot->released.n)
		return 0;
	while ((buffer = vec_next(&snapshot->released, buffer)))
		if (vec_push(&snapshot->buffers, buffer))
			return -ENOMEM;
	snapshot->released.n = 0;
	/* Each descriptor that keeps a buffer has added it. */
	r = snapshot_join_buffers(snapshot);
	while (!r && (buffer = vec_next(&snapshot->buffers, buffer)))
		snapshot->n_released += is_released(buffer);
	return r;
}
