// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "util/replace_file.h"
#include "util/resolve.h"
#include "util/scan.h"

static int fail(struct replace_file *file, int err, const char *why,
		const char *hint)
{
	file->why = why;
	file->hint = hint;
	return err;
}

/* Return: the descriptor of this process that @path is a name of, or -1. */
static int own_descriptor(const char *path)
{
	static const struct {
		const char *name;
		int fd; /* -1: a number follows */
	} names[] = {
		{ "/dev/stdin", STDIN_FILENO },
		{ "/dev/stdout", STDOUT_FILENO },
		{ "/dev/stderr", STDERR_FILENO },
		{ "/dev/fd/", -1 },
		{ "/proc/self/fd/", -1 },
		{ "/proc/thread-self/fd/", -1 },
	};
	const char *end = path + strlen(path);
	uint64_t number;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct scan text = { path, end };

		if (!scan_word(&text, names[i].name))
			continue;
		number = names[i].fd;
		if ((names[i].fd < 0 && !scan_number(&text, 10, &number)) ||
		    text.at < end || number > INT_MAX)
			continue;
		return number;
	}
	return -1;
}

static int entry_find(struct dir_entry *entry, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	_cleanup_free_ char *folder = strndup(path, name - path);

	if (!folder)
		return -ENOMEM;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	if (entry->dir >= 0)
		close(entry->dir);
	entry->dir =
		open(*folder ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (entry->dir < 0)
		return -errno;
	strcpy(entry->name, name);
	if (!*name)
		return *path ? -EISDIR : -ENOENT;
	return 0;
}

static bool entry_is(const struct dir_entry *entry, const struct stat *st)
{
	struct stat found;

	return !fstatat(entry->dir, entry->name, &found, AT_SYMLINK_NOFOLLOW) &&
	       found.st_dev == st->st_dev && found.st_ino == st->st_ino;
}

/*
 * If a link led to @fd, makes @entry the entry that the kernel found there.
 * Return: 0, -ESTALE if the entry is another file by now, or another -errno.
 */
static int entry_follow(struct dir_entry *entry, int fd, const struct stat *st)
{
	char link[32], path[PATH_MAX];
	ssize_t n;
	int r;

	if (entry_is(entry, st))
		return 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	if (n < 0)
		return -errno;
	if (n == sizeof(path))
		return -ENAMETOOLONG;
	path[n] = 0;
	r = entry_find(entry, path);
	if (r)
		return r == -ENOENT ? -ESTALE : r;
	return entry_is(entry, st) ? 0 : -ESTALE;
}

/*
 * Return: 0 if the entry, or what it is a link to, exists; -ELOOP if it is a
 * link to a descriptor of a process, or in a loop; or another -errno.
 */
static int entry_look(const struct dir_entry *entry)
{
	_cleanup_close_ int fd =
		resolve_how(entry->dir, entry->name, O_PATH | O_CLOEXEC,
			    RESOLVE_NO_MAGICLINKS);

	if (fd == -ENOSYS) {
		fd = openat(entry->dir, entry->name, O_PATH | O_CLOEXEC);
		return fd < 0 ? -errno : 0;
	}
	return fd < 0 ? fd : 0;
}

static int make_temporary(struct replace_file *file)
{
	/* The kernel applies the umask, or the folder's default ACL. */
	const mode_t mode = file->replaces ? 0600 : 0666;
	uint64_t number = getpid();
	sigset_t all;
	int r = 0;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &file->signals);
	do {
		if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
			number++;
		snprintf(file->temporary, sizeof(file->temporary),
			 ".new-%016llx", (unsigned long long)number);
		file->fd = openat(file->entry.dir, file->temporary,
				  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
					  O_CLOEXEC,
				  mode);
	} while (file->fd < 0 && errno == EEXIST);
	if (file->fd < 0) {
		r = -errno;
		file->temporary[0] = 0;
		sigprocmask(SIG_SETMASK, &file->signals, NULL);
	}
	return r;
}

static int open_new(struct replace_file *file)
{
	struct stat st;

	if (!fstatat(file->entry.dir, file->entry.name, &st,
		     AT_SYMLINK_NOFOLLOW))
		return fail(file, -ENOENT, "a link to a file that is missing",
			    "create that file, or remove the link");
	return make_temporary(file);
}

static int open_existing(struct replace_file *file)
{
	_cleanup_close_ int fd = -1;
	int r;

	/* With O_CREAT, fs.protected_regular and fs.protected_fifos apply. */
	fd = openat(file->entry.dir, file->entry.name,
		    O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC, 0666);
	if (fd < 0 || fstat(fd, &file->old))
		return -errno;
	if (!S_ISREG(file->old.st_mode)) {
		file->fd = take_fd(&fd);
		return 0;
	}
	r = entry_follow(&file->entry, fd, &file->old);
	if (r)
		return r;
	file->replaces = true;
	r = make_temporary(file);
	if (r == -EACCES || r == -EPERM || r == -EROFS)
		return fail(file, r, "its folder may not be written to",
			    "write another file, or '-' and redirect stdout");
	return r;
}

static int open_once(struct replace_file *file, const char *path)
{
	int r;

	r = entry_find(&file->entry, path);
	if (r)
		return r;
	r = entry_look(&file->entry);
	if (!r)
		return open_existing(file);
	if (r == -ENOENT)
		return open_new(file);
	if (r != -ELOOP)
		return r;
	file->fd = openat(file->entry.dir, file->entry.name,
			  O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
	return file->fd < 0 ? -errno : 0;
}

int replace_file_open(struct replace_file *file, const char *path)
{
	int own = own_descriptor(path), tries = 100, r;

	if (own >= 0) {
		file->fd = fcntl(own, F_DUPFD_CLOEXEC, 0);
		return file->fd < 0 ? -errno : 0;
	}
	/* Another program may be replacing the file as well. */
	do {
		r = open_once(file, path);
	} while (r == -ESTALE && --tries);
	if (r == -ESTALE)
		return fail(file, r, "its folder keeps changing", "try again");
	return r;
}

static int keep_owner(struct replace_file *file)
{
	const mode_t permissions = S_IRWXU | S_IRWXG | S_IRWXO;

	if (fchmod(file->fd, file->old.st_mode & permissions))
		return -errno;
	if (fchown(file->fd, file->old.st_uid, file->old.st_gid))
		return fail(file, -errno,
			    "the new file cannot get the old one's owner and "
			    "group",
			    "remove the old file");
	return 0;
}

int replace_file_commit(struct replace_file *file)
{
	const int dir = file->entry.dir;
	int r;

	if (!file->temporary[0])
		return 0;
	if (file->replaces) {
		r = keep_owner(file);
		if (r)
			return r;
	}
	if (fsync(file->fd))
		return -errno;
	if (renameat(dir, file->temporary, dir, file->entry.name))
		return errno == EBUSY
			       ? fail(file, -EBUSY, "it is a mount of its own",
				      "write '-' and redirect stdout")
			       : -errno;
	file->temporary[0] = 0;
	sigprocmask(SIG_SETMASK, &file->signals, NULL);
	return 0;
}

void replace_file_fini(struct replace_file *file)
{
	close_cleanup(&file->fd);
	if (file->temporary[0]) {
		unlinkat(file->entry.dir, file->temporary, 0);
		file->temporary[0] = 0;
		sigprocmask(SIG_SETMASK, &file->signals, NULL);
	}
	close_cleanup(&file->entry.dir);
	file->fd = file->entry.dir = -1;
}
