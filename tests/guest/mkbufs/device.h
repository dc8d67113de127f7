/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_DEVICE_H
#define TESTS_GUEST_MKBUFS_DEVICE_H

/* A device that something was attached to, as sysfs names it. */
struct device {
	char name[64];
	char driver[64]; /* empty: none bound */
};

int device_of(int fd, struct device *ret);

#endif
