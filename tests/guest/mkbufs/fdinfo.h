/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_FDINFO_H
#define TESTS_GUEST_MKBUFS_FDINFO_H

struct fdinfo {
	long count;
	char exp[64];
};

int fdinfo_read(int fd, struct fdinfo *ret);

#endif
