// SPDX-License-Identifier: LGPL-2.1-or-later
#include "births/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* Where the unified hierarchy is; the second is beside those of version 1. */
static const char *const mounts[] = { "/sys/fs/cgroup",
				      "/sys/fs/cgroup/unified" };

/* The handle of a folder of the kernel's kernfs: its number alone. */
union handle {
	struct file_handle head;
	char room[sizeof(struct file_handle) + sizeof(uint64_t)];
};

enum { FILEID_KERNFS = 0xfe };

static int open_mount(const char **path)
{
	_cleanup_close_ int fd = -1;
	struct statfs fs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mounts); i++) {
		fd = open(mounts[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && !fstatfs(fd, &fs) &&
		    (unsigned int)fs.f_type == CGROUP2_SUPER_MAGIC) {
			*path = mounts[i];
			return take_fd(&fd);
		}
		close_cleanup(&fd);
	}
	return -ENOENT;
}

/* Fills the path of a cgroup, or leaves it empty. */
static void find_path(int mount, const char *mount_path,
		      struct dmabuf_rec_cgroup *cgroup)
{
	union handle handle = { .head = {
					.handle_bytes = sizeof(uint64_t),
					.handle_type = FILEID_KERNFS,
				} };
	const size_t top = strlen(mount_path);
	_cleanup_close_ int fd = -1;
	char link[64], path[4096];
	ssize_t n;

	memcpy(handle.head.f_handle, &cgroup->number, sizeof(cgroup->number));
	fd = open_by_handle_at(mount, &handle.head, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < (ssize_t)top || memcmp(path, mount_path, top))
		return;
	path[n] = 0;
	snprintf(cgroup->path, sizeof(cgroup->path), "%s",
		 path[top] ? path + top : "/");
}

/* Adds an empty path for each number. Return: 0 or -ENOMEM. */
static int add_numbers(const struct vec *numbers, struct vec *cgroups)
{
	struct dmabuf_rec_cgroup cgroup = {
		.head = { DMABUF_REC_CGROUP, sizeof(cgroup) },
	};
	const uint64_t *number = NULL;

	while ((number = vec_next(numbers, number))) {
		if (cgroups->n && cgroup.number == *number)
			continue;
		cgroup.number = *number;
		if (vec_push(cgroups, &cgroup))
			return -ENOMEM;
	}
	return 0;
}

int births_add_cgroups(struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec numbers = VEC_OF(uint64_t);
	const struct dmabuf_rec_birth *birth = NULL;
	_cleanup_close_ int mount = -1;
	const char *mount_path;
	size_t i;

	mount = open_mount(&mount_path);
	if (mount < 0)
		return 0;
	while ((birth = vec_next(&snapshot->births, birth)))
		if (vec_push(&numbers, &birth->cgroup))
			return -ENOMEM;
	vec_sort(&numbers, u64_compare_at);
	if (add_numbers(&numbers, &snapshot->cgroups))
		return -ENOMEM;
	for (i = 0; i < snapshot->cgroups.n; i++)
		find_path(mount, mount_path, vec_at(&snapshot->cgroups, i));
	return 0;
}
