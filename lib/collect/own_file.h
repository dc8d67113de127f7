/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that we have open ourselves, in the kernel's memory. */
#ifndef COLLECT_OWN_FILE_H
#define COLLECT_OWN_FILE_H

#include <stdint.h>

#include "bpf/layout.h"
#include "files/memory.h"

/* What own_file_find() needs, for a list of struct kernel_field. */
#define OWN_FILE_NEEDS                                                         \
	FIELD_fdtable_fd, FIELD_file_f_inode, FIELD_files_struct_fdt,          \
		FIELD_inode_i_ino, FIELD_task_struct_files

/*
 * Finds the struct file of a descriptor of ours. Return: its address, or 0 when
 * its inode number is not where the types say.
 */
uint64_t own_file_find(struct memory *memory, const struct layout *layout,
		       int fd);

/* Sets the error of types that are not those of this kernel. Return: it. */
int own_file_refuse_types(struct dmabuf_ctx *ctx);

#endif
