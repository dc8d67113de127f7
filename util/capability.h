/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capabilities of this thread: CAP_* of linux/capability.h as bits of a mask.
 */
#ifndef UTIL_CAPABILITY_H
#define UTIL_CAPABILITY_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>

#define CAPABILITY_BIT(cap) (1ULL << (cap))

/* Whether all capabilities of the mask are effective. */
bool capability_has(uint64_t mask);

/*
 * Drops all capabilities that are not in @permitted, for good, and all
 * inheritable and ambient ones, which a program that this one executes would
 * get. Of the rest, those in @effective become effective. A capability that the
 * thread does not have is not an error. Return: 0 or -errno.
 */
int capability_limit(uint64_t permitted, uint64_t effective);

#endif
