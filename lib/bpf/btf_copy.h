/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The BTF that is made: the types that our BPF programs use. */
#ifndef BPF_BTF_COPY_H
#define BPF_BTF_COPY_H

#include "bpf/btf_names.h"
#include "bpf/btf_source.h"
#include "util/vec.h"

/**
 * struct btf_copy - the BTF that is made
 * @types: bytes
 * @strings: bytes
 * @queue: the types of sources that are to be copied, in order
 * @copied: how many of @queue are copied
 * @sources: how many sources were added
 * @found: the source, counted from 1, that has each of @structs; 0: none yet
 * @structs: names of the structs to copy
 * @members: names of the members to copy
 * @functions: names of the functions whose ids are wanted
 * @function_ids: their ids in the first source, 0 for those it does not have
 * @struct_ids: the same of @structs, also 0 for those it has several of
 */
struct btf_copy {
	struct vec types, strings, queue;
	size_t copied;
	uint32_t sources;
	uint32_t *found;
	struct btf_names structs, members, functions;
	uint32_t *function_ids, *struct_ids;
};

/*
 * Return: 0 or -ENOMEM. The caller ends @copy with btf_copy_fini(), on failure
 * too.
 */
int btf_copy_init(struct btf_copy *copy);
void btf_copy_fini(struct btf_copy *copy);

/*
 * Reads @source from @fd, and copies the types that are wanted and not there
 * yet. On failure the copy is as before for all but memory. Return: 0, or
 * -errno as btf_source_read().
 */
int btf_copy_add(struct btf_copy *copy, struct btf_source *source, int fd);

#endif
