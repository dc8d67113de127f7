/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells what kind of file each found file is. */
#ifndef FILES_CLASSIFY_H
#define FILES_CLASSIFY_H

#include "files/reach.h"

/**
 * struct found - a file of which nothing but the address is known
 * @file: address of the struct file
 * @root: see struct keeper
 * @roots: see there
 * @in: number of the keeper that keeps it, 0 for the file of a process
 * @slot: the reference that it is if it is a buffer
 */
struct found {
	uint64_t file;
	size_t root, roots;
	uint32_t in;
	struct slot slot;
};

/* Makes references and keepers of all found files, and empties the list. */
void classify_found(struct reach *reach);

/*
 * Adds the inode number to all references. Drops those of memory that is no
 * buffer any more.
 */
void classify_finish(struct reach *reach);

#endif
