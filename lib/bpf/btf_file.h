/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the BTF of the running kernel: its own, or a file made for it. */
#ifndef BPF_BTF_FILE_H
#define BPF_BTF_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "core/error.h"

/**
 * struct btf_file - a file of BTF
 * @path: where it was found
 * @is_own: the kernel itself has these types
 */
struct btf_file {
	char path[PATH_MAX];
	bool is_own;
};

/*
 * Opens @given, or with NULL what the kernel has in the folder @dir, or else
 * the first file of those in which libbpf looks for types, too. It may be BTF
 * or an ELF file, such as vmlinux, with a section of BTF. Return: a descriptor
 * of BTF, or -errno with the reason in @error.
 *
 * Ownership: the caller closes the descriptor.
 */
int btf_file_open(const char *dir, const char *given, struct btf_file *ret,
		  struct dmabuf_error *error);

#endif
