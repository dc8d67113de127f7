// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkhostile plain|odd N starts N processes with what any user may have: files,
 * mappings, sockets, messages in flight and, where the user may open a heap,
 * buffers. With "odd", all names have bytes that mean something to a terminal
 * or in a file of /proc; with "plain", none has. Prints the number of processes
 * and of buffers as one line of JSON, and sleeps until a signal ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAP "/dev/dma_heap/system"
#define PAGE 4096

enum { FILES = 4, COPIES = 8, HEAP_BUFFERS = 3 };

static const char *const odd[] = {
	"\n",
	"a\nb\n",
	"x\n\tread fence:y",
	"\033[2J\033[31m",
	"\r\b\b\bx",
	" (deleted)",
	"dmabuf:x",
	"/dmabuf: (deleted)",
	"x) R 1 1 1 0",
	"\"},{\"pid\":1,\"",
	"\\012\\",
	"\xff\xfe\xc0\x80",
	"\t\v\f",
	" ",
	"%s%n",
	"exp_name:\tx",
	"\001\002\177",
	"\xe2\x80\xae",
};

static void fail(const char *what)
{
	fprintf(stderr, "mkhostile: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int check(int r, const char *what)
{
	if (r < 0)
		fail(what);
	return r;
}

/* A message that nobody receives has the descriptor. */
static void send_away(int fd)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {};
	struct iovec byte = { "", 1 };
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int pair[2];

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	check(sendmsg(pair[0], &message, 0), "sendmsg");
}

static void map(int fd)
{
	if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		fail("mmap");
}

/* A file in memory, and one in this folder: open, mapped and in flight. */
static void make_files(const char *name)
{
	char path[64];
	int i, fd;

	for (i = 0; i < FILES; i++) {
		fd = check(memfd_create(name, 0), "memfd_create");
		check(ftruncate(fd, PAGE), "ftruncate");
		map(fd);
		send_away(fd);
		snprintf(path, sizeof(path), "%d%d%s", getpid(), i, name);
		if (strchr(path, '/'))
			*strchr(path, '/') = '_';
		fd = check(open(path, O_RDWR | O_CREAT, 0600), path);
		check(ftruncate(fd, PAGE), "ftruncate");
		map(fd);
		check(unlink(path), path);
	}
	for (i = 0; i < COPIES; i++)
		check(dup(fd), "dup");
	check(epoll_create1(0), "epoll");
}

/* In the abstract namespace a name may have any bytes. */
static void make_socket(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = check(socket(AF_UNIX, SOCK_STREAM, 0), "socket");

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "%s%d",
		 name, getpid());
	check(bind(fd, (struct sockaddr *)&address, sizeof(address)), "bind");
	check(listen(fd, 1), "listen");
}

/* One buffer is open, one is also mapped, one is only in flight. */
static void make_buffers(int heap, const char *name)
{
	int i;

	for (i = 0; heap >= 0 && i < HEAP_BUFFERS; i++) {
		struct dma_heap_allocation_data data = {
			.len = PAGE,
			.fd_flags = O_RDWR,
		};

		check(ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data), HEAP);
		check(ioctl(data.fd, DMA_BUF_SET_NAME_B, (uintptr_t)name),
		      "name");
		if (i == 1)
			map(data.fd);
		if (i == 2) {
			send_away(data.fd);
			close(data.fd);
		}
	}
}

/* Writes a byte to @ready when it has made everything. */
static void be_process(const char *name, int heap, int ready)
{
	char comm[16];

	snprintf(comm, sizeof(comm), "%s", name);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, comm);
	make_files(name);
	make_socket(name);
	make_buffers(heap, name);
	check(write(ready, "", 1), "pipe");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	const size_t names = sizeof(odd) / sizeof(odd[0]);
	const long n = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	const int heap = open(HEAP, O_RDONLY | O_CLOEXEC);
	int pipes[2];
	char byte;
	pid_t pid;
	long i;

	if (n < 1 || (strcmp(argv[1], "plain") && strcmp(argv[1], "odd"))) {
		fprintf(stderr, "Usage: mkhostile plain|odd N\n");
		return 2;
	}
	check(pipe(pipes), "pipe");
	for (i = 0; i < n; i++) {
		pid = check(fork(), "fork");
		if (!pid)
			be_process(argv[1][0] == 'o' ? odd[i % names] : "plain",
				   heap, pipes[1]);
		if (read(pipes[0], &byte, 1) != 1)
			fail("pipe");
	}
	printf("{\"processes\":%ld,\"buffers\":%ld}\n", n,
	       heap < 0 ? 0 : n * HEAP_BUFFERS);
	fflush(stdout);
	for (;;)
		pause();
}
