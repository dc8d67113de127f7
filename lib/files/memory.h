/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads the kernel's memory, many pieces at a time. Memory that cannot be read
 * is zero, as after a pointer of an object that was freed meanwhile.
 *
 * Errors of the reader itself (no memory, the program cannot run) are kept: all
 * later reads are zero, and memory_error() returns the first one.
 */
#ifndef FILES_MEMORY_H
#define FILES_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "core/context.h"

struct memory;

/**
 * struct chain - objects that each point to the next one
 * @first: address of the first piece; 0 for an empty chain
 * @stop: the chain ends where the pointer to the next piece is this
 * @bytes: of each piece, fewer than MEMORY_PIECE_BYTES
 * @next: offset in a piece of the pointer to the next piece
 * @most: number of pieces to read at most
 */
struct chain {
	uint64_t first, stop;
	uint32_t bytes, next;
	uint32_t most;
};

/*
 * Loads the program, once for all looks of @ctx, and begins a look: forgets the
 * error of the one before. Return: 0, or -errno with the reason in @ctx->error.
 *
 * Ownership: @ret is the context's.
 */
int memory_open(struct dmabuf_ctx *ctx, struct memory **ret);

/* Return: 0, or the first -errno since memory_open(). */
int memory_error(const struct memory *memory);

/*
 * Queues a read of @bytes at each of @n @addresses plus @offset. @to takes them
 * one after the other, and is incomplete until memory_run().
 */
void memory_queue(struct memory *memory, const uint64_t *addresses, size_t n,
		  int32_t offset, void *to, uint32_t bytes);

/* Does all reads that are queued. One run of the program does many of them. */
void memory_run(struct memory *memory);

/* Does the same at once. The other functions do what is queued, too. */
void memory_gather(struct memory *memory, const uint64_t *addresses, size_t n,
		   int32_t offset, void *to, uint32_t bytes);

/* Reads one piece of any size. */
void memory_read(struct memory *memory, uint64_t address, void *to,
		 size_t bytes);

/* Reads a number at an address. */
uint64_t memory_u64(struct memory *memory, uint64_t address);
uint32_t memory_u32(struct memory *memory, uint64_t address);

/* The same of pointers and longs, which have @word bytes in the kernel. */
void memory_queue_words(struct memory *memory, const uint64_t *addresses,
			size_t n, int32_t offset, uint64_t *to, uint32_t word);
uint64_t memory_word(struct memory *memory, uint64_t address, uint32_t word);

/* Return: address of the reader's task_struct, 0 before the first read. */
uint64_t memory_reader(const struct memory *memory);

enum chain_end {
	CHAIN_WHOLE, /* the end was reached */
	CHAIN_LONG, /* it has more pieces than were asked for */
	CHAIN_TORN, /* it changed: a piece could not be read */
};

/* Appends the pieces of a chain to @pieces, whose elements are as large. */
enum chain_end memory_chain(struct memory *memory, const struct chain *chain,
			    struct vec *pieces);

/*
 * Puts into @nodes, a vec of uint64_t, the addresses of the nodes of a list
 * with this struct list_head, at most @most. Reads the list until it is the
 * same twice, up to 8 times.
 */
enum chain_end memory_list(struct memory *memory, uint64_t head, uint32_t most,
			   struct vec *nodes);

#endif
