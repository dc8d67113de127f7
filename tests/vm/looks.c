// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * looks COUNT [LEAK]: takes COUNT snapshots with holders in one context, with
 * only the capabilities that dmabuf_ctx_prepare() names. A child looks. Its
 * parent keeps all privileges, and compares before and after: memory and
 * descriptors of the child, BPF programs, maps and links, and memory of the
 * kernel. With LEAK, which is "memory", "fd", "bpf" or "kernel", the child
 * leaks some at each look, to show that the comparison finds it.
 *
 * Prints the figures before and after. Exit status: 1 when one of them grew, or
 * when a snapshot failed, had a gap or was empty.
 */
#include <bpf/bpf.h>
#include <dirent.h>
#include <dmabuf/dmabuf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/array.h"
#include "util/capability.h"

/* Looks until caches and pools have their size. */
enum { WARM_UP = 50 };

#define NEEDED                                                                 \
	(CAPABILITY_BIT(CAP_BPF) | CAPABILITY_BIT(CAP_SYS_PTRACE) |            \
	 CAPABILITY_BIT(CAP_DAC_READ_SEARCH))

enum figure { MEMORY, FDS, PROGRAMS, MAPS, LINKS, KERNEL, FIGURES };

/* What may grow without being a leak: kB, or a number of objects. */
static const struct {
	const char *name;
	long slack;
} figures[FIGURES] = {
	[MEMORY] = { "memory_kb", 256 }, [FDS] = { "fds", 0 },
	[PROGRAMS] = { "programs", 0 },	 [MAPS] = { "maps", 0 },
	[LINKS] = { "links", 0 },	 [KERNEL] = { "kernel_kb", 2048 },
};

/* Sums the lines of a file of /proc that begin with one of @names. */
static long sum_lines(const char *path, const char *const *names, size_t n)
{
	FILE *file = fopen(path, "re");
	char line[256];
	long sum = 0;
	size_t i;

	while (file && fgets(line, sizeof(line), file))
		for (i = 0; i < n; i++)
			if (!strncmp(line, names[i], strlen(names[i])))
				sum += strtol(line + strlen(names[i]), NULL,
					      10);
	if (file)
		fclose(file);
	return sum;
}

static long count_fds(pid_t pid)
{
	char path[64];
	long n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

static long count_bpf(int (*next)(__u32 id, __u32 *ret))
{
	__u32 id = 0;
	long n = 0;

	while (!next(id, &id))
		n++;
	return n;
}

static void measure(pid_t pid, long ret[FIGURES])
{
	static const char *const anonymous[] = { "Anonymous:" };
	static const char *const kernel[] = { "SUnreclaim:", "VmallocUsed:",
					      "Percpu:", "KernelStack:",
					      "PageTables:" };
	char path[64];

	/* The kernel frees some memory after a grace period, or in a worker. */
	sleep(2);
	/* status has the same number, which is not exact before v6.2. */
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	ret[MEMORY] = sum_lines(path, anonymous, ARRAY_SIZE(anonymous));
	ret[FDS] = count_fds(pid);
	ret[PROGRAMS] = count_bpf(bpf_prog_get_next_id);
	ret[MAPS] = count_bpf(bpf_map_get_next_id);
	ret[LINKS] = count_bpf(bpf_link_get_next_id);
	ret[KERNEL] = sum_lines("/proc/meminfo", kernel, ARRAY_SIZE(kernel));
}

static void leak(const char *what)
{
	/* Volatile, so that the compiler keeps memory that nobody reads. */
	static char *volatile memory;
	int i;

	if (!strcmp(what, "memory") && (memory = malloc(8192)))
		memset(memory, 1, 8192);
	else if (!strcmp(what, "fd"))
		(void)!dup(STDIN_FILENO);
	else if (!strcmp(what, "bpf"))
		(void)!bpf_map_create(BPF_MAP_TYPE_ARRAY, "leak", 4, 4, 1,
				      NULL);
	else if (!strcmp(what, "kernel"))
		/* Neighbours differ, so that each is an area of its own. */
		for (i = 0; i < 256; i++)
			(void)!mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int look(struct dmabuf_ctx *ctx, const struct dmabuf_snapshot_opts *opts)
{
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_gap *gap;
	int r = 0;

	if (dmabuf_snapshot_take(ctx, opts, &snapshot)) {
		printf("failed: %s\n", dmabuf_ctx_error(ctx)->text);
		return 1;
	}
	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	if (gap)
		printf("gap: %s: %s\n", dmabuf_gap_what(gap),
		       dmabuf_gap_why(gap));
	if (gap || !dmabuf_snapshot_count(snapshot))
		r = 1;
	dmabuf_snapshot_free(snapshot);
	return r;
}

/* Tells the parent that it may measure, and waits until it has. */
static int pause_for(int to_parent, int from_parent)
{
	char byte = 0;

	return write(to_parent, &byte, 1) == 1 &&
			       read(from_parent, &byte, 1) == 1
		       ? 0
		       : 1;
}

static int look_often(long count, const char *what, int to_parent,
		      int from_parent)
{
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts),
					     .holders = true };
	struct dmabuf_ctx *ctx;
	int r = 0;
	long i;

	/*
	 * khugepaged would fill the holes of a large area with zeros, one piece
	 * after the other: that looks like a leak.
	 */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	if (dmabuf_ctx_new(NULL, &ctx))
		return 1;
	if (dmabuf_ctx_prepare(ctx, &opts)) {
		printf("not loaded: %s\n", dmabuf_ctx_error(ctx)->text);
		return 1;
	}
	if (capability_limit(NEEDED, NEEDED))
		return 1;
	for (i = 0; !r && i < WARM_UP; i++)
		r = look(ctx, &opts);
	r = r ?: pause_for(to_parent, from_parent);
	for (i = 0; !r && i < count; i++) {
		leak(what);
		r = look(ctx, &opts);
	}
	r = r ?: pause_for(to_parent, from_parent);
	dmabuf_ctx_free(ctx);
	return r;
}

static void print(const char *when, const long figure[FIGURES])
{
	int i;

	printf("%s:", when);
	for (i = 0; i < FIGURES; i++)
		printf(" %s=%ld", figures[i].name, figure[i]);
	printf("\n");
}

/* Return: whether nothing grew. */
static bool compare(const long before[FIGURES], const long after[FIGURES])
{
	bool same = true;
	int i;

	for (i = 0; i < FIGURES; i++)
		if (after[i] - before[i] > figures[i].slack) {
			printf("%s grew by %ld\n", figures[i].name,
			       after[i] - before[i]);
			same = false;
		}
	return same;
}

int main(int argc, char **argv)
{
	long before[FIGURES], after[FIGURES];
	int up[2], down[2], status;
	bool same = false;
	char byte;
	pid_t pid;

	if (argc < 2 || pipe(up) || pipe(down)) {
		fprintf(stderr, "usage: looks COUNT [LEAK]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	pid = fork();
	if (!pid)
		_exit(look_often(atol(argv[1]), argc > 2 ? argv[2] : "", up[1],
				 down[0]));
	close(up[1]);
	if (read(up[0], &byte, 1) == 1) {
		measure(pid, before);
		print("before", before);
		(void)!write(down[1], "", 1);
		if (read(up[0], &byte, 1) == 1) {
			measure(pid, after);
			print("after", after);
			same = compare(before, after);
			(void)!write(down[1], "", 1);
		}
	}
	return waitpid(pid, &status, 0) == pid && !status && same ? 0 : 1;
}
