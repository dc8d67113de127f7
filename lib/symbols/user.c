// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Files are searched and read in a child, and each file with symbols in a child
 * of that, which has little time and memory: one that crashes costs the names
 * of one file. A file system that does not answer costs ten seconds. Processes
 * that may end come first, for a part of that: one can have 65,000 mappings.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "symbols/confine.h"
#include "symbols/elf.h"
#include "symbols/search.h"
#include "util/cleanup.h"
#include "util/io.h"
#include "util/now.h"

enum {
	DEADLINE_MS = 10000,
	/* How long processes that may end are searched. */
	ENDING_MS = 2000,
	CPU_SECONDS = 5,
	/* How long a killed child is waited for. */
	REAP_MS = 1000,
};

/*
 * Files are mapped, so that few bytes are copied; but a file with holes, which
 * takes no room on a disk, can want all of it copied. A sanitizer takes
 * terabytes.
 */
#ifdef __SANITIZE_ADDRESS__
static const rlim_t memory_most = RLIM_INFINITY, copied_most = RLIM_INFINITY;
#else
static const rlim_t memory_most = sizeof(long) > 4 ? 8ULL << 30 : 1ULL << 30;
static const rlim_t copied_most = 512 << 20;
#endif

/* What a child found out. */
struct answer {
	size_t index;
	struct symbol symbol;
};

static_assert(sizeof(struct answer) <= PIPE_BUF, "answers are not mixed up");

/* What the child has. */
struct job {
	struct symbol *symbols;
	size_t n;
	int out; /* takes answers */
};

static void send_answers(const struct job *job, const struct vec *of)
{
	struct symbol **symbol = NULL;
	struct answer answer;

	while ((symbol = vec_next(of, symbol))) {
		answer = (struct answer){ *symbol - job->symbols, **symbol };
		if (write(job->out, &answer, sizeof(answer)) < 0)
			return;
	}
}

static void limit(int resource, rlim_t most)
{
	(void)setrlimit(resource, &(struct rlimit){ most, most });
}

/* The file of a child that ends with its parent. Does not return. */
static _Noreturn void read_file(const struct job *job, const struct vec *of,
				int fd)
{
	int debug = search_debug(
		of->n ? (*(struct symbol **)vec_at(of, 0))->build_id
		      : (const uint8_t[SYMBOL_BUILD_ID]){});

	confine((const int[]){ fd, debug, job->out }, 3);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, 0);
	limit(RLIMIT_AS, memory_most);
	limit(RLIMIT_DATA, copied_most);
	elf_name(fd, debug, of);
	send_answers(job, of);
	_exit(0);
}

/* A file of some symbols was found. */
static void take_file(void *arg, const struct wanted_file *file, int fd,
		      const char *path)
{
	_cleanup_(vec_fini) struct vec of = VEC_OF(struct symbol *);
	const struct job *job = arg;
	struct symbol *symbol;
	pid_t child;
	size_t i;

	for (i = 0; i < job->n; i++) {
		symbol = &job->symbols[i];
		if (memcmp(symbol->build_id, file->build_id,
			   sizeof(file->build_id)))
			continue;
		snprintf(symbol->file, sizeof(symbol->file), "%s", path);
		if (vec_push(&of, &symbol))
			return;
	}
	/* At least the file is known. */
	send_answers(job, &of);
	child = fork();
	if (!child)
		read_file(job, &of, fd);
	if (child > 0)
		(void)waitpid(child, NULL, 0);
}

/* Lets what is an address in a process be a place in a file. */
static void find_addresses(const struct job *job, uint64_t until_ns)
{
	struct symbol *symbol;
	size_t i;

	for (i = 0; i < job->n && now_boot_ns() < until_ns; i++) {
		symbol = &job->symbols[i];
		if (symbol->pid && !build_id_is_known(symbol->build_id))
			(void)search_address(symbol->pid, symbol->at, symbol);
	}
}

/* Return: 0 or -ENOMEM. */
static int list_processes(const struct job *job, struct vec *pids)
{
	const uint32_t *last;
	size_t i;

	for (i = 0; i < job->n; i++) {
		last = pids->n ? vec_at(pids, pids->n - 1) : NULL;
		if (job->symbols[i].pid &&
		    (!last || *last != job->symbols[i].pid) &&
		    vec_push(pids, &job->symbols[i].pid))
			return -ENOMEM;
	}
	return 0;
}

/* Return: 0 or -ENOMEM. */
static int list_files(const struct job *job, struct vec *wanted)
{
	struct wanted_file file = {};
	size_t i, k;

	for (i = 0; i < job->n; i++) {
		memcpy(file.build_id, job->symbols[i].build_id,
		       sizeof(file.build_id));
		for (k = 0; k < wanted->n; k++)
			if (!memcmp(vec_at(wanted, k), file.build_id,
				    sizeof(file.build_id)))
				break;
		if (k == wanted->n && build_id_is_known(file.build_id) &&
		    vec_push(wanted, &file))
			return -ENOMEM;
	}
	return 0;
}

static _Noreturn void run_child(struct job *job)
{
	const uint64_t until_ns = now_boot_ns() + ENDING_MS * 1000000ULL;
	struct vec wanted = VEC_OF(struct wanted_file), pids = VEC_OF(uint32_t);

	/* So that the parent ends all of them at once. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	find_addresses(job, until_ns);
	if (!list_files(job, &wanted) && !list_processes(job, &pids))
		search_files(&wanted, &pids, until_ns, take_file, job);
	_exit(0);
}

static void take_answer(struct symbol *symbols, size_t n, struct answer *answer)
{
	struct symbol *to;

	if (answer->index >= n)
		return;
	to = &symbols[answer->index];
	to->at = answer->symbol.at;
	to->offset = answer->symbol.offset;
	memcpy(to->build_id, answer->symbol.build_id, sizeof(to->build_id));
	answer->symbol.name[SYMBOL_NAME - 1] = 0;
	answer->symbol.file[SYMBOL_FILE - 1] = 0;
	strcpy(to->name, answer->symbol.name);
	strcpy(to->file, answer->symbol.file);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Reads answers until the child ends, or takes too long. */
static void read_answers(struct symbol *symbols, size_t n, int in)
{
	const int64_t end = now_ms() + DEADLINE_MS;
	struct pollfd fd = { .fd = in, .events = POLLIN };
	struct answer answer;
	int64_t left;
	int r;

	while ((left = end - now_ms()) > 0) {
		r = poll(&fd, 1, left);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0 ||
		    read_retry(in, &answer, sizeof(answer)) != sizeof(answer))
			return;
		take_answer(symbols, n, &answer);
	}
}

/*
 * A killed child that waits for a file system, such as one of a process that
 * does not answer, ends only when that does.
 */
static void reap(pid_t child)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	int64_t end = now_ms() + REAP_MS;

	while (!waitpid(child, NULL, WNOHANG) && now_ms() < end)
		nanosleep(&pause, NULL);
}

int symbols_name_user(struct dmabuf_ctx *ctx, struct symbol *symbols, size_t n)
{
	_cleanup_close_ int in = -1, out = -1;
	int ends[2];
	pid_t child;

	(void)ctx;
	if (!n || pipe2(ends, O_CLOEXEC))
		return 0;
	in = ends[0];
	out = ends[1];
	child = fork();
	if (!child)
		run_child(&(struct job){ symbols, n, out });
	close(take_fd(&out));
	if (child < 0)
		return 0;
	/* Whoever is first: else it could be killed before it has a group. */
	setpgid(child, child);
	read_answers(symbols, n, in);
	kill(-child, SIGKILL);
	reap(child);
	return 0;
}
