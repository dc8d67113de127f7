/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /proc says of one descriptor and of one mapping, where it is a dma-buf.
 */
#ifndef COLLECT_PARSE_PROC_H
#define COLLECT_PARSE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/records.h"

/* What the kernel calls the file of a dma-buf; its name follows. */
#define PROC_DMABUF "/dmabuf:"

/**
 * struct proc_mapping - a mapping of a dma-buf
 * @start: its first address
 * @end: the address behind its last one
 * @offset: where in the buffer it begins, in bytes
 * @ino: the buffer's inode number
 * @name: the buffer's name, empty when it has none
 */
struct proc_mapping {
	uint64_t start, end, offset, ino;
	char name[DMABUF_REC_NAME_LEN];
};

/*
 * Reads a buffer from the @size bytes at @text of a /proc/PID/fdinfo/N. Its key
 * is its inode number; kernels before v5.14 do not tell that one, and
 * DMABUF_HAVE_INO is then missing.
 *
 * Return: 0, -ENODATA when it is the text of another kind of file, -EBADMSG
 * when no kernel prints this.
 */
int parse_fdinfo(const char *text, size_t size, struct dmabuf_rec_buffer *ret);

/*
 * Reads a line of /proc/PID/maps, of @size bytes without its newline.
 *
 * Return: 0, -ENODATA when it is the mapping of something else, -EBADMSG when
 * no kernel prints this.
 */
int parse_maps_line(const char *line, size_t size, struct proc_mapping *ret);

/*
 * Whether the text of a /proc/mounts tells that /proc leaves out processes of
 * other users. hidepid=1 does not: it shows that they are there.
 */
bool parse_hides_processes(const char *mounts);

#endif
