// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "snapshot/gaps.h"
#include "util/array.h"

int snapshot_add_gap(struct dmabuf_snapshot *snapshot, const char *what,
		     uint64_t count, const char *why)
{
	struct dmabuf_rec_gap gap = {
		.head = { DMABUF_REC_GAP, sizeof(gap) },
		.count = count,
	};

	snprintf(gap.what, sizeof(gap.what), "%s", what);
	snprintf(gap.why, sizeof(gap.why), "%s", why);
	return vec_push(&snapshot->gaps, &gap);
}

/* Few strings are so long that their last byte is used. */
static bool fills(const char *string, size_t size)
{
	return string[size - 2] && strlen(string) == size - 1;
}

int snapshot_find_gaps(struct dmabuf_snapshot *snapshot, uint32_t gives)
{
	struct {
		const char *what, *why;
		uint64_t count;
	} gaps[] = {
		{ "names",
		  "changed each time they were read, or imitate other text",
		  0 },
		{ "sizes",
		  "unknown for buffers that are mapped but not open, "
		  "unless root reads them",
		  0 },
		{ "exporters", "the kernel could not read their names", 0 },
		{ "exporters", "names may be longer than 47 bytes", 0 },
		{ "lists of attachments",
		  "too long, of an unknown form, or changed each time they "
		  "were read",
		  0 },
		{ "devices", "names may be longer than 63 bytes", 0 },
		{ "drivers", "names may be longer than 31 bytes", 0 },
		{ "exporters",
		  "unknown for buffers that are mapped but not open", 0 },
	};
	const uint32_t all = DMABUF_HAVE_NAME | DMABUF_HAVE_SIZE |
			     DMABUF_HAVE_EXPORTER | DMABUF_HAVE_REFS;
	const struct dmabuf_rec_attachment *att;
	const struct buffer *buffer;
	const char *exporter = NULL; /* whose length is known */
	bool lacks_exporter, only_mapped, is_cut = false;
	size_t i;
	int r = 0;

	for (i = 0; i < snapshot->buffers.n; i++) {
		buffer = vec_at(&snapshot->buffers, i);
		if (buffer->exporter != exporter) {
			exporter = buffer->exporter;
			is_cut =
				strlen(exporter) == DMABUF_REC_EXPORTER_LEN - 1;
		}
		if ((buffer->have & all) == all && !buffer->cut && !is_cut)
			continue;
		gaps[0].count += (gives & DMABUF_GIVES_NAME) &&
				 !(buffer->have & DMABUF_HAVE_NAME);
		gaps[1].count += (gives & DMABUF_GIVES_SIZE) &&
				 !(buffer->have & DMABUF_HAVE_SIZE);
		lacks_exporter = (gives & DMABUF_GIVES_EXPORTER) &&
				 !(buffer->have & DMABUF_HAVE_EXPORTER);
		/* A mapping does not tell it, nor the number of references. */
		only_mapped = (gives & DMABUF_GIVES_REFS) &&
			      !(buffer->have & DMABUF_HAVE_REFS);
		gaps[2].count += lacks_exporter && !only_mapped;
		gaps[7].count += lacks_exporter && only_mapped;
		gaps[3].count += is_cut;
		gaps[4].count += !!(buffer->cut & DMABUF_HAVE_ATTACHMENTS);
	}
	for (i = 0; i < snapshot->attachments.n; i++) {
		att = vec_at(&snapshot->attachments, i);
		gaps[5].count += fills(att->device, sizeof(att->device));
		gaps[6].count += fills(att->driver, sizeof(att->driver));
	}
	for (i = 0; !r && i < ARRAY_SIZE(gaps); i++)
		if (gaps[i].count)
			r = snapshot_add_gap(snapshot, gaps[i].what,
					     gaps[i].count, gaps[i].why);
	return r;
}
