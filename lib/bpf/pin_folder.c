// SPDX-License-Identifier: LGPL-2.1-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bpf/pin_folder.h"
#include "util/cleanup.h"

static int fail(struct dmabuf_ctx *ctx, const char *path)
{
	return error_set_errno(&ctx->error, -errno, "%s", path);
}

bool pin_is_trusted(uid_t owner)
{
	return !owner || owner == geteuid();
}

/*
 * Others can replace the entries of a folder that they own or may write to,
 * unless it is @sticky.
 */
static int check_others(struct dmabuf_ctx *ctx, int fd, const char *path,
			bool sticky)
{
	struct stat st;

	if (fstat(fd, &st))
		return fail(ctx, path);
	if (!pin_is_trusted(st.st_uid)) {
		error_set(&ctx->error, -EPERM, "%s belongs to uid %u", path,
			  st.st_uid);
		return error_hint(&ctx->error, PINNED_HINT_FOREIGN);
	}
	if (st.st_mode & (S_IWGRP | S_IWOTH) &&
	    !(sticky && st.st_mode & S_ISVTX)) {
		error_set(&ctx->error, -EPERM,
			  "%s may be written by others (mode %04o)", path,
			  st.st_mode & 07777);
		return error_hint(&ctx->error, "as root: chmod go-w %s", path);
	}
	return 0;
}

static int open_mount(struct dmabuf_ctx *ctx, int *ret)
{
	_cleanup_close_ int fd = -1;
	struct statfs fs;
	int r = 0;

	fd = open("/" PINNED_MOUNT, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstatfs(fd, &fs))
		r = fail(ctx, "/" PINNED_MOUNT);
	else if ((unsigned int)fs.f_type != BPF_FS_MAGIC)
		r = error_set(&ctx->error, -ENODEV,
			      "/" PINNED_MOUNT " is not a BPF file system");
	if (r)
		return error_hint(&ctx->error, "mount -t bpf -o mode=0700 bpf "
					       "/" PINNED_MOUNT);
	r = check_others(ctx, fd, "/" PINNED_MOUNT, true);
	if (!r)
		*ret = take_fd(&fd);
	return r;
}

/* Return: a descriptor of the folder @name in @at, or as pin_folder_open(). */
static int enter(struct dmabuf_ctx *ctx, int at, const char *name,
		 const char *path)
{
	_cleanup_close_ int fd = -1;
	int r;

	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		r = fail(ctx, path);
		if (r == -ENOTDIR)
			error_hint(&ctx->error, PINNED_HINT_FOREIGN);
		return r;
	}
	return check_others(ctx, fd, path, false) ?: take_fd(&fd);
}

int pin_folder_open(struct dmabuf_ctx *ctx, struct pin_folder *folder)
{
	int r;

	if (folder->mount < 0) {
		r = open_mount(ctx, &folder->mount);
		if (r)
			return r;
	}
	r = enter(ctx, folder->mount, PINNED_FOLDER_NAME, "/" PINNED_DIR);
	if (r < 0)
		return r;
	folder->fd = r;
	return 0;
}

int pin_folder_enter(struct dmabuf_ctx *ctx, const struct pin_folder *folder,
		     const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/" PINNED_DIR "/%s", name);
	return enter(ctx, folder->fd, name, path);
}

int pin_folder_add(int fd, int at, const char *name)
{
	char path[64];

	/* The kernel before v6.5 takes a path, but not one below a folder. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", at, name);
	return bpf_obj_pin(fd, path) ? -errno : 0;
}

int pin_folder_make(struct dmabuf_ctx *ctx, struct pin_folder *folder)
{
	int r;

	r = open_mount(ctx, &folder->mount);
	if (r)
		return r;
	folder->made = !mkdirat(folder->mount, PINNED_FOLDER_NAME, 0700);
	if (!folder->made && errno != EEXIST)
		return fail(ctx, "/" PINNED_DIR);
	r = pin_folder_open(ctx, folder);
	if (r)
		return r;
	/* Others may list the folder, whatever our umask is. */
	if (folder->made && fchmod(folder->fd, 0755))
		return fail(ctx, "/" PINNED_DIR);
	return 0;
}

void pin_folder_remove(const struct pin_folder *folder)
{
	(void)unlinkat(folder->mount, PINNED_FOLDER_NAME, AT_REMOVEDIR);
}

void pin_folder_fini(struct pin_folder *folder)
{
	close_cleanup(&folder->fd);
	close_cleanup(&folder->mount);
}
