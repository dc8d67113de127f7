/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of code: of the kernel by address, of files by build ID. */
#ifndef SYMBOLS_SYMBOL_H
#define SYMBOLS_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "abi/records.h"
#include "core/context.h"

/* As in a struct dmabuf_rec_frame, to which they are copied. */
enum {
	SYMBOL_BUILD_ID = DMABUF_REC_BUILD_ID_LEN,
	SYMBOL_NAME = DMABUF_REC_SYMBOL_LEN,
	SYMBOL_FILE = DMABUF_REC_FILE_LEN,
};

/**
 * struct symbol - a place where code goes on after a call
 * @at: address in the kernel, or offset in the file
 * @build_id: of the file; a shorter one has zeros behind it
 * @pid: process that runs the file, and may end soon; 0 when not known. Without
 *	@build_id, @at is an address in it, and both are replaced when the file
 *	is found
 * @offset: takes where in the function it is
 * @name: takes the name of the function, and stays when there is none
 * @file: takes the path of the file, or the kernel's module, and stays, too. A
 *	file that was deleted or replaced has " (deleted)" behind its path
 */
struct symbol {
	uint64_t at;
	uint8_t build_id[SYMBOL_BUILD_ID];
	uint32_t pid;
	uint64_t offset;
	char name[SYMBOL_NAME];
	char file[SYMBOL_FILE];
};

static inline bool build_id_is_known(const uint8_t id[SYMBOL_BUILD_ID])
{
	static const uint8_t none[SYMBOL_BUILD_ID];

	return memcmp(id, none, sizeof(none)) != 0;
}

/*
 * Names addresses in the kernel: the kernel is asked for each, which takes less
 * time than /proc/kallsyms, or else that is read. Nothing has a name when that
 * hides addresses from this user. Return: 0, or -ENOMEM with the reason in
 * ctx->error.
 */
int symbols_name_kernel(struct dmabuf_ctx *ctx, struct symbol *symbols,
			size_t n);

/*
 * Names places in files, which are found by build ID: files that processes run
 * now, and those in the usual folders. What is not found in ten seconds has no
 * name. Anybody may have made these files, so other processes read them.
 * Return: 0, or -ENOMEM with the reason in ctx->error.
 */
int symbols_name_user(struct dmabuf_ctx *ctx, struct symbol *symbols, size_t n);

#endif
