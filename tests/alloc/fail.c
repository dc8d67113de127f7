// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library that is preloaded into a program. It runs the program with its
 * first allocation failing, then its second, and so on until none is left; then
 * again with all allocations from the n-th failing. Allocations inside libc, as
 * for getline() or open_memstream(), are counted and fail too.
 *
 * A run is right when its output and its exit status are those of the program
 * with memory, or when it exits with 1 after a message and its stdout is the
 * beginning of the whole answer.
 *
 * Prints the number of runs on stdout, and on stderr what each wrong run did
 * and where its allocation failed. Exits with 1 if there was one.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FRAMES = 24, SECONDS = 10, STATUS_FAILED = 1 };

/* Written by the program, read by the process that runs it again. */
static struct record {
	unsigned long allocations;
	void *stack[FRAMES]; /* of the allocation that failed */
	int frames;
} * record;

/* Which allocation fails, 0: none. */
static unsigned long failing;
static bool later_too;
static bool is_program;
static bool in_setlocale;

static bool fails(void)
{
	unsigned long now;

	if (!is_program || (in_setlocale && !later_too))
		return false;
	now = ++record->allocations;
	if (!failing || now < failing || (now > failing && !later_too))
		return false;
	if (now == failing)
		record->frames = backtrace(record->stack, FRAMES);
	errno = ENOMEM;
	return true;
}

/* The allocator of libc, which the functions below stand in front of. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

/*
 * If one allocation of setlocale() fails, glibc may say the same as of a locale
 * that does not exist; names are then shown as in the C locale.
 */
static char *(*libc_setlocale)(int category, const char *locale);

char *setlocale(int category, const char *locale)
{
	char *name;

	in_setlocale = true;
	name = libc_setlocale(category, locale);
	in_setlocale = false;
	return name;
}

/* What a run left behind. */
struct outcome {
	int status; /* as waitpid() has it */
	int out, err; /* files */
};

static int make_file(void)
{
	int fd = memfd_create("output", MFD_CLOEXEC);

	if (fd < 0)
		abort();
	return fd;
}

static struct outcome outcome_new(void)
{
	return (struct outcome){ .out = make_file(), .err = make_file() };
}

static void outcome_empty(const struct outcome *outcome)
{
	if (ftruncate(outcome->out, 0) || ftruncate(outcome->err, 0))
		abort();
	lseek(outcome->out, 0, SEEK_SET);
	lseek(outcome->err, 0, SEEK_SET);
}

static size_t size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : st.st_size;
}

/* Whether two files are equal in their first @n bytes. */
static bool is_same(int left, int right, size_t n)
{
	char a[4096], b[4096];
	size_t at;
	ssize_t r;

	for (at = 0; at < n; at += r) {
		r = pread(left, a, n - at < sizeof(a) ? n - at : sizeof(a), at);
		if (r <= 0 || pread(right, b, r, at) != r || memcmp(a, b, r))
			return false;
	}
	return true;
}

static bool is_equal(int left, int right)
{
	size_t n = size_of(left);

	return n == size_of(right) && is_same(left, right, n);
}

static bool is_right(const struct outcome *is, const struct outcome *whole)
{
	size_t n = size_of(is->out);

	if (is->status == whole->status && is_equal(is->out, whole->out) &&
	    is_equal(is->err, whole->err))
		return true;
	return WIFEXITED(is->status) &&
	       WEXITSTATUS(is->status) == STATUS_FAILED && size_of(is->err) &&
	       n <= size_of(whole->out) && is_same(is->out, whole->out, n);
}

/* Copies the first bytes of a file to stderr, each line marked. */
static void show(const char *mark, int fd)
{
	char text[400];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *line, *rest = NULL;

	text[n > 0 ? n : 0] = 0;
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		dprintf(STDERR_FILENO, "  %s| %s\n", mark, line);
}

static void report(const struct outcome *is, const struct outcome *whole)
{
	dprintf(STDERR_FILENO, "allocation %lu%s fails: %s %d, not %d\n",
		failing, later_too ? " and all later ones" : "",
		WIFEXITED(is->status) ? "exit status" : "signal",
		WIFEXITED(is->status) ? WEXITSTATUS(is->status)
				      : WTERMSIG(is->status),
		WEXITSTATUS(whole->status));
	show("1", is->out);
	show("2", is->err);
	backtrace_symbols_fd(record->stack, record->frames, STDERR_FILENO);
}

/* Runs the program. Return: false in the child, which becomes the program. */
static bool run(struct outcome *ret)
{
	pid_t pid;

	record->allocations = 0;
	record->frames = 0;
	outcome_empty(ret);
	pid = fork();
	if (!pid) {
		dup2(ret->out, STDOUT_FILENO);
		dup2(ret->err, STDERR_FILENO);
		lseek(STDIN_FILENO, 0, SEEK_SET);
		alarm(SECONDS);
		is_program = true;
		return false;
	}
	if (pid < 0 || waitpid(pid, &ret->status, 0) != pid)
		abort();
	return true;
}

/*
 * Runs the program with each of its allocations failing, one in each run.
 * Return: false in the child, which becomes the program.
 */
static bool run_all(const struct outcome *whole, unsigned long *runs,
		    unsigned long *wrong)
{
	static struct outcome is;

	is = outcome_new();
	for (failing = 1;; failing++) {
		if (!run(&is))
			return false;
		if (record->allocations < failing)
			return true;
		++*runs;
		if (is_right(&is, whole))
			continue;
		++*wrong;
		report(&is, whole);
	}
}

static void __attribute__((constructor)) begin(void)
{
	unsigned long runs = 0, wrong = 0;
	struct outcome whole = outcome_new();
	void *stack[FRAMES];

	unsetenv("LD_PRELOAD");
	*(void **)&libc_setlocale = dlsym(RTLD_NEXT, "setlocale");
	record = mmap(NULL, sizeof(*record), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (record == MAP_FAILED)
		abort();
	/* The first call loads a library. */
	(void)backtrace(stack, FRAMES);
	if (!run(&whole))
		return;
	for (int pass = 0; pass < 2; pass++) {
		later_too = pass;
		if (!run_all(&whole, &runs, &wrong))
			return;
	}
	dprintf(STDOUT_FILENO, "%lu %lu\n", runs, wrong);
	_exit(wrong ? 1 : 0);
}
