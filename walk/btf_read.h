/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a file of types. */
#ifndef WALK_BTF_READ_H
#define WALK_BTF_READ_H

#include <bpf/btf.h>
#include <stdbool.h>

#include "core/error.h"
#include "util/sysroot.h"

#define BTF_DIR "sys/kernel/btf"

/*
 * Reads a file in BTF_DIR of a root and tests it with btf_check(). @base: the
 * kernel's own types for the file of a module, else NULL. Return: 0, or -errno
 * with the reason in @error.
 *
 * Ownership: the caller frees @ret, before @base.
 */
int btf_read(const struct sysroot *sysroot, const char *name, struct btf *base,
	     struct btf **ret, struct dmabuf_error *error);

/*
 * Reads the types of the running kernel, from the file @given unless that is
 * NULL: see btf_file_open(). @own: whether they are the kernel's own. Return:
 * the same.
 */
int btf_read_kernel(const char *given, struct btf **ret, bool *own,
		    struct dmabuf_error *error);

/* The first id of a BTF's own types: before it are those of its base. */
uint32_t btf_first_id(const struct btf *btf);

#endif
