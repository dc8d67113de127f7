// SPDX-License-Identifier: GPL-2.0-or-later
/* Records as an iterator gives them: read, joined, looked at. */
#include "fuzz.h"
#include "snapshot/births.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "snapshot/record_reader.h"
#include "util/array.h"

/* The first size of each kind of record, by the format alone. */
static size_t least_of(uint32_t kind)
{
	static const size_t sizes[] = {
		[1] = 136, /* buffer */
		[2] = 120, /* attachment */
		[3] = 208, /* gap */
		[4] = 88, /* reference */
		[5] = 512, /* process */
		[6] = 48, /* source */
		[7] = 88, /* keeper */
		[8] = 136, /* buffer that is released */
		[9] = 72, /* birth */
		[10] = 24, /* track */
		[11] = 496, /* cgroup */
		[12] = 312, /* frame */
	};
	const uint32_t number = kind & 0xff;

	if (kind >> 8 != DMABUF_REC_BUFFER >> 8)
		return 0;
	return number < ARRAY_SIZE(sizes) && sizes[number]
		       ? sizes[number]
		       : sizeof(struct dmabuf_rec);
}

/* Are these records, whole ones, and nothing else? */
static bool is_stream(const uint8_t *data, size_t size)
{
	struct dmabuf_rec head;
	size_t least;

	for (; size; data += head.size, size -= head.size) {
		if (size < sizeof(head))
			return false;
		memcpy(&head, data, sizeof(head));
		least = least_of(head.kind);
		/* 64 KiB are the most that a reader steps over. */
		if (!least || head.size < least || head.size > size ||
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
	must(snapshot_join_births(snapshot) == 0);
	must(snapshot_find_gaps(snapshot, ~0U) == 0);
	fuzz_look(snapshot);

	must(lseek(fd, 0, SEEK_SET) == 0);
	must(record_reader_check_cut(fd, size, false, snapshot, &error) == 0);
	dmabuf_snapshot_free(snapshot);
	close(fd);
	return 0;
}
