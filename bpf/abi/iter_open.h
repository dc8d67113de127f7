/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the program iter_open and lib/collect/iter_open.c share. */
#ifndef ABI_ITER_OPEN_H
#define ABI_ITER_OPEN_H

#include "abi/records.h"

/* Below the references of a buffer: what else is known of it. */
enum open_have {
	OPEN_NAME = 1 << 0,
	OPEN_UNATTACHED = 1 << 1, /* it has no attachments */
	OPEN_REFS = 8, /* shift of the references */
};

/**
 * struct open_buffer - a buffer as the program writes it, half as large as a
 *	record, or the exporter of the buffers after it
 * @key: address of a buffer; 0 of an exporter
 * @ino: see struct dmabuf_rec_buffer
 * @bytes: likewise
 * @state: references, above bits of enum open_have
 * @name: up to its NUL; if it is empty, the program writes the first word only
 * @length: bytes of the exporter's text, or a negative error
 * @text: the text
 */
struct open_buffer {
	__u64 key;
	union {
		struct {
			__u64 ino;
			__u64 bytes;
			__u64 state;
			union {
				char name[DMABUF_REC_NAME_LEN];
				__u64 words[DMABUF_REC_NAME_LEN / 8];
			};
		};
		struct {
			__s64 length;
			char text[DMABUF_REC_EXPORTER_LEN];
		};
	};
};

static_assert(sizeof(struct open_buffer) == 64, "a line of the cache");

/**
 * struct open_pass - a pass of the program over all buffers; zero before it
 * @records: out: how many records there are, or would be with more room
 * @again: in: compare with the records of the last pass
 * @exporter: address of the last exporter's name: few buffers have another one
 * @changed: out: whether one of them was not the same, and is written anew
 */
struct open_pass {
	__u32 records;
	__u32 again;
	__u64 exporter;
	__u64 changed;
};

/* Buffers for which a first program has room. */
#define ROOM 4096

#endif
