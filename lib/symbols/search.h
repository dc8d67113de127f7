/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds files by build ID. */
#ifndef SYMBOLS_SEARCH_H
#define SYMBOLS_SEARCH_H

#include "symbols/symbol.h"
#include "util/vec.h"

/*
 * A file that is searched for. The function that gets it also gets a descriptor
 * of it, which is closed then.
 */
struct wanted_file {
	uint8_t build_id[SYMBOL_BUILD_ID];
	bool held, found;
};

typedef void found_file(void *arg, const struct wanted_file *file, int fd,
			const char *path);

/*
 * Searches until all of @wanted, struct wanted_file by build ID, are found:
 * first what root's processes run, then the usual folders, then what processes
 * of others run, who could make a file with any build ID. @pids: uint32_t, of
 * processes that may end meanwhile: their files are opened before all that, and
 * taken as their owner's. As one of them can have very many, no more are opened
 * after @until_ns.
 */
void search_files(struct vec *wanted, const struct vec *pids, uint64_t until_ns,
		  found_file *found, void *arg);

/*
 * Finds the file that a process runs at an address. @ret: takes the offset
 * there, and its build ID. Return: 0 or -errno.
 */
int search_address(uint32_t pid, uint64_t address, struct symbol *ret);

/* Return: a descriptor of the file with the symbols of another one, or -1. */
int search_debug(const uint8_t build_id[SYMBOL_BUILD_ID]);

#endif
