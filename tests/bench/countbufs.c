// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that looking at every buffer can cost: the open-coded iterator in
 * a loop that only counts. Prints the nanoseconds it takes.
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "plain/iter_open.skel.h"

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	long long before, after;
	struct iter_open_bpf *skel = iter_open_bpf__open_and_load();
	int r;

	if (!skel) {
		fprintf(stderr, "countbufs: cannot load: %s\n",
			strerror(errno));
		return 1;
	}
	before = now_ns();
	r = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.count_buffers),
				   &opts);
	after = now_ns();
	if (r)
		fprintf(stderr, "countbufs: cannot run: %s\n", strerror(-r));
	else
		printf("%lld\n", after - before);
	iter_open_bpf__destroy(skel);
	return r ? 1 : 0;
}
