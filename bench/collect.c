// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * collect COLLECTOR [TIMES]: takes TIMES snapshots through the library. Prints
 * for each snapshot the nanoseconds spent in the kernel: in calls that run a
 * BPF program, and in reads. The linker wraps these functions.
 */
#include <bpf/bpf.h>
#include <dmabuf/dmabuf.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long in_kernel;

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int __real_bpf_prog_test_run_opts(int fd, struct bpf_test_run_opts *opts);
int __wrap_bpf_prog_test_run_opts(int fd, struct bpf_test_run_opts *opts);

int __wrap_bpf_prog_test_run_opts(int fd, struct bpf_test_run_opts *opts)
{
	const long long began = now_ns();
	const int r = __real_bpf_prog_test_run_opts(fd, opts);

	in_kernel += now_ns() - began;
	return r;
}

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	const long long began = now_ns();
	const ssize_t n = __real_read(fd, buf, size);

	in_kernel += now_ns() - began;
	return n;
}

int main(int argc, char **argv)
{
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts) };
	long times = argc > 2 ? atol(argv[2]) : 1;
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_ctx *ctx;

	if (argc < 2 || times < 1) {
		fprintf(stderr, "usage: collect COLLECTOR [TIMES]\n");
		return 2;
	}
	if (dmabuf_ctx_new(NULL, &ctx))
		return 1;
	/* The output may be a file, and its reader counts lines. */
	setlinebuf(stdout);
	opts.collector = argv[1];
	for (; times; times--) {
		in_kernel = 0;
		if (dmabuf_snapshot_take(ctx, &opts, &snapshot)) {
			fprintf(stderr, "collect: %s\n",
				dmabuf_ctx_error(ctx)->text);
			return 1;
		}
		dmabuf_snapshot_free(snapshot);
		if (!in_kernel) {
			fprintf(stderr,
				"collect: %s enters the kernel in ways that "
				"are not measured here\n",
				argv[1]);
			return 1;
		}
		printf("%lld\n", in_kernel);
	}
	dmabuf_ctx_free(ctx);
	return 0;
}
