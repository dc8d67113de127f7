// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of dma_buf/bufinfo: buffers that add up to its sums, or an error. */
#include "collect/parse_bufinfo.h"
#include "fuzz.h"
#include "snapshot/buffers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fdopen(fuzz_file(data, size, "", 0), "r");
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct dmabuf_rec_buffer *rec;
	struct dmabuf_error error = {};
	size_t i, attachments = 0;
	int r;

	must(file && snapshot);
	r = parse_bufinfo(file, "fuzz", snapshot, &error);
	must(r == error.err);
	snapshot_join_buffers(snapshot);
	fuzz_look(snapshot);
	for (i = 0; !r && i < snapshot->buffers.n; i++) {
		rec = vec_at(&snapshot->buffers, i);
		fuzz_text(rec->name, 31);
		attachments += rec->attachments;
	}
	must(r || attachments == snapshot->attachments.n);
	dmabuf_snapshot_free(snapshot);
	fclose(file);
	return 0;
}
