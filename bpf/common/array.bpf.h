/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMON_ARRAY_BPF_H
#define COMMON_ARRAY_BPF_H

/*
 * An array of @n elements that the reader maps: see lib/bpf/array.h. It can set
 * another number before it loads the program.
 */
#define MAPPED_ARRAY(name, element, n)                                         \
	struct {                                                               \
		__uint(type, BPF_MAP_TYPE_ARRAY);                              \
		__uint(map_flags, BPF_F_MMAPABLE);                             \
		__uint(max_entries, n);                                        \
		__type(key, u32);                                              \
		__type(value, element);                                        \
	} name SEC(".maps")

#endif
