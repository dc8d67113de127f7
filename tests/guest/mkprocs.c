// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkprocs starts processes that hold buffers, prints what it made as one line
 * of JSON on stdout, and sleeps until a signal ends it. See mkprocs -h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAP "/dev/dma_heap/system"
#define SIZE 4096

static const char usage[] =
	"Usage: mkprocs [-p N] [-b N] [-s N] [-o N] [-d N] [-t N] [-f N]\n"
	"\n"
	"  -p N   number of processes (1)\n"
	"  -b N   buffers of each process (100)\n"
	"  -s N   how many of these all processes share (half)\n"
	"  -o N   other descriptors of each process (0)\n"
	"  -d N   additional descriptors of one shared buffer in the parent\n"
	"  -t N   additional threads of the parent, without buffers\n"
	"  -f N   children of each process at a time: they inherit its\n"
	"         descriptors, end within milliseconds, and others follow\n";

/* What to make. */
struct wish {
	long processes, buffers, shared, others, dups, threads, children;
};

static void fail(const char *what)
{
	fprintf(stderr, "mkprocs: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int make_buffer(int heap)
{
	struct dma_heap_allocation_data data = {
		.len = SIZE,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		fail(HEAP);
	return data.fd;
}

static void *sleep_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void be_child(unsigned int turn)
{
	prctl(PR_SET_NAME, "mkprocs-child");
	usleep(1000 * (1 + turn % 7));
	_exit(0);
}

/* Makes its own buffers, reports that with a byte, and sleeps. */
static void be_one(const struct wish *wish, int heap, int ready)
{
	unsigned int turn;
	long i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "mkprocs-one");
	for (i = wish->shared; i < wish->buffers; i++)
		make_buffer(heap);
	close(heap);
	for (i = 0; i < wish->others; i++)
		if (open("/dev/null", O_RDWR | O_CLOEXEC) < 0)
			fail("/dev/null");
	if (write(ready, "", 1) != 1)
		fail("pipe");
	for (turn = 0; wish->children; turn++) {
		for (i = 0; i < wish->children; i++)
			if (!fork())
				be_child(turn + i);
		while (wait(NULL) > 0)
			;
	}
	sleep_on(NULL);
}

static void start_processes(const struct wish *wish, int heap)
{
	int pipes[2];
	pid_t pid;
	char byte;
	long i;

	if (pipe(pipes))
		fail("pipe");
	for (i = 0; i < wish->processes; i++) {
		pid = fork();
		if (pid < 0)
			fail("fork");
		if (!pid)
			be_one(wish, heap, pipes[1]);
		if (read(pipes[0], &byte, 1) != 1)
			fail("pipe");
	}
	close(pipes[0]);
	close(pipes[1]);
}

static void start_threads(long n)
{
	pthread_attr_t attr;
	pthread_t thread;
	long i;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * 1024);
	for (i = 0; i < n; i++) {
		errno = pthread_create(&thread, &attr, sleep_on, NULL);
		if (errno)
			fail("thread");
	}
}

/* This process keeps no shared buffer but the copies of the first one. */
static void make_all(const struct wish *wish)
{
	const rlim_t most = wish->buffers + wish->dups + 1024;
	const struct rlimit limit = { most, most };
	int *shared = calloc(wish->shared + 1, sizeof(*shared));
	int heap = open(HEAP, O_RDWR | O_CLOEXEC);
	long i;

	if (!shared || heap < 0)
		fail(HEAP);
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("limit of descriptors");
	for (i = 0; i < wish->shared; i++)
		shared[i] = make_buffer(heap);
	start_processes(wish, heap);
	for (i = 0; i < wish->dups; i++)
		if (fcntl(shared[0], F_DUPFD_CLOEXEC, 0) < 0)
			fail("dup");
	for (i = 0; i < wish->shared; i++)
		close(shared[i]);
	close(heap);
	free(shared);
	start_threads(wish->threads);
}

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (n < 0 || end == text || *end) {
		fprintf(stderr, "mkprocs: '%s' is not a number\n", text);
		exit(2);
	}
	return n;
}

static void parse(int argc, char **argv, struct wish *wish)
{
	int opt;

	wish->shared = -1;
	while ((opt = getopt(argc, argv, "hp:b:s:o:d:t:f:")) != -1)
		switch (opt) {
		case 'p':
			wish->processes = number(optarg);
			break;
		case 'b':
			wish->buffers = number(optarg);
			break;
		case 's':
			wish->shared = number(optarg);
			break;
		case 'o':
			wish->others = number(optarg);
			break;
		case 'd':
			wish->dups = number(optarg);
			break;
		case 't':
			wish->threads = number(optarg);
			break;
		case 'f':
			wish->children = number(optarg);
			break;
		default:
			fputs(usage, opt == 'h' ? stdout : stderr);
			exit(opt == 'h' ? 0 : 2);
		}
	if (wish->shared < 0)
		wish->shared = wish->buffers / 2;
	if (wish->shared > wish->buffers || (wish->dups && !wish->shared)) {
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct wish wish = { .processes = 1, .buffers = 100 };
	long own;

	parse(argc, argv, &wish);
	make_all(&wish);
	own = wish.buffers - wish.shared;
	printf("{\"pid\":%d,\"processes\":%ld,\"buffers\":%ld,\"bytes\":%ld,"
	       "\"rss\":%ld,\"dups\":%ld}\n",
	       getpid(), wish.processes, wish.shared + wish.processes * own,
	       (wish.shared + wish.processes * own) * SIZE, wish.buffers * SIZE,
	       wish.dups);
	fflush(stdout);
	sleep_on(NULL);
	return 0;
}
