// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * renames COLLECTOR SECONDS: looks at buffers while a buffer is being renamed.
 *
 * A child renames its buffer without pause. Its parent, with a real-time
 * priority on the same CPU, wakes at random moments, renames a buffer of its
 * own, and looks. With PREEMPT_RT the child stops anywhere, also between the
 * moment when the kernel has freed the old name and that when it sets the new
 * one. The parent's new name is then where the child's old one was.
 *
 * Looks until the child has stopped there MEETINGS times, or for SECONDS.
 * Prints how many names were right, missing, and wrong. A wrong name, or none
 * that is missing, is the exit status 1.
 */
#include <dmabuf/dmabuf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/udmabuf.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* DMA_BUF_SET_NAME_B. Old headers do not have it; the number is ABI. */
#define SET_NAME _IOW('b', 1, __u64)

/* Long names: the memory of a freed one begins as the name did. */
enum { SIZE = 64 << 10, LENGTH = 30, MEETINGS = 10 };

struct tally {
	uint64_t right, missing, wrong;
};

static void check(int r, const char *what)
{
	if (r >= 0)
		return;
	perror(what);
	exit(2);
}

static int make_buffer(void)
{
	struct udmabuf_create create = { .size = SIZE };
	int device = open("/dev/udmabuf", O_RDWR), fd;

	check(device, "/dev/udmabuf");
	create.memfd = memfd_create("renames", MFD_ALLOW_SEALING);
	check(create.memfd, "memfd_create");
	check(ftruncate(create.memfd, SIZE), "ftruncate");
	check(fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK), "F_ADD_SEALS");
	fd = ioctl(device, UDMABUF_CREATE, &create);
	check(fd, "UDMABUF_CREATE");
	return fd;
}

/* All letters of a buffer's name are the same, a letter of its own. */
static void rename_buffer(int fd, char letter)
{
	char name[LENGTH + 1] = "";

	memset(name, letter, LENGTH);
	check(ioctl(fd, SET_NAME, name), "DMA_BUF_SET_NAME");
}

static void start_child(int fd)
{
	const pid_t pid = fork();

	check(pid, "fork");
	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		rename_buffer(fd, 'a');
}

static uint64_t inode(int fd)
{
	struct stat st;

	check(fstat(fd, &st), "fstat");
	return st.st_ino;
}

/* Names that are missing must be a gap. */
static bool has_gap(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_gap *gap = NULL;

	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap)))
		if (!strcmp(dmabuf_gap_what(gap), "names"))
			return true;
	return false;
}

/* Describes what is wrong with a name, or returns NULL. */
static const char *fault(const struct dmabuf_snapshot *snapshot,
			 const char *name)
{
	if (!name)
		return has_gap(snapshot) ? NULL : "missing without a gap";
	return strlen(name) == LENGTH && strspn(name, "a") == LENGTH ? NULL
								     : name;
}

static void count_name(struct tally *tally,
		       const struct dmabuf_snapshot *snapshot, const char *name)
{
	const char *wrong = fault(snapshot, name);

	if (wrong && tally->wrong++ < 3)
		printf("wrong: %s\n", wrong);
	tally->missing += !wrong && !name;
	tally->right += !wrong && name;
}

/* Looks for the buffer with inode @ino. */
static void look(struct dmabuf_ctx *ctx,
		 const struct dmabuf_snapshot_opts *opts, uint64_t ino,
		 struct tally *tally)
{
	const struct dmabuf_buffer *buffer = NULL;
	struct dmabuf_snapshot *snapshot;
	uint64_t found;

	if (dmabuf_snapshot_take(ctx, opts, &snapshot)) {
		printf("failed: %s\n", dmabuf_ctx_error(ctx)->text);
		exit(1);
	}
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		if (!dmabuf_buffer_ino(buffer, &found) && found == ino)
			count_name(tally, snapshot, dmabuf_buffer_name(buffer));
	dmabuf_snapshot_free(snapshot);
}

static void be_realtime(void)
{
	const struct sched_param priority = { .sched_priority = 10 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	check(sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
	check(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK,
				 &priority),
	      "sched_setscheduler");
}

int main(int argc, char **argv)
{
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts) };
	struct tally tally = { 0 };
	struct dmabuf_ctx *ctx;
	int theirs, ours;
	time_t end;

	if (argc != 3 || dmabuf_ctx_new(NULL, &ctx)) {
		fprintf(stderr, "usage: renames COLLECTOR SECONDS\n");
		return 2;
	}
	opts.collector = argv[1];
	theirs = make_buffer();
	ours = make_buffer();
	rename_buffer(theirs, 'a');
	look(ctx, &opts, inode(theirs), &tally); /* loads the programs */
	be_realtime();
	start_child(theirs);
	end = time(NULL) + atoi(argv[2]);
	while (tally.missing + tally.wrong < MEETINGS && time(NULL) < end) {
		usleep(50 + random() % 500);
		rename_buffer(ours, 'b');
		look(ctx, &opts, inode(theirs), &tally);
	}
	printf("%" PRIu64 " right, %" PRIu64 " missing, %" PRIu64 " wrong\n",
	       tally.right, tally.missing, tally.wrong);
	dmabuf_ctx_free(ctx);
	return tally.wrong || !tally.missing ? 1 : 0;
}
