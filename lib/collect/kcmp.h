/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects that tasks may share, such as tables of descriptors, by kcmp(2). */
#ifndef COLLECT_KCMP_H
#define COLLECT_KCMP_H

#include <sys/types.h>

#include "util/vec.h"

/**
 * struct kcmp_set - objects of one type
 * @type: KCMP_FILES or KCMP_VM, see <linux/kcmp.h>
 * @tasks: pid_t of a task for each object, in the order of kcmp(2)
 */
struct kcmp_set {
	int type;
	struct vec tasks;
};

#define KCMP_SET(type)                                                         \
	{                                                                      \
		type, VEC_OF(pid_t)                                            \
	}

/*
 * Adds the object that a task has. @ret takes the task for which it was added
 * first, which stands for the object. Return: 1 if it is new, 0 if it is there
 * already, or -errno: -ESRCH when the task has ended, -ENOSYS without kcmp(2).
 */
int kcmp_set_add(struct kcmp_set *set, pid_t tid, pid_t *ret);

#endif
