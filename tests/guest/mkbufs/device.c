// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mkbufs/device.h"

int device_of(int fd, struct device *ret)
{
	char path[64], driver[80], link[PATH_MAX];
	struct device d = { 0 };
	struct stat st;
	ssize_t len;

	if (fstat(fd, &st) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/device",
		 major(st.st_rdev), minor(st.st_rdev));
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return -errno;
	link[len] = '\0';
	snprintf(d.name, sizeof(d.name), "%.63s", basename(link));

	snprintf(driver, sizeof(driver), "%s/driver", path);
	len = readlink(driver, link, sizeof(link) - 1);
	if (len < 0 && errno != ENOENT)
		return -errno;
	if (len > 0) {
		link[len] = '\0';
		snprintf(d.driver, sizeof(d.driver), "%.63s", basename(link));
	}
	*ret = d;
	return 0;
}
