/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets the kernel fail on demand: an operation is run with its first
 * allocation, or copy from or to user space, failing, then with the second, and
 * so on, until it ends before the fault (/proc/thread-self/fail-nth, see the
 * kernel's Documentation/fault-injection). A program that does so must not
 * touch a new page meanwhile.
 */
#ifndef TESTS_GUEST_ADVERSARY_FAILNTH_H
#define TESTS_GUEST_ADVERSARY_FAILNTH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * struct operation - what is run with faults
 * @run: called with a fault. Return: at least 0 or -errno
 * @is_whole: called after it, without a fault: has it done everything?
 * @is_as_before: called after that: has a failed operation left nothing, and
 *	can a successful one be undone? It says what differs, with remark()
 * @may_not_fail: it may have no place for a fault, or succeed with each of them
 */
struct operation {
	const char *name;
	int (*run)(void *world);
	bool (*is_whole)(void *world);
	bool (*is_as_before)(void *world, int run, const char *after);
	bool may_not_fail;
};

/* Allows faults of every kind, everywhere. Return: whether the kernel has any.
 */
bool failnth_prepare(void);

/* Return: a descriptor for failnth_arm() of this thread. Gives up without one.
 */
int failnth_open(void);

/* Lets the @nth place that this thread reaches fail. */
void failnth_arm(int fd, int nth);

/* Turns faults off. Return: whether the fault has happened. */
bool failnth_disarm(int fd);

/* Return: whether the operation passes with every fault. Reports it. */
bool failnth_walk(int fd, const struct operation *op, void *world);

/*
 * The same without memory: after some bytes each allocation of this thread
 * fails, where failnth_walk() lets a second try succeed. It must not be armed
 * at the same time.
 */
bool failnth_starve(const struct operation *op, void *world);

#endif
