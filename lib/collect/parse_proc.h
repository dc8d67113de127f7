/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses what /proc says about a descriptor or a mapping of a dma-buf. */
#ifndef COLLECT_PARSE_PROC_H
#define COLLECT_PARSE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/records.h"
#include "util/scan.h"

/* How the path of a dma-buf begins; its name follows. */
#define PROC_DMABUF "/dmabuf:"

/**
 * struct proc_mapping - a mapping of a dma-buf
 * @start: its first address
 * @end: the address behind its last one
 * @offset: where in the buffer it begins, in bytes
 * @ino: the buffer's inode number
 * @bytes: the buffer's size, if @has_bytes; the line does not tell it
 * @name: the buffer's name, empty when it has none
 */
struct proc_mapping {
	uint64_t start, end, offset, ino, bytes;
	bool has_bytes;
	char name[DMABUF_REC_NAME_LEN];
};

/*
 * Parses the @size bytes at @text of a /proc/PID/fdinfo/N. @path_name is what
 * follows PROC_DMABUF in the link /proc/PID/fd/N, or NULL when it is unknown.
 * The key of the buffer is its inode number. Kernels before v5.14 do not print
 * the number: DMABUF_HAVE_INO is missing then.
 *
 * Return: 0, -ENODATA when it is another kind of file, -EBADMSG when the text
 * is not the kernel's.
 */
int parse_fdinfo(const char *text, size_t size, const struct scan *path_name,
		 struct dmabuf_rec_buffer *ret);

/*
 * Whether a descriptor was opened with O_PATH, by the text of its fdinfo. @ino
 * takes the inode number, 0 when the text does not tell it.
 */
bool parse_is_path(const char *text, size_t size, uint64_t *ino);

/*
 * Parses a line of /proc/PID/maps of @size bytes, without its newline.
 *
 * Return: 0, -ENODATA when it is the mapping of something else, -EBADMSG when
 * the line is not the kernel's.
 */
int parse_maps_line(const char *line, size_t size, struct proc_mapping *ret);

/*
 * Whether /proc hides processes of other users, by the text of /proc/mounts.
 * hidepid=1 does not count: it shows that they exist.
 */
bool parse_hides_processes(const char *mounts);

#endif
