/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_ADVERSARY_PINS_H
#define TESTS_GUEST_ADVERSARY_PINS_H

#include <stdbool.h>

/* Return: the number of pinned pages in the whole system. */
long pins_count(void);

/* Waits for @wanted, for some seconds. Return: whether it came. */
bool pins_wait(long wanted);

#endif
