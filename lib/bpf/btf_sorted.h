/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * BTF that is sorted by name, as that of Linux is since v7.0: first the types
 * without a name, then the others in the order of strcmp().
 */
#ifndef BPF_BTF_SORTED_H
#define BPF_BTF_SORTED_H

#include "bpf/btf_source.h"

/*
 * The same as btf_source_search(), but a sorted @source is not compared type by
 * type, and @found is called in the order of names.
 */
int btf_sorted_search(struct btf_source *source,
		      const struct btf_names *const wanted[BTF_KINDS],
		      btf_source_found *found, void *arg);

#endif
