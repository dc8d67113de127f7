// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "collect/parse_proc.h"
#include "collect/proc_files.h"
#include "collect/proc_mounts.h"

int proc_is_hidden(const struct sysroot *sysroot, bool *ret)
{
	_cleanup_(vec_fini) struct vec text = VEC_OF(char);
	_cleanup_close_ int mounts = -1, fd = -1;
	int r;

	mounts = sysroot_open(sysroot, "proc");
	if (mounts < 0)
		return 0;
	r = proc_read_whole(mounts, "mounts", &text);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (vec_push(&text, ""))
		return -ENOMEM;
	fd = sysroot_open(sysroot, "proc/1/fd");
	*ret = fd < 0 && parse_hides_processes(text.data);
	return 0;
}
