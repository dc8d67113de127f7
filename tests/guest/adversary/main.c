// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adversary PREFIX MODE [ARGUMENT]...: uses the kernel as nobody should. Prints
 * the lines of tests/run, with names that begin with PREFIX.
 * tests/vm/adversaries.sh has the order in which it runs.
 */
#include <stdio.h>
#include <string.h>

#include "adversary/modes.h"
#include "adversary/report.h"

static const struct mode {
	const char *name, *arguments;
	int count;
	int (*run)(char **args);
} modes[] = {
	{ "iterators", "", 0, iterators_main },
	{ "noiommu", "VFIO-DEVICE UIO-DEVICE", 2, noiommu_main },
	{ "random", "SECONDS SEED VFIO-DEVICE UIO-DEVICE", 4, random_main },
	{ "hold", "vfio|uio DEVICE BAR", 3, hold_main },
};

int main(int argc, char **argv)
{
	const size_t n = sizeof(modes) / sizeof(modes[0]);
	size_t i;

	for (i = 0; argc > 2 && i < n; i++)
		if (!strcmp(argv[2], modes[i].name) &&
		    argc - 3 == modes[i].count) {
			report_init(argv[1]);
			return modes[i].run(argv + 3);
		}
	for (i = 0; i < n; i++)
		fprintf(stderr, "usage: adversary PREFIX %s %s\n",
			modes[i].name, modes[i].arguments);
	return 2;
}
