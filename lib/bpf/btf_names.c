// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/btf_names.h"

#include <stdlib.h>

#include "bpf/btf_program_names.h"
#include "util/array.h"

static const char *const functions[] = {
	"__traceiter_dma_buf_detach",
	"__traceiter_dma_buf_dynamic_attach",
	"__traceiter_dma_buf_export",
	"bpf_arch_uaddress_limit",
	"bpf_iter_dmabuf",
	"bpf_iter_dmabuf_destroy",
	"bpf_iter_dmabuf_new",
	"bpf_iter_dmabuf_next",
	"bpf_iter_task",
	"bpf_iter_task_file",
	"bpf_iter_task_new",
	"bpf_iter_task_vma",
	"bpf_kallsyms_lookup_name",
	"bpf_mem_alloc_init",
	"bpf_rdonly_cast",
	"btf_named_start_id",
	"dma_buf_detach",
	"dma_buf_dynamic_attach",
	"dma_buf_export",
	"dma_buf_file_release",
	"dma_buf_ioctl",
	"dma_buf_mmap",
	"dma_buf_mmap_internal",
	"dma_buf_release",
	"fd_install",
};

/* The hash of those first bytes of a name that @mask selects, padded with 0. */
static uint32_t hash_start(uint64_t mask, const char *name)
{
	char start[sizeof(uint64_t)] = {};
	size_t i;

	for (i = 0; i < sizeof(start) && name[i]; i++)
		start[i] = name[i];
	return btf_names_hash(mask, start);
}

static void init(struct btf_names *names, const char *const *sorted, size_t n)
{
	size_t i, length, shortest = sizeof(names->mask);

	*names = (struct btf_names){ .sorted = sorted, .n = n };
	for (i = 0; i < n; i++) {
		length = strlen(sorted[i]) + 1;
		shortest = length < shortest ? length : shortest;
	}
	memset(&names->mask, 0xff, shortest);
	for (i = 0; i < n; i++) {
		names->passes[hash_start(names->mask, sorted[i])] = true;
		names->starts[hash_start(UINT64_MAX, sorted[i])] = true;
	}
}

void btf_names_init_structs(struct btf_names *names)
{
	init(names, program_structs, ARRAY_SIZE(program_structs));
}

void btf_names_init_members(struct btf_names *names)
{
	init(names, program_members, ARRAY_SIZE(program_members));
}

void btf_names_init_functions(struct btf_names *names)
{
	init(names, functions, ARRAY_SIZE(functions));
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(left, *(const char *const *)right);
}

ptrdiff_t btf_names_find(const struct btf_names *names, const char *name)
{
	const char *const *found =
		names->starts[hash_start(UINT64_MAX, name)]
			? bsearch(name, names->sorted, names->n,
				  sizeof(*names->sorted), compare_names)
			: NULL;

	return found ? found - names->sorted : -1;
}
