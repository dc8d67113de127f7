// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "collect/pinned_file.h"
#include "snapshot/gaps.h"
#include "util/cleanup.h"

/*
 * Opens a file on the running system. Links are not followed, because anybody
 * may make them.
 */
static int open_live(const char *name, uid_t *owner)
{
	_cleanup_close_ int folder = -1, fd = -1;
	struct stat of_folder, of_file;

	folder = open("/" PINNED_DIR,
		      O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(folder, &of_folder) || fstat(fd, &of_file))
		return -errno;
	*owner = pin_is_trusted(of_file.st_uid) ? of_folder.st_uid
						: of_file.st_uid;
	return take_fd(&fd);
}

int pinned_open(struct dmabuf_ctx *ctx, const char *path, uid_t *owner)
{
	const bool live = sysroot_is_live(&ctx->sysroot);
	int fd;

	*owner = 0;
	fd = live ? open_live(pinned_name(path), owner)
		  : sysroot_open_whole(&ctx->sysroot, SYSROOT_TOP, path);
	if (fd >= 0)
		return fd;
	error_set(&ctx->error, fd, "/%s: %s", path, sysroot_strerror(fd));
	if (!live)
		return fd;
	if (fd == -EACCES || fd == -EPERM)
		return error_hint(
			&ctx->error,
			"as root: dmabuf unpin; dmabuf pin --group GROUP; "
			"chmod a+x /" PINNED_MOUNT);
	if (fd == -ELOOP || fd == -ENOTDIR)
		return error_hint(&ctx->error, PINNED_HINT_FOREIGN);
	if (fd == -ENOENT)
		return error_hint(&ctx->error, "as root: dmabuf pin");
	return fd;
}

int pinned_check_owner(struct dmabuf_ctx *ctx, const char *path, uid_t owner,
		       bool forced, struct dmabuf_snapshot *snapshot)
{
	char why[32];

	if (pin_is_trusted(owner))
		return 0;
	snprintf(why, sizeof(why), "pinned by uid %u", owner);
	if (forced)
		return snapshot_add_gap(snapshot, "buffers", 0, why)
			       ? error_no_memory(&ctx->error)
			       : 0;
	error_set(&ctx->error, -EPERM, "/%s: %s", path, why);
	return error_hint(&ctx->error, PINNED_HINT_FOREIGN);
}
