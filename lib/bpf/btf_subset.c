// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/btf_subset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bpf/btf_copy.h"
#include "bpf/btf_file.h"
#include "util/cleanup.h"

/**
 * struct btf_subset - the part of the kernel's BTF that our programs use
 * @base: the kernel's own BTF, kept for a later search of modules
 * @files: number of BTF files when all modules were searched
 * @named: const char *: names of modules that were added
 * @copy: the types of our programs
 * @is_own: the kernel itself has the types
 * @fd: a file with @copy
 * @path: path of this file
 */
struct btf_subset {
	struct btf_source base;
	size_t files;
	struct vec named;
	struct btf_copy copy;
	bool is_own;
	int fd;
	char path[32];
};

/* A module that cannot be read is skipped: modules come and go. */
static int add_module(struct btf_copy *copy, const struct btf_source *base,
		      int fd)
{
	struct btf_source module = {
		.base = base,
		.first = base->first + base->n,
		.first_string = base->strings_size,
	};
	int r = btf_copy_add(copy, &module, fd);

	btf_source_fini(&module);
	return r == -ENOMEM ? r : 0;
}

static int add_all(struct btf_subset *btf, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int r = 0;

	while (dir && !r && (entry = readdir(dir))) {
		_cleanup_close_ int fd = -1;

		if (entry->d_name[0] == '.' ||
		    !strcmp(entry->d_name, "vmlinux"))
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			r = add_module(&btf->copy, &btf->base, fd);
	}
	if (dir)
		closedir(dir);
	return r;
}

static bool was_added(const struct btf_subset *btf, const char *name)
{
	const char *const *added = NULL;

	while ((added = vec_next(&btf->named, added)))
		if (*added == name)
			return true;
	return false;
}

static int add_named(struct btf_subset *btf, const char *dir, const char *name)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];

	if (was_added(btf, name))
		return 0;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	/* It may be loaded later. */
	if (fd < 0)
		return 0;
	return vec_push(&btf->named, &name)
		       ?: add_module(&btf->copy, &btf->base, fd);
}

/* Return: a new file without a name that has the copy as BTF, or -errno. */
static int write_copy(const struct btf_copy *copy)
{
	struct btf_header head = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(head),
		.type_len = copy->types.n,
		.str_off = copy->types.n,
		.str_len = copy->strings.n,
	};
	const struct iovec parts[] = {
		{ &head, sizeof(head) },
		{ copy->types.data, copy->types.n },
		{ copy->strings.data, copy->strings.n },
	};
	const ssize_t size = sizeof(head) + copy->types.n + copy->strings.n;
	_cleanup_close_ int fd = memfd_create("dmabuf_btf", MFD_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : writev(fd, parts, 3);

	if (n < 0)
		return -errno;
	return n == size ? take_fd(&fd) : -EIO;
}

DEFINE_CLEANUP(btf, struct btf_subset, btf_subset_free)

/* Writes the copy to a new file, which replaces the one before. */
static int give_file(struct btf_subset *btf)
{
	int fd = write_copy(&btf->copy);

	if (fd < 0)
		return fd;
	if (btf->fd >= 0)
		close(btf->fd);
	btf->fd = fd;
	snprintf(btf->path, sizeof(btf->path), "/proc/self/fd/%d", fd);
	return 0;
}

static struct btf_subset *new_subset(void)
{
	_cleanup_(btf_cleanup) struct btf_subset *btf = NULL;

	btf = calloc(1, sizeof(*btf));
	if (!btf)
		return NULL;
	btf->fd = -1;
	btf->named.each = sizeof(const char *);
	btf->base.first = 1;
	return btf_copy_init(&btf->copy) ? NULL : take_ptr(btf);
}

static int why_not_read(struct dmabuf_error *error, int r, const char *path)
{
	return error_set(error, r, "%s: %s", path,
			 r == -EBADMSG ? "it is not BTF, or cut"
				       : strerror(-r));
}

int btf_subset_new(const char *dir, const char *given, struct btf_subset **ret,
		   struct dmabuf_error *error)
{
	_cleanup_(btf_cleanup) struct btf_subset *btf = NULL;
	_cleanup_close_ int fd = -1;
	struct btf_file file;
	int r;

	fd = btf_file_open(dir, given, &file, error);
	if (fd < 0)
		return fd;
	btf = new_subset();
	if (!btf)
		return error_no_memory(error);
	btf->is_own = file.is_own;
	r = btf_copy_add(&btf->copy, &btf->base, fd) ?: give_file(btf);
	if (r)
		return why_not_read(error, r, file.path);
	*ret = take_ptr(btf);
	return 0;
}

static size_t count_files(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

int btf_subset_add_modules(struct btf_subset *btf, const char *dir,
			   const char *const *names, struct dmabuf_error *error)
{
	const size_t files = names ? 0 : count_files(dir);
	const size_t types = btf->copy.queue.n;
	int r = 0;

	/*
	 * A module that was loaded since then may have a missing type. Its
	 * numbers of types only go with those of the kernel's own.
	 */
	if (!btf->is_own || (!names && btf->files == files))
		return 0;
	if (!names)
		r = add_all(btf, dir);
	for (; names && *names && !r; names++)
		r = add_named(btf, dir, *names);
	if (!r && types != btf->copy.queue.n)
		r = give_file(btf);
	if (r)
		return why_not_read(error, r, dir);
	btf->files = files ?: btf->files;
	return 0;
}

void btf_subset_free(struct btf_subset *btf)
{
	if (!btf)
		return;
	if (btf->fd >= 0)
		close(btf->fd);
	btf_source_fini(&btf->base);
	btf_copy_fini(&btf->copy);
	vec_fini(&btf->named);
	free(btf);
}

const char *btf_subset_path(const struct btf_subset *btf)
{
	return btf->path;
}

bool btf_subset_is_own(const struct btf_subset *btf)
{
	return btf->is_own;
}

uint32_t btf_subset_function(const struct btf_subset *btf, const char *name)
{
	const ptrdiff_t i = btf_names_find(&btf->copy.functions, name);

	return i < 0 || !btf->is_own ? 0 : btf->copy.function_ids[i];
}

uint32_t btf_subset_struct(const struct btf_subset *btf, const char *name)
{
	const ptrdiff_t i = btf_names_find(&btf->copy.structs, name);

	return i < 0 ? 0 : btf->copy.struct_ids[i];
}
