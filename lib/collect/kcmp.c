// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collect/kcmp.h"
#include "util/array.h"

/* @ret takes -1, 0 or 1. Return: 0 or -errno. */
static int compare(int type, pid_t a, pid_t b, int *ret)
{
	/* The kernel orders objects by address, in a way that hides it. */
	static const int orders[] = { 0, -1, 1 };
	const long r = syscall(SYS_kcmp, a, b, type, 0, 0);

	if (r < 0)
		return -errno;
	if ((size_t)r >= ARRAY_SIZE(orders))
		return -ENOSYS;
	*ret = orders[r];
	return 0;
}

/* Finds the place of a task's object. Return: as kcmp_set_add(). */
static int find_place(struct kcmp_set *set, pid_t tid, size_t *ret)
{
	size_t low = 0, high = set->tasks.n, middle;
	int order = 0, r;

	while (low < high) {
		middle = low + (high - low) / 2;
		r = compare(set->type, *(pid_t *)vec_at(&set->tasks, middle),
			    tid, &order);
		if (r == -ESRCH && !compare(set->type, tid, tid, &order)) {
			/* Its task has ended, and tells of no other object. */
			vec_remove(&set->tasks, middle);
			low = 0;
			high = set->tasks.n;
			continue;
		}
		if (r)
			return r;
		*ret = middle;
		if (!order)
			return 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return 1;
}

int kcmp_set_add(struct kcmp_set *set, pid_t tid, pid_t *ret)
{
	size_t place = 0;
	pid_t *at;
	int r = find_place(set, tid, &place);

	if (r < 0)
		return r;
	if (r) {
		if (vec_push(&set->tasks, &tid))
			return -ENOMEM;
		at = vec_at(&set->tasks, place);
		memmove(at + 1, at, (set->tasks.n - 1 - place) * sizeof(*at));
		*at = tid;
	}
	*ret = *(pid_t *)vec_at(&set->tasks, place);
	return r;
}
