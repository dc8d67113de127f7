// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkbufs SCENE [-n N] [--hold]: makes a scene of dma-bufs, prints the truth
 * about it and holds it.
 *
 * It prints one line of JSON on stdout (truth.h). It keeps the buffers until it
 * reads a line or the end of stdin, or with --hold until SIGTERM or SIGINT.
 * Then it frees all of them and exits with 0.
 *
 * Tests compare the output of our tools with that line. So it must come from
 * what this program did, and from the simplest questions to the kernel (fstat,
 * lseek, fdinfo), never from code of the tools.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/child.h"
#include "mkbufs/scenes.h"
#include "mkbufs/truth.h"
#include "mkbufs/world.h"

enum { EXIT_USAGE = 2 };

static int signals_block(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		die("sigprocmask: %s", strerror(errno));
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("signalfd: %s", strerror(errno));
	return fd;
}

static void wait_for_end(int sigfd, bool hold)
{
	struct pollfd p[] = {
		{ .fd = sigfd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};
	char buf[256];
	ssize_t n;

	for (;;) {
		if (poll(p, hold ? 1 : 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			die("poll: %s", strerror(errno));
		}
		if (p[0].revents)
			return;
		n = read(STDIN_FILENO, buf, sizeof(buf));
		if (n <= 0 || memchr(buf, '\n', n))
			return;
	}
}

static void usage(FILE *f)
{
	fputs("Usage: mkbufs SCENE [-n N] [--hold]\n"
	      "       mkbufs --list\n"
	      "\n"
	      "Makes a scene of dma-bufs, prints the truth about it as one\n"
	      "line of JSON, waits for a line or the end of stdin, and frees\n"
	      "the buffers.\n"
	      "\n"
	      "  -n N       number of buffers (scenes many and churn)\n"
	      "  --hold     wait for SIGTERM or SIGINT instead of stdin\n"
	      "  --list     print the scenes\n"
	      "  --help     print this help\n",
	      f);
}

/* Otherwise a closed stdin would become the descriptor of a buffer. */
static void std_fds_open(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

static void list_scenes(void)
{
	size_t i;

	for (i = 0; i < nscenes; i++)
		printf("%-15s%s\n", scenes[i].name, scenes[i].desc);
}

static long parse_number(const char *arg)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (errno || *end || end == arg || n < 1 || n > 1000000) {
		fprintf(stderr,
			"mkbufs: -n %s: not a number from 1 to 1000000\n", arg);
		exit(EXIT_USAGE);
	}
	return n;
}

struct args {
	const struct scene *scene;
	long n; /* 0: not given */
	bool hold;
};

/* Exits after --list and --help, and if the arguments are wrong. */
static struct args parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "hold", no_argument, NULL, 'H' },
		{ "list", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct args args = { 0 };
	int opt;

	while ((opt = getopt_long(argc, argv, "n:h", options, NULL)) != -1) {
		switch (opt) {
		case 'n':
			args.n = parse_number(optarg);
			break;
		case 'H':
			args.hold = true;
			break;
		case 'l':
			list_scenes();
			exit(fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS);
		case 'h':
			usage(stdout);
			exit(fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS);
		default:
			usage(stderr);
			exit(EXIT_USAGE);
		}
	}
	if (optind + 1 != argc) {
		usage(stderr);
		exit(EXIT_USAGE);
	}
	args.scene = scene_find(argv[optind]);
	if (!args.scene) {
		fprintf(stderr, "mkbufs: no scene '%s'; see mkbufs --list\n",
			argv[optind]);
		exit(EXIT_USAGE);
	}
	return args;
}

/* Frees all that the scene made. Return: whether each child succeeded. */
static bool end_scene(struct world *w, const struct scene *scene)
{
	int err;

	if (scene->stop)
		scene->stop(w);
	sharers_end(w);
	err = children_end(w);
	if (scene->report)
		scene->report(w);
	world_free(w);
	return !err;
}

int main(int argc, char **argv)
{
	const struct args args = parse(argc, argv);
	struct world *w = world_new(args.scene->name, args.n);
	int sigfd;
	bool ok;

	std_fds_open();
	sigfd = signals_block();
	args.scene->make(w);
	check_all(w);
	print_truth(stdout, w);

	wait_for_end(sigfd, args.hold);

	ok = end_scene(w, args.scene);
	close(sigfd);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
