// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * again: takes three snapshots with holders in one context, as top and metrics
 * do. The first loads programs, the second may find that more are needed.
 * Prints the nanoseconds of the third.
 */
#include <dmabuf/dmabuf.h>
#include <stdio.h>
#include <time.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void)
{
	const struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
						   .holders = true,
						   .no_cgroups = true };
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_ctx *ctx;
	long long began = 0;
	int look;

	if (dmabuf_ctx_new(NULL, &ctx))
		return 1;
	for (look = 1; look <= 3; look++) {
		began = now_ns();
		if (dmabuf_snapshot_take(ctx, &opts, &snapshot)) {
			fprintf(stderr, "again: %s\n",
				dmabuf_ctx_error(ctx)->text);
			return 1;
		}
		dmabuf_snapshot_free(snapshot);
	}
	printf("%lld\n", now_ns() - began);
	dmabuf_ctx_free(ctx);
	return 0;
}
