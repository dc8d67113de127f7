/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Of the kernel's BTF, which has 100,000 types and more, the few that our BPF
 * programs name, as a small BTF of their own. libbpf reads and searches all of
 * it for each object that it loads, which takes longer than all the rest.
 */
#ifndef BPF_BTF_SUBSET_H
#define BPF_BTF_SUBSET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct btf_subset;

#define KERNEL_BTF_DIR "/sys/kernel/btf"

/* @dir: where the files are. Return: 0, or -errno with the reason in @error. */
int btf_subset_new(const char *dir, struct btf_subset **ret,
		   struct dmabuf_error *error);
void btf_subset_free(struct btf_subset *btf);

/*
 * Looks in the kernel's modules, too, for types that the kernel itself has not.
 * Return: as btf_subset_new().
 */
int btf_subset_add_modules(struct btf_subset *btf, const char *dir,
			   struct dmabuf_error *error);

/* Return: a file that has the types, for libbpf, as long as @btf is there. */
const char *btf_subset_path(const struct btf_subset *btf);

/*
 * Return: the id, in the kernel's own BTF, of one of the functions that
 * lib/bpf/btf_names.c lists; 0 when the kernel has none.
 */
uint32_t btf_subset_function(const struct btf_subset *btf, const char *name);

#endif
