/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_VIVID_H
#define TESTS_GUEST_MKBUFS_VIVID_H

#include <stdint.h>

/* Opens the first node of vivid that has all the capabilities @caps. */
int vivid_open(uint32_t caps);

#endif
