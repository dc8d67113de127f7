// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nsnow - print CLOCK_MONOTONIC in nanoseconds, as one number
 *
 * For benchmarks in guests whose clock counts instructions: a command between
 * two calls costs the difference, less what two calls in a row cost.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0) {
		perror("nsnow: clock_gettime");
		return EXIT_FAILURE;
	}
	printf("%" PRId64 "\n", (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
