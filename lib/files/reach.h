/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files reach files. A process reaches a file by a descriptor or a mapping; a
 * file reaches others by what it keeps: messages, registered files, handles. A
 * file that is a buffer becomes a reference; any other one is read in the way
 * of its kind, once, in whatever way it was reached.
 */
#ifndef FILES_REACH_H
#define FILES_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/records.h"
#include "bpf/layout.h"
#include "core/context.h"
#include "files/memory.h"
#include "util/seen.h"
#include "util/vec.h"

/* Kinds of files that keep buffers. */
enum keeper_kind {
	KEEPER_SOCKET,
	KEEPER_RING,
	KEEPER_ITERATOR,
	KEEPER_DRM,
	KEEPER_DISPLAY, /* a DRM device itself: of no process */
	KEEPER_DEVICE, /* the same, for the files that the kernel has of it */
	KEEPER_VIDEO,
	KEEPER_BUFFER, /* what waits for its fences keeps it */
	KEEPER_KINDS,
	KEEPER_NONE = KEEPER_KINDS,
};

/* No process leads to it. */
#define NO_ROOT SIZE_MAX

/**
 * struct keeper - a file that may keep buffers
 * @kind: its kind
 * @object: what its kind has: a struct sock, or the file's private data
 * @rdev: device number of its node, 0 for none
 * @number: of its first struct dmabuf_rec_keeper; those of its other roots
 *	follow
 * @root: index of a root that leads to it, or NO_ROOT
 * @roots: how many roots from there are this file; 0 when only other files
 *	lead to it
 */
struct keeper {
	enum keeper_kind kind;
	uint64_t object;
	uint32_t rdev;
	uint32_t number;
	size_t root, roots;
};

/**
 * struct reach - a search
 * @ctx: the context
 * @memory: reads the kernel's memory
 * @layout: where members are
 * @prepared: a bit for each kind whose types were looked for in modules
 * @roots: struct dmabuf_rec_ref of type DMABUF_REC_REF_FILE, sorted by file
 * @found: struct found: files that nobody looked at yet
 * @keepers: struct keeper: those that are to be read
 * @later: struct keeper: those that are to be read after all others
 * @links: struct link: how each keeper is reached, by number
 * @seen: files, and other objects, that are read
 * @refs: struct dmabuf_rec_ref: references found
 * @paths: struct dmabuf_rec_ref: files of buffers that were opened with O_PATH;
 *	the key of each is the address of the file
 * @shared: number of references that are another process's, too
 * @missing: a bit for each kind that has files but no types
 * @cut: a bit for each kind with a file that keeps too much to list
 * @torn: a bit for each kind with a file that changed while it was read
 * @opaque: a bit for each kind with a file whose driver keeps buffers in a way
 *	of its own
 * @error: the first -errno of the search itself
 */
struct reach {
	struct dmabuf_ctx *ctx;
	struct memory *memory;
	struct layout layout;
	uint32_t prepared;
	struct vec roots;
	struct vec found;
	struct vec keepers;
	struct vec later;
	struct vec links;
	struct seen seen;
	struct vec refs;
	struct vec paths;
	size_t shared;
	uint32_t missing, cut, torn, opaque;
	int error;
};

/**
 * struct slot - one thing that a keeper keeps
 * @type: one of enum dmabuf_rec_ref_type
 * @refs: see struct dmabuf_rec_ref
 * @table: see there
 * @place: see there
 */
struct slot {
	uint32_t type, refs;
	uint64_t table, place;
};

/* A file that @keeper keeps, of which nothing but the address is known. */
void reach_file(struct reach *reach, const struct keeper *keeper, uint64_t file,
		const struct slot *slot);

/* A struct dma_buf that @keeper keeps. */
void reach_buffer(struct reach *reach, const struct keeper *keeper,
		  uint64_t buffer, const struct slot *slot);

/* A file of a buffer that @keeper keeps, which was opened with O_PATH. */
void reach_path(struct reach *reach, const struct keeper *keeper, uint64_t file,
		const struct slot *slot);

/* A connection that was not accepted from @keeper yet, and what it is. */
void reach_connection(struct reach *reach, const struct keeper *keeper,
		      uint64_t socket);

/* Return: whether an object is new to this search. */
bool reach_is_new(struct reach *reach, uint64_t object);

/*
 * Whether the types of a kind are known; notes that they are not. Looks for
 * them in modules.
 */
bool reach_has_types(struct reach *reach, enum keeper_kind kind);

/* Notes how a list of @keeper ended. */
void reach_end(struct reach *reach, const struct keeper *keeper,
	       enum chain_end end);

/* A search that has nothing to find yet. */
#define REACH(context)                                                         \
	{                                                                      \
		.ctx = (context), .roots = VEC_OF(struct dmabuf_rec_ref),      \
		.found = VEC_OF(struct found),                                 \
		.keepers = VEC_OF(struct keeper),                              \
		.later = VEC_OF(struct keeper), .links = VEC_OF(struct link),  \
		.refs = VEC_OF(struct dmabuf_rec_ref),                         \
		.paths = VEC_OF(struct dmabuf_rec_ref),                        \
	}

/* Goes on as long as files lead to others. Ownership: the caller's. */
void reach_all(struct reach *reach);

void reach_fini(struct reach *reach);

/* Keeps @r as the error of the search if it is one, and the first. */
void reach_fail(struct reach *reach, int r);

/* Vectors of addresses and other numbers; failures are kept in @reach. */
void *reach_room(struct reach *reach, struct vec *vec, size_t n);
void reach_push(struct reach *reach, struct vec *vec, const void *element);

/*
 * Makes a vector of the uint64_t at @offset in each of @elements. Return: the
 * values.
 */
uint64_t *reach_members(struct reach *reach, const struct vec *elements,
			size_t offset, struct vec *values);

/* The objects of @keepers, each a struct keeper. */
static inline void reach_objects(struct reach *reach, const struct vec *keepers,
				 struct vec *objects)
{
	reach_members(reach, keepers, offsetof(struct keeper, object), objects);
}

/*
 * Queues a read of a member of each of @objects into @values, of their size.
 * Return: the values, which are there after memory_run() or reach_gather().
 */
void *reach_queue(struct reach *reach, const struct vec *objects,
		  int32_t offset, struct vec *values);

/* Does the same at once, and all that is queued. */
void *reach_gather(struct reach *reach, const struct vec *objects,
		   int32_t offset, struct vec *values);

/*
 * Reads an array of @n pointers into @pointers, a vec of uint64_t. Reads @most
 * at most, and notes that @keeper has more.
 */
void reach_array(struct reach *reach, const struct keeper *keeper,
		 uint64_t array, uint32_t n, uint32_t most,
		 struct vec *pointers);

/* A vector for such values, when they are addresses or other 64-bit numbers. */
#define NUMBERS VEC_OF(uint64_t)

static inline uint64_t number_at(const struct vec *numbers, size_t i)
{
	return ((const uint64_t *)numbers->data)[i];
}

/* Of a device number as the kernel has it: the bits of the minor number. */
enum { MINOR_BITS = 20, MINOR_MASK = (1 << MINOR_BITS) - 1 };

/* Major numbers. */
enum {
	VIDEO_DEVICES = 81,
	DRM_DEVICES = 226,
	ACCEL_DEVICES = 261,
};

/* Offset of a member, for a kind that has all of its types. */
#define OFFSET(reach, type, member) AT(&(reach)->layout, type, member)

/* Reads a pointer at @offset in the object at @from. Return: 0 for NULL. */
static inline uint64_t reach_follow(struct reach *reach, uint64_t from,
				    int32_t offset)
{
	uint64_t value;

	memory_gather(reach->memory, &from, 1, offset, &value, sizeof(value));
	return value;
}

#define FOLLOW(reach, from, type, member)                                      \
	reach_follow(reach, from, OFFSET(reach, type, member))

#endif
