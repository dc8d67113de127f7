// SPDX-License-Identifier: GPL-2.0-or-later
/* Android's text: four lines a buffer, more with newlines, or an error. */
#include "collect/parse_iter_text.h"
#include "fuzz.h"
#include "snapshot/buffers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fdopen(fuzz_file(data, size, "", 0), "r");
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_error error = {};
	size_t lines = 0, i;
	uint64_t bytes = 0;
	int r;

	must(file && snapshot);
	r = parse_text(file, "fuzz", snapshot, &bytes, &error);
	must(r == error.err);
	snapshot_join_buffers(snapshot);
	fuzz_look(snapshot);
	if (!r) {
		for (i = 0; i < size; i++)
			lines += data[i] == '\n';
		must(bytes == size);
		must(lines >= 4 * dmabuf_snapshot_count(snapshot));
	}
	dmabuf_snapshot_free(snapshot);
	fclose(file);
	return 0;
}
