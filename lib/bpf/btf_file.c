// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/btf_file.h"

#include <bpf/btf.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/array.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(btf, struct btf, btf__free)

#define HOW_TO_MAKE                                                            \
	"make a file from this kernel's vmlinux with debug information "       \
	"(pahole --btf_encode_detached=FILE vmlinux) and give it with "        \
	"--btf FILE, or boot a kernel built with CONFIG_DEBUG_INFO_BTF=y"

static bool is_elf(int fd)
{
	char magic[SELFMAG];

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, ELFMAG, SELFMAG);
}

/* Return: a file without a name with the BTF of an ELF file, or -errno. */
static int extract(const char *path)
{
	_cleanup_(btf_cleanup) struct btf *btf = btf__parse_elf(path, NULL);
	_cleanup_close_ int fd = -1;
	const void *data;
	__u32 size;

	if (!btf)
		return errno == ENOMEM ? -ENOMEM : -ENODATA;
	data = btf__raw_data(btf, &size);
	fd = data ? memfd_create("dmabuf_types", MFD_CLOEXEC) : -1;
	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET))
		return -errno;
	return take_fd(&fd);
}

static int open_path(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return is_elf(fd) ? extract(path) : take_fd(&fd);
}

static int open_given(const char *given, struct btf_file *ret,
		      struct dmabuf_error *error)
{
	const int fd = open_path(given);

	snprintf(ret->path, sizeof(ret->path), "%s", given);
	ret->is_own = false;
	if (fd >= 0)
		return fd;
	error_set(error, fd, "%s: %s", given,
		  fd == -ENODATA ? "it has no BTF" : strerror(-fd));
	return fd == -ENODATA ? error_hint(error, HOW_TO_MAKE) : fd;
}

/* Return: a descriptor, or -errno when no file has types. */
static int open_elsewhere(struct btf_file *ret)
{
	/* As in btf__load_vmlinux_btf(), but for build/, a link to anybody's.
	 */
	static const char *const places[] = {
		"/boot/vmlinux-%1$s",
		"/lib/modules/%1$s/vmlinux-%1$s",
		"/usr/lib/modules/%1$s/kernel/vmlinux",
		"/usr/lib/debug/boot/vmlinux-%1$s",
		"/usr/lib/debug/boot/vmlinux-%1$s.debug",
		"/usr/lib/debug/lib/modules/%1$s/vmlinux",
	};
	struct utsname name;
	int fd = -ENOENT;
	size_t i;

	if (uname(&name))
		return -errno;
	for (i = 0; fd < 0 && i < ARRAY_SIZE(places); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(ret->path, sizeof(ret->path), places[i], name.release);
#pragma GCC diagnostic pop
		fd = open_path(ret->path);
	}
	ret->is_own = false;
	return fd;
}

int btf_file_open(const char *dir, const char *given, struct btf_file *ret,
		  struct dmabuf_error *error)
{
	int fd, err;

	if (given)
		return open_given(given, ret, error);
	snprintf(ret->path, sizeof(ret->path), "%s/vmlinux", dir);
	ret->is_own = true;
	fd = open(ret->path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	err = errno;
	fd = open_elsewhere(ret);
	if (fd >= 0)
		return fd;
	error_set(error, -EOPNOTSUPP, "%s/vmlinux: %s", dir, strerror(err));
	return error_hint(error, HOW_TO_MAKE);
}
