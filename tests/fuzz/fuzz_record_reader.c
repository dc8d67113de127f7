// SPDX-License-Identifier: GPL-2.0-or-later
/* Records as an iterator gives them: read, joined, looked at. */
#include "fuzz.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/record_reader.h"

/* Are these records, whole ones, and nothing else? By the format alone. */
static bool is_stream(const uint8_t *data, size_t size)
{
	struct dmabuf_rec head;
	size_t least;

	for (; size; data += head.size, size -= head.size) {
		if (size < sizeof(head))
			return false;
		memcpy(&head, data, sizeof(head));
		switch (head.kind) {
		case DMABUF_REC_BUFFER:
			least = 136;
			break;
		case DMABUF_REC_ATTACHMENT:
			least = 120;
			break;
		case DMABUF_REC_GAP:
			least = 208;
			break;
		default:
			if (head.kind >> 8 != DMABUF_REC_BUFFER >> 8)
				return false;
			least = sizeof(head);
		}
		/* 64 KiB are the most that a reader steps over. */
		if (head.size < least || head.size > size ||
		    head.size > 64 * 1024)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	int fd = fuzz_file(data, size, "", 0), r;
	struct dmabuf_error error = {};
	uint64_t bytes = 0;

	must(snapshot);
	r = record_reader_read_all(fd, RECORDS_OF_SNAPSHOT, "fuzz", snapshot,
				   &bytes, &error);
	must(r == error.err);
	must(r ? bytes == 0 : bytes == size);
	must(!r == is_stream(data, size));
	/* A collector stops on an error; what is there is well-formed still. */
	snapshot_join_buffers(snapshot);
	must(snapshot_find_gaps(snapshot, ~0U) == 0);
	fuzz_look(snapshot);

	must(lseek(fd, 0, SEEK_SET) == 0);
	must(record_reader_check_cut(fd, size, false, snapshot, &error) == 0);
	dmabuf_snapshot_free(snapshot);
	close(fd);
	return 0;
}
