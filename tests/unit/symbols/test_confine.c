// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "symbols/confine.h"
#include "tests/unit/unit.h"

/* What a child sees of itself. */
struct seen {
	uid_t uid;
	gid_t gid;
	int n_groups, new_privs, dumpable, death;
	bool other, kept;
};

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void look(struct seen *seen, int kept, int other)
{
	seen->uid = getuid();
	seen->gid = getgid();
	seen->n_groups = getgroups(0, NULL);
	seen->new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	seen->dumpable = prctl(PR_GET_DUMPABLE);
	prctl(PR_GET_PDEATHSIG, &seen->death);
	seen->kept = is_open(kept);
	seen->other = is_open(other) || is_open(0) || is_open(2);
}

static struct seen confined(void)
{
	struct seen seen = {};
	int ends[2], status, kept = open("/dev/null", O_RDONLY),
			     other = open("/dev/null", O_RDONLY);
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (!child) {
		confine((const int[]){ ends[1], -1, kept }, 3);
		look(&seen, kept, other);
		_exit(write(ends[1], &seen, sizeof(seen)) != sizeof(seen));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &seen, sizeof(seen)), sizeof(seen));
	close(ends[0]);
	close(ends[1]);
	close(kept);
	close(other);
	return seen;
}

static void test_gives_up(void **state)
{
	const struct seen seen = confined();

	(void)state;
	assert_true(seen.kept);
	assert_false(seen.other);
	assert_int_equal(seen.new_privs, 1);
	assert_int_equal(seen.dumpable, 0);
	assert_int_equal(seen.death, SIGKILL);
	if (getuid())
		return;
	assert_int_equal(seen.uid, 65534);
	assert_int_equal(seen.gid, 65534);
	assert_int_equal(seen.n_groups, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gives_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
