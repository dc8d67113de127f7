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
 * Gives up the capabilities of the mask, for good. Return: 0 or -errno. A
 * capability that the thread does not have is not an error.
 */
int capability_drop(uint64_t mask);

#endif
