// SPDX-License-Identifier: GPL-2.0-or-later
#include "walk/btf_read.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "bpf/btf_file.h"
#include "util/cleanup.h"
#include "walk/btf_check.h"

DEFINE_CLEANUP(btf, struct btf, btf__free)

uint32_t btf_first_id(const struct btf *btf)
{
	const struct btf *base = btf__base_btf(btf);

	return base ? btf__type_cnt(base) : 1;
}

/* @fd: the file @path, or -errno */
static int parse(int fd, const char *path, struct btf *base, struct btf **ret,
		 struct dmabuf_error *error)
{
	_cleanup_(btf_cleanup) struct btf *btf = NULL;
	char opened[32];
	int r = fd;

	if (fd >= 0) {
		/* libbpf v1.1 has no function for bytes of a module. */
		snprintf(opened, sizeof(opened), "/proc/self/fd/%d", fd);
		btf = btf__parse_raw_split(opened, base);
		r = btf ? 0 : -errno;
	}
	if (r == -ENOMEM)
		return error_no_memory(error);
	if (r)
		return error_set(error, r, "%s: %s", path,
				 r == -EPROTO ? "not BTF"
					      : sysroot_strerror(r));
	r = btf_check(btf, btf_first_id(btf), path, error);
	if (!r)
		*ret = take_ptr(btf);
	return r;
}

int btf_read(const struct sysroot *sysroot, const char *name, struct btf *base,
	     struct btf **ret, struct dmabuf_error *error)
{
	char path[sizeof("/" BTF_DIR) + 1 + NAME_MAX];
	_cleanup_close_ int fd = -1;

	snprintf(path, sizeof(path), "/" BTF_DIR "/%s", name);
	fd = sysroot_open_whole(sysroot, SYSROOT_TOP, path + 1);
	return parse(fd, path, base, ret, error);
}

int btf_read_kernel(const char *given, struct btf **ret, bool *own,
		    struct dmabuf_error *error)
{
	_cleanup_close_ int fd = -1;
	struct btf_file file;

	fd = btf_file_open("/" BTF_DIR, given, &file, error);
	if (fd < 0)
		return fd;
	*own = file.is_own;
	return parse(fd, file.path, NULL, ret, error);
}
