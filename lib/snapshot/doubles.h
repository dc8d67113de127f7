/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file other than a buffer matters once for each process that has it. One
 * process can have any number of descriptors of the file, and any number of
 * processes can share a table of descriptors: their product is too much to
 * keep.
 */
#ifndef SNAPSHOT_DOUBLES_H
#define SNAPSHOT_DOUBLES_H

#include <stdint.h>

#include "util/seen.h"
#include "util/vec.h"

/**
 * struct doubles - drops records of files as they come, by process
 * @at: how many records were looked at
 * @pid: the process of the last file
 * @seen: its files
 */
struct doubles {
	size_t at;
	uint32_t pid;
	struct seen seen;
};

/*
 * Drops from @refs, a vec of struct dmabuf_rec_ref, the new records of type
 * DMABUF_REC_REF_FILE whose process has a record of that file already. Return:
 * 0 or -ENOMEM.
 */
int doubles_drop(struct doubles *doubles, struct vec *refs);
void doubles_fini(struct doubles *doubles);

#endif
