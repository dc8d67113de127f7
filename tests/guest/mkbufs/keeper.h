/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that keep a buffer, without any process in the way. */
#ifndef TESTS_GUEST_MKBUFS_KEEPER_H
#define TESTS_GUEST_MKBUFS_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

struct world;
struct buf;

struct keeper {
	const char *name;
	/*
	 * Makes a file that keeps the buffer, and counts its references.
	 * Return: the file's descriptor, or -errno.
	 */
	int (*keep)(struct buf *b);
	bool is_drm;
};

extern const struct keeper keepers[];
extern const size_t nkeepers;

#endif
