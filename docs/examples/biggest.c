// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The largest dma-buf of the system and who holds it, with libdmabuf.
 *
 *   cc biggest.c $(pkg-config --cflags --libs libdmabuf)
 */
#include <dmabuf/dmabuf.h>
#include <inttypes.h>
#include <stdio.h>

static void print_holders(const struct dmabuf_snapshot *snapshot,
			  const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_process *process;
	const char *comm;
	uint64_t n;

	while ((holder = dmabuf_buffer_next_holder(snapshot, buffer, holder))) {
		process = dmabuf_holder_process(snapshot, holder);
		comm = dmabuf_process_comm(process);
		printf("held by process %" PRIu32 " (%s)\n",
		       dmabuf_process_pid(process), comm ? comm : "?");
	}
	/* No holder found does not mean that there is none. */
	if (dmabuf_buffer_processes(snapshot, buffer, &n))
		printf("and perhaps by others\n");
	else if (!n)
		printf("held by no process\n");
}

int main(void)
{
	const struct dmabuf_snapshot_opts opts = {
		.size = sizeof(opts),
		.holders = true,
	};
	const struct dmabuf_buffer *buffer = NULL, *biggest = NULL;
	struct dmabuf_snapshot *snapshot;
	const char *exporter;
	uint64_t size, most = 0, ino = 0;
	struct dmabuf_ctx *ctx;
	int r;

	r = dmabuf_ctx_new(NULL, &ctx);
	if (r)
		return 1;

	r = dmabuf_snapshot_take(ctx, &opts, &snapshot);
	if (r) {
		fprintf(stderr, "%s\n%s\n", dmabuf_ctx_error(ctx)->text,
			dmabuf_ctx_error(ctx)->hint);
		dmabuf_ctx_free(ctx);
		return 1;
	}

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		if (dmabuf_buffer_size(buffer, &size) || size < most)
			continue;
		most = size;
		biggest = buffer;
	}
	exporter = biggest ? dmabuf_buffer_exporter(biggest) : NULL;
	if (biggest && !dmabuf_buffer_ino(biggest, &ino))
		printf("inode %" PRIu64 ": %" PRIu64 " bytes from %s\n", ino,
		       most, exporter ? exporter : "an unknown exporter");
	if (biggest)
		print_holders(snapshot, biggest);
	if (dmabuf_snapshot_next_gap(snapshot, NULL))
		fprintf(stderr, "there may be larger ones: %s\n",
			dmabuf_gap_why(
				dmabuf_snapshot_next_gap(snapshot, NULL)));

	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
	return 0;
}
