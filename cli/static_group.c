// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * getgrnam() of the static program, instead of libc's, which loads the
 * libraries that nsswitch.conf names: a file without libraries has only
 * /etc/group.
 */
#include <grp.h>
#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"

struct group *getgrnam(const char *name)
{
	_cleanup_fclose_ FILE *file = fopen("/etc/group", "re");
	struct group *group = NULL;

	do
		group = file ? fgetgrent(file) : NULL;
	while (group && strcmp(group->gr_name, name) != 0);
	return group;
}
