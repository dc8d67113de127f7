// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs count.bpf.c once and prints how many nanoseconds that takes. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "plain/count.skel.h"

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(void)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct count_bpf *skel = count_bpf__open_and_load();
	long long before, after;
	int r;

	if (!skel) {
		fprintf(stderr, "count: cannot load: %s\n", strerror(errno));
		return 1;
	}
	before = now_ns();
	r = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.count_buffers),
				   &opts);
	after = now_ns();
	if (r)
		fprintf(stderr, "count: cannot run: %s\n", strerror(-r));
	else
		printf("%lld\n", after - before);
	count_bpf__destroy(skel);
	return r ? 1 : 0;
}
