// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "collect/parse_proc.h"
#include "collect/proc_files.h"
#include "collect/proc_mounts.h"

static bool can_list(const struct sysroot *sysroot, const char *path)
{
	_cleanup_closedir_ DIR *dir = NULL;

	return !sysroot_opendir(sysroot, SYSROOT_TOP, path, &dir);
}

int proc_is_hidden(const struct sysroot *sysroot, bool *ret)
{
	_cleanup_(vec_fini) struct vec text = VEC_OF(char);
	int r;

	r = proc_read_whole(sysroot, SYSROOT_TOP, "proc/mounts", &text);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (vec_push(&text, ""))
		return -ENOMEM;
	*ret = !can_list(sysroot, "proc/1/fd") &&
	       parse_hides_processes(text.data);
	return 0;
}
