// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adversary/failnth.h"
#include "adversary/report.h"

enum {
	SITES_MAX = 5000,
	/*
	 * The number of tries of each fault. An allocation sometimes contains a
	 * second one, often every other time: a single try would then always
	 * skip the same one.
	 */
	TURNS = 3,
};

bool failnth_prepare(void)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/cache-filter", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_usercopy/verbose", "0" },
	};
	char path[128];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 settings[i][0]);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return false;
		if (write(fd, settings[i][1], 1) != 1)
			give_up("%s: %s", path, strerror(errno));
		close(fd);
	}
	return true;
}

int failnth_open(void)
{
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		give_up("this kernel has no fault injection: %s",
			strerror(errno));
	return fd;
}

void failnth_arm(int fd, int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fd, text, len, 0) != len)
		give_up("fail-nth: %s", strerror(errno));
}

/*
 * If the fault has not happened, it can happen here, because reading and
 * writing the file copies too.
 */
bool failnth_disarm(int fd)
{
	char left[16] = "";
	ssize_t n = pread(fd, left, sizeof(left) - 1, 0);
	int i;

	if (n < 0 && errno != EFAULT)
		give_up("fail-nth: %s", strerror(errno));
	for (i = 0; i < 2; i++)
		if (pwrite(fd, "0", 1, 0) == 1)
			return n > 0 && !atoi(left);
	give_up("fail-nth: %s", strerror(errno));
}

struct tally {
	int failed, through, wrong;
};

/* Lets the @nth place fail. Return: whether the operation reached it. */
static bool try_fault(int fd, const struct operation *op, void *world, int nth,
		      struct tally *tally)
{
	char after[64];
	bool met, whole;
	int r;

	failnth_arm(fd, nth);
	r = op->run(world);
	met = failnth_disarm(fd);
	whole = op->is_whole(world);

	tally->failed += met && r < 0;
	tally->through += met && r >= 0;
	snprintf(after, sizeof(after), "%s %d (%s)", op->name, nth,
		 r < 0 ? strerror(-r) : "success");
	if (r < 0 && !met) {
		remark("%s: failed without a fault", after);
		tally->wrong++;
	} else if (r < 0 && r != -ENOMEM && r != -EFAULT) {
		remark("%s: not a plain errno", after);
		tally->wrong++;
	} else if (r >= 0 && !whole) {
		remark("%s: something is missing", after);
		tally->wrong++;
	}
	tally->wrong += !op->is_as_before(world, r, after);
	return met;
}

bool failnth_walk(int fd, const struct operation *op, void *world)
{
	struct tally tally = {};
	int nth, turn, met;
	char name[64];
	bool ok;

	for (nth = 0, met = 1; met && nth < SITES_MAX;) {
		nth++;
		for (turn = 0, met = 0; turn < TURNS; turn++)
			met += try_fault(fd, op, world, nth, &tally);
	}
	ok = !tally.wrong && !met && (tally.failed || op->may_not_fail);
	snprintf(name, sizeof(name), "failnth-%s", op->name);
	report(ok, name);
	remark("%s: %d places, %d faults: the operation failed %d times and "
	       "succeeded %d times",
	       op->name, nth - 1, tally.failed + tally.through, tally.failed,
	       tally.through);
	return ok;
}
