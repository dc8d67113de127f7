// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of dma_buf/bufinfo: buffers that add up to its sums, or an error.
 * And the text of a kernel that has a buffer with any name: the name, or none.
 */
#include "collect/parse_bufinfo.h"
#include "fuzz.h"
#include "snapshot/buffers.h"

/* Each with another number of fences, real ones. */
static const char *const fences[] = {
	"",
	"\tExclusive fence: drv tl signalled\n",
	"\tread fence:1:1   signalled\n",
	("\tkernel fence:12:7 i915 a\nb[1234]:2f unsignalled\n"
	 "\twrite fence:drv tl seq 2 unsignalled\n"),
};

#define VALUES "00004096\t00000002\t02080007\t00000003\tsystem\t00000007\t"
#define REST   "\tAttached Devices:\n\tvgem\nTotal 1 devices attached\n\n"

/* A name is what the first byte leaves: 31 bytes at most, without a NUL. */
static void parse_any_name(const uint8_t *data, size_t size)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct buffer *rec;
	struct dmabuf_error error = {};
	char text[1024], name[32] = "";
	FILE *file;
	int n;

	if (size > 1)
		memcpy(name, data + 1, size > 32 ? 31 : size - 1);
	n = snprintf(text, sizeof(text),
		     "\nDma-buf Objects:\nsize    \tname\n" VALUES
		     "%s\n%s" REST VALUES "other\n" REST
		     "\nTotal 2 objects, 8192 bytes\n",
		     name, fences[size ? data[0] % 4 : 0]);
	file = fmemopen(text, n, "r");
	must(file && snapshot);
	must(!parse_bufinfo(file, "fuzz", snapshot, &error));
	must(snapshot->buffers.n == 2 && snapshot->attachments.n == 2);
	rec = vec_at(&snapshot->buffers, 0);
	/* The kernel prints <none> for a buffer without a name. */
	must(!(rec->have & DMABUF_HAVE_NAME) || !strcmp(rec->name, name) ||
	     (!strcmp(name, "<none>") && !rec->name[0]));
	rec = vec_at(&snapshot->buffers, 1);
	must(!strcmp(rec->name, "other"));
	dmabuf_snapshot_free(snapshot);
	fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fdopen(fuzz_file(data, size, "", 0), "r");
	struct dmabuf_snapshot *snapshot = snapshot_new();
	const struct buffer *rec;
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
	parse_any_name(data, size);
	return 0;
}
