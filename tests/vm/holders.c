// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * holders: takes one snapshot with holders and prints it as JSON, for jq to
 * compare with the truth:
 *
 *	{"collector":"..."|null,"gaps":[{"what":"...","why":"..."}],
 *	 "buffers":[{"ino":N,"size":BYTES,"kernel_only":BOOL|null,
 *	   "unexplained":N|null,
 *	   "holders":[{"pid":N,"fds":N,"maps":N,"handles":N}],
 *	   "held":[{"type":"...","pid":N,"refs":N}]}],
 *	 "processes":[{"pid":N,"buffers":N,"fds":N,"maps":N,"handles":N,
 *	   "rss":BYTES,"pss":BYTES}]}
 */
#include <dmabuf/dmabuf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void print_unknown(bool known, uint64_t number)
{
	if (known)
		printf("%" PRIu64, number);
	else
		fputs("null", stdout);
}

/* Ours are without quotes and control characters. */
static void print_gaps(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_gap *gap = NULL;
	const char *sep = "";

	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap))) {
		printf("%s{\"what\":\"%s\",\"why\":\"%s\"}", sep,
		       dmabuf_gap_what(gap), dmabuf_gap_why(gap));
		sep = ",";
	}
}

static void print_buffer(const struct dmabuf_snapshot *snapshot,
			 const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_hold *hold = NULL;
	uint64_t ino = 0, size = 0, unexplained = 0;
	bool only = false, known;
	const char *sep = "";

	dmabuf_buffer_ino(buffer, &ino);
	dmabuf_buffer_size(buffer, &size);
	known = !dmabuf_buffer_kernel_only(snapshot, buffer, &only);
	printf("{\"ino\":%" PRIu64 ",\"size\":%" PRIu64
	       ",\"kernel_only\":%s,\"unexplained\":",
	       ino, size,
	       !known ? "null"
	       : only ? "true"
		      : "false");
	known = !dmabuf_buffer_unexplained(snapshot, buffer, &unexplained);
	print_unknown(known, unexplained);
	fputs(",\"holders\":[", stdout);
	while ((holder = dmabuf_buffer_next_holder(snapshot, buffer, holder))) {
		printf("%s{\"pid\":%" PRIu32 ",\"fds\":%" PRIu64
		       ",\"maps\":%" PRIu64 ",\"handles\":%" PRIu64 "}",
		       sep,
		       dmabuf_process_pid(
			       dmabuf_holder_process(snapshot, holder)),
		       dmabuf_holder_fds(holder), dmabuf_holder_maps(holder),
		       dmabuf_holder_handles(holder));
		sep = ",";
	}
	fputs("],\"held\":[", stdout);
	for (sep = ""; (hold = dmabuf_buffer_next_hold(snapshot, buffer, hold));
	     sep = ",")
		printf("%s{\"type\":\"%s\",\"pid\":%" PRIu32
		       ",\"refs\":%" PRIu32 "}",
		       sep, dmabuf_hold_type_name(dmabuf_hold_type(hold)),
		       dmabuf_hold_pid(hold), dmabuf_hold_refs(hold));
	fputs("]}", stdout);
}

static void print_process(const struct dmabuf_process *process)
{
	struct dmabuf_usage usage = { .size = sizeof(usage) };

	dmabuf_process_usage(process, &usage);
	printf("{\"pid\":%" PRIu32 ",\"buffers\":%" PRIu64 ",\"fds\":%" PRIu64
	       ",\"maps\":%" PRIu64 ",\"handles\":%" PRIu64 ",\"rss\":%" PRIu64
	       ",\"pss\":%" PRIu64 "}",
	       dmabuf_process_pid(process), usage.buffers, usage.fds,
	       usage.maps, usage.handles, usage.rss, usage.pss);
}

int main(void)
{
	struct dmabuf_snapshot_opts opts = {
		.size = sizeof(opts),
		.holders = true,
	};
	const struct dmabuf_process *process = NULL;
	const struct dmabuf_buffer *buffer = NULL;
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_ctx *ctx;
	const char *collector, *sep;

	if (dmabuf_ctx_new(NULL, &ctx))
		return 1;
	if (dmabuf_snapshot_take(ctx, &opts, &snapshot)) {
		fprintf(stderr, "holders: %s\n", dmabuf_ctx_why(ctx)->text);
		return 1;
	}
	collector = dmabuf_snapshot_holders_collector(snapshot);
	printf("{\"collector\":%s%s%s,\"gaps\":[", collector ? "\"" : "",
	       collector ?: "null", collector ? "\"" : "");
	print_gaps(snapshot);
	fputs("],\"buffers\":[", stdout);
	for (sep = ""; (buffer = dmabuf_snapshot_next(snapshot, buffer));
	     sep = ",") {
		fputs(sep, stdout);
		print_buffer(snapshot, buffer);
	}
	fputs("],\"processes\":[", stdout);
	for (sep = "";
	     (process = dmabuf_snapshot_next_process(snapshot, process));
	     sep = ",") {
		fputs(sep, stdout);
		print_process(process);
	}
	puts("]}");
	dmabuf_snapshot_free(snapshot);
	dmabuf_ctx_free(ctx);
	return 0;
}
