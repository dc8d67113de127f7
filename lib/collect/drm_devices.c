// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "collect/drm_devices.h"
#include "util/cleanup.h"

static int may_have(const struct sysroot *sysroot, const char *class)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const struct dirent *entry;
	int r = sysroot_opendir(sysroot, SYSROOT_TOP, class, &dir);

	if (r == -ENOMEM)
		return r;
	if (r)
		return sysroot_absence(sysroot, r) != ABSENCE_GONE;
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, "card", 4) ||
		    !strncmp(entry->d_name, "render", 6) ||
		    !strncmp(entry->d_name, "accel", 5))
			return 1;
	return 0;
}

int drm_devices_exist(const struct sysroot *sysroot)
{
	return may_have(sysroot, "sys/class/drm")
		       ?: may_have(sysroot, "sys/class/accel");
}
