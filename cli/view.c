// SPDX-License-Identifier: GPL-2.0-or-later
#include "number.h"
#include "view.h"

void view_envelope(const struct dmabuf_snapshot *snapshot,
		   struct envelope *envelope)
{
	const struct dmabuf_buffer *buffer = NULL;
	uint64_t bytes = 0, size;

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		if (!dmabuf_buffer_size(buffer, &size))
			bytes = number_add(bytes, size);

	envelope->snapshot = snapshot;
	envelope->kernel = dmabuf_snapshot_kernel(snapshot);
	envelope->collector = dmabuf_snapshot_collector(snapshot);
	envelope->totals[0] =
		(struct total){ "buffers", dmabuf_snapshot_count(snapshot) };
	envelope->totals[1] = (struct total){ "bytes", bytes };
}
