/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where births are: the folder with the programs and maps that note them. */
#ifndef BIRTHS_FOLDER_H
#define BIRTHS_FOLDER_H

#include "abi/births.h"
#include "bpf/pin_folder.h"

/* The folder in that of pin_folder.h, and what is in it. */
#define TRACK_FOLDER "track"
#define TRACK_BIRTHS "births"
#define TRACK_STATE  "state"
/*
 * Links of those programs that are attached, and the program whose skips the
 * kernel counts.
 */
#define TRACK_FORGET	    "forget_birth"
#define TRACK_BEGIN	    "begin_birth"
#define TRACK_NOTE	    "note_birth"
#define TRACK_NOTE_MISSED   "note_missed"
#define TRACK_NOTE_RETURNED "note_returned"
#define TRACK_FIRST	    "first_program"
/* The iterator of births, for readers of a group. */
#define TRACK_READER "reader"

/* It has this name until all is in it; the file system refuses dots. */
#define TRACK_ASIDE "track_new"

/* The maps, open for reading; and the bytes of a birth with its stacks. */
struct track_maps {
	int births, state;
	size_t each;
};

#define TRACK_MAPS_INIT                                                        \
	{                                                                      \
		.births = -1, .state = -1                                      \
	}

/* Return: the bytes of the kernel's stack behind a birth. */
static inline size_t birth_kernel_size(uint32_t depth)
{
	return ((size_t)depth + BIRTH_OWN_FRAMES) * BIRTH_KERNEL_FRAME;
}

/* Return: the bytes of a birth and its stacks, of so many frames each. */
static inline size_t birth_size(uint32_t depth)
{
	return depth ? sizeof(struct birth) + birth_kernel_size(depth) +
			       (size_t)depth * BIRTH_USER_FRAME
		     : sizeof(struct birth);
}

void track_maps_fini(struct track_maps *maps);

/*
 * Opens the maps, and reads the state. What no program has seen is lost, too.
 * Return: 0, or -errno with the reason in ctx->error: -ENOENT when no births
 * are noted.
 */
int track_maps_open(struct dmabuf_ctx *ctx, struct track_maps *maps,
		    struct track_state *state);

/*
 * Opens the iterator, for who may not open the maps. Return: a descriptor, or
 * -errno with the reason in ctx->error.
 */
int track_reader_open(struct dmabuf_ctx *ctx);

#endif
