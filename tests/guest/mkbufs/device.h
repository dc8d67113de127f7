/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_DEVICE_H
#define TESTS_GUEST_MKBUFS_DEVICE_H

/* A device to which a buffer is attached, with the names that sysfs has. */
struct device {
	char name[64];
	char driver[64]; /* empty: no driver is bound */
};

/* Finds the device of an open character device node. */
int device_of(int fd, struct device *ret);

#endif
