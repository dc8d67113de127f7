// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshot files: loaded, looked at, saved, loaded again. */
#include "core/context.h"
#include "fuzz.h"
#include "snapshot/file.h"

static struct dmabuf_snapshot *load(struct dmabuf_ctx *ctx, int fd)
{
	struct dmabuf_snapshot *snapshot = NULL;
	int r = dmabuf_snapshot_load(ctx, fd, &snapshot);

	must(!r == !!snapshot);
	must(!r || (ctx->error.err == r && ctx->error.text[0]));
	return snapshot;
}

/* @fd goes. */
static void check(struct dmabuf_ctx *ctx, int fd)
{
	struct dmabuf_snapshot *first = load(ctx, fd), *second;

	close(fd);
	if (!first)
		return;
	fuzz_look(first);

	fd = fuzz_file("", 0, "", 0);
	must(dmabuf_snapshot_save(ctx, first, fd) == 0);
	must(lseek(fd, 0, SEEK_SET) == 0);
	second = load(ctx, fd);
	must(second);
	must(dmabuf_snapshot_count(second) == dmabuf_snapshot_count(first));
	must(second->attachments.n == first->attachments.n);
	must(second->gaps.n == first->gaps.n);
	/* References are saved only with what was searched for them. */
	if (first->source.head.kind) {
		must(second->joined.n == first->joined.n);
		must(second->processes.n == first->processes.n);
	}
	fuzz_look(second);
	close(fd);
	dmabuf_snapshot_free(first);
	dmabuf_snapshot_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot_head head = {
		.magic = SNAPSHOT_MAGIC,
		.order = SNAPSHOT_ORDER,
		.version = SNAPSHOT_VERSION,
		.bytes = size,
	};
	struct dmabuf_ctx *ctx;

	must(dmabuf_ctx_new(NULL, &ctx) == 0);
	/* As the file, and as what stands behind a good head. */
	check(ctx, fuzz_file(data, size, "", 0));
	check(ctx, fuzz_file(&head, sizeof(head), data, size));
	dmabuf_ctx_free(ctx);
	return 0;
}
