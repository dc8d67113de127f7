/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's BTF has 100,000 types and more. The subset has only the types
 * that our BPF programs name, as a small BTF file of its own: libbpf reads and
 * searches all of the BTF for each object that it loads, which takes longer
 * than everything else.
 */
#ifndef BPF_BTF_SUBSET_H
#define BPF_BTF_SUBSET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct btf_subset;

#define KERNEL_BTF_DIR "/sys/kernel/btf"

/*
 * Makes the subset of the kernel's BTF: see btf_file_open(). Return: 0, or
 * -errno with the reason in @error.
 */
int btf_subset_new(const char *dir, const char *given, struct btf_subset **ret,
		   struct dmabuf_error *error);
void btf_subset_free(struct btf_subset *btf);

/*
 * Adds types that only modules of the kernel have. @names are those of the
 * modules, which are static and end with NULL; @names itself is NULL for all
 * modules, which takes longer. Modules that are not loaded are skipped. Return:
 * as btf_subset_new().
 */
int btf_subset_add_modules(struct btf_subset *btf, const char *dir,
			   const char *const *names,
			   struct dmabuf_error *error);

/* Return: the path of a BTF file with the types, valid as long as @btf. */
const char *btf_subset_path(const struct btf_subset *btf);

/* Whether the kernel itself has the types. */
bool btf_subset_is_own(const struct btf_subset *btf);

/*
 * Return: the id in the kernel's own BTF of a function that lib/bpf/btf_names.c
 * lists, or 0 when the kernel does not have it, or has no BTF.
 */
uint32_t btf_subset_function(const struct btf_subset *btf, const char *name);

/*
 * Return: the id in the kernel's own BTF of a struct that our programs name; 0
 * when the kernel, without modules, has none or several of this name.
 */
uint32_t btf_subset_struct(const struct btf_subset *btf, const char *name);

#endif
