// SPDX-License-Identifier: GPL-2.0-or-later
#include "view.h"

uint64_t view_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

void view_envelope(const struct dmabuf_snapshot *snapshot,
		   struct envelope *envelope)
{
	const struct dmabuf_buffer *buffer = NULL;
	uint64_t bytes = 0, size;

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		if (!dmabuf_buffer_size(buffer, &size))
			bytes = view_add(bytes, size);

	envelope->snapshot = snapshot;
	envelope->kernel = dmabuf_snapshot_kernel(snapshot);
	envelope->collector = dmabuf_snapshot_collector(snapshot);
	envelope->totals[0] =
		(struct total){ "buffers", dmabuf_snapshot_count(snapshot) };
	envelope->totals[1] = (struct total){ "bytes", bytes };
}
