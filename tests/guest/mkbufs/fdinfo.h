/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_FDINFO_H
#define TESTS_GUEST_MKBUFS_FDINFO_H

/* What the kernel says of a buffer in the fdinfo of a descriptor. */
struct fdinfo {
	long count; /* of references, without the one of reading it */
	char exp[64];
};

int fdinfo_read(int fd, struct fdinfo *ret);

#endif
