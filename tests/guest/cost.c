// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost FILE CMD...: runs CMD and writes two numbers to FILE: the time it took
 * in nanoseconds, and its peak RSS in kB. In a guest whose clock counts
 * instructions the first number is instructions. (busybox's time reports four
 * times the RSS.)
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* bench/profile counts from the first call of this function to the second. */
__attribute__((noinline)) static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	long long began, took;
	FILE *file;
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: cost FILE CMD...\n");
		return 2;
	}
	began = now_ns();
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
		perror("cost");
		return 1;
	}
	took = now_ns() - began;
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%lld %ld\n", took, usage.ru_maxrss) < 0 ||
	    fclose(file)) {
		perror(argv[1]);
		return 1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
