/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_BUFINFO_H
#define TESTS_GUEST_MKBUFS_BUFINFO_H

struct buf;

/*
 * Looks for the buffer in the kernel's list in debugfs. Return: 1 if the kernel
 * counts as many references as we do, 0 if not, or -errno without the list.
 */
int bufinfo_agrees(const struct buf *b);

#endif
