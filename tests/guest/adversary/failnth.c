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
	/* More than a call can have */
	FAULTS_MAX = 1000000,
	/* A node of an xarray has 576 bytes: no step may pass over one. */
	BYTES_STEP = 256,
};

/*
 * struct way - how an operation is made to fail
 * @arm: lets it fail at place @n. @fd is that of failnth_open()
 * @disarm: ends that. Return: whether there was a fault
 * @step: from one place to the next
 */
struct way {
	const char *name;
	void (*arm)(int fd, int n);
	bool (*disarm)(int fd);
	int step, turns;
};

static int open_setting(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s", name);
	return open(path, O_RDWR | O_CLOEXEC);
}

bool failnth_prepare(void)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/cache-filter", "N" },
		{ "failslab/verbose", "0" },
		{ "failslab/task-filter", "Y" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_usercopy/verbose", "0" },
	};
	size_t i;
	int fd;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		fd = open_setting(settings[i][0]);
		if (fd < 0)
			return false;
		if (write(fd, settings[i][1], 1) != 1)
			give_up("%s: %s", settings[i][0], strerror(errno));
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

static struct {
	int make_it_fail, probability, space, times;
} starve_files;

static void starve_open(void)
{
	starve_files.make_it_fail =
		open("/proc/thread-self/make-it-fail", O_RDWR | O_CLOEXEC);
	starve_files.probability = open_setting("failslab/probability");
	starve_files.space = open_setting("failslab/space");
	starve_files.times = open_setting("failslab/times");
	if (starve_files.make_it_fail < 0 || starve_files.probability < 0 ||
	    starve_files.space < 0 || starve_files.times < 0)
		give_up("this kernel has no failslab: %s", strerror(errno));
}

static void set_number(int fd, int number)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", number);

	if (write(fd, text, len) != len)
		give_up("failslab: %s", strerror(errno));
}

/* Allows this thread @bytes, and from then on nothing that is larger than the
 * rest. */
static void starve_arm(int fd, int bytes)
{
	(void)fd;
	set_number(starve_files.space, bytes);
	set_number(starve_files.times, FAULTS_MAX);
	set_number(starve_files.probability, 100);
	set_number(starve_files.make_it_fail, 1);
}

static bool starve_disarm(int fd)
{
	char left[16] = "";
	int times;

	(void)fd;
	set_number(starve_files.make_it_fail, 0);
	set_number(starve_files.probability, 0);
	/* One descriptor of such a file can be read once. */
	times = open_setting("failslab/times");
	if (read(times, left, sizeof(left) - 1) <= 0)
		give_up("failslab/times: %s", strerror(errno));
	close(times);
	return atoi(left) != FAULTS_MAX;
}

static const struct way failnth = { "failnth", failnth_arm, failnth_disarm, 1,
				    TURNS };
static const struct way starve = { "starve", starve_arm, starve_disarm,
				   BYTES_STEP, 1 };

struct tally {
	int failed, through, wrong;
};

/* Lets place @n fail. Return: whether the operation reached it. */
static bool try_fault(const struct way *way, int fd, const struct operation *op,
		      void *world, int n, struct tally *tally)
{
	char after[64];
	bool met, whole;
	int r;

	way->arm(fd, n);
	r = op->run(world);
	met = way->disarm(fd);
	whole = op->is_whole(world);

	tally->failed += met && r < 0;
	tally->through += met && r >= 0;
	snprintf(after, sizeof(after), "%s %s %d (%s)", way->name, op->name, n,
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

static bool walk(const struct way *way, int fd, const struct operation *op,
		 void *world)
{
	struct tally tally = {};
	int n, turn, met = 1;
	char name[64];
	bool ok;

	for (n = 0; met && n < SITES_MAX * way->step;) {
		n += way->step;
		for (turn = 0, met = 0; turn < way->turns; turn++)
			met += try_fault(way, fd, op, world, n, &tally);
	}
	ok = !tally.wrong && !met && (tally.failed || op->may_not_fail);
	snprintf(name, sizeof(name), "%s-%s", way->name, op->name);
	report(ok, name);
	remark("%s-%s: %d places, %d faults: the operation failed %d times and "
	       "succeeded %d times",
	       way->name, op->name, n / way->step - 1,
	       tally.failed + tally.through, tally.failed, tally.through);
	return ok;
}

bool failnth_walk(int fd, const struct operation *op, void *world)
{
	return walk(&failnth, fd, op, world);
}

bool failnth_starve(const struct operation *op, void *world)
{
	if (!starve_files.times)
		starve_open();
	return walk(&starve, -1, op, world);
}
