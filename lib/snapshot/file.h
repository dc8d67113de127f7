/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a snapshot file; docs/snapshot-format.md has it in words. */
#ifndef SNAPSHOT_FILE_H
#define SNAPSHOT_FILE_H

#include <stdint.h>

#define SNAPSHOT_MAGIC                                                         \
	"\x89"                                                                 \
	"DMABUF\n"
#define SNAPSHOT_ORDER	 0x01020304U
#define SNAPSHOT_VERSION 1

struct snapshot_head {
	char magic[8];
	uint32_t order; /* SNAPSHOT_ORDER in the byte order of the writer */
	uint32_t version; /* of this file */
	uint64_t bytes; /* of the records that follow */
	uint64_t time_ns; /* since the epoch */
	char kernel[64];
	char collector[32];
};
_Static_assert(sizeof(struct snapshot_head) == 128, "file format");

#endif
