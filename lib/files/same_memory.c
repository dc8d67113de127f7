// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Buffers of the same memory. A udmabuf is made of pages of a memfd, and the
 * same pages can be in any number of them: a virtual machine makes one for each
 * use. So the sum of their sizes is more than their memory.
 */
#include <dmabuf/dmabuf.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bpf/layout.h"
#include "files/memory.h"
#include "snapshot/gaps.h"
#include "snapshot/snapshot.h"
#include "util/cleanup.h"
#include "util/u64.h"

static const char what[] = "buffers with repeated memory";

enum {
	BLOCK = 511, /* pointers that are read at a time */
	BLOCKS_MAX = 1 << 14, /* of all buffers together */
	GAPS_MAX = 8, /* of buffers whose memory others have */
};

/**
 * struct candidate - a udmabuf that may have the memory of another one
 * @buffer: its record
 * @address: of its struct dma_buf
 * @file: the buffer's file
 * @inode: that of the file
 * @ino: number of the inode
 * @priv: its struct udmabuf
 * @pages: number of its pages
 * @array: address of an array of its pages, or folios
 * @offsets: address of an array of its offsets in the folios, or 0
 * @last_at: address of the last element of @array
 * @first: first element
 * @last: last element
 * @of: index of the candidate whose memory it has, or its own
 * @same: number of others that have its memory
 */
struct candidate {
	const struct buffer *buffer;
	uint64_t address, file, inode, ino, priv;
	uint64_t pages, array, offsets;
	uint64_t last_at, first, last;
	size_t of, same;
};

/**
 * struct comparison - all of them
 * @memory: reads the kernel's memory
 * @layout: where members are
 * @candidates: struct candidate
 * @from: room for an address of each
 * @to: room for a value of each
 * @blocks: how many were read
 */
struct comparison {
	struct memory *memory;
	struct layout layout;
	struct vec candidates, from, to;
	size_t blocks;
};

static void comparison_fini(struct comparison *c)
{
	vec_fini(&c->candidates);
	vec_fini(&c->from);
	vec_fini(&c->to);
}

static int compare_sizes(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return u64_compare(a->buffer->bytes, b->buffer->bytes)
		       ?: u64_compare(a->first, b->first)
		       ?: u64_compare(a->last, b->last)
		       ?: u64_compare(a->buffer->ino, b->buffer->ino);
}

/* Whether their sizes, and as far as known their ends, are the same. */
static bool may_be_same(const struct candidate *a, const struct candidate *b)
{
	return a->buffer->bytes == b->buffer->bytes && a->first == b->first &&
	       a->last == b->last;
}

/* Drops those that no other one may be the same as. */
static void drop_single(struct vec *candidates)
{
	const struct candidate *first = candidates->data;
	size_t i, n = candidates->n, kept = 0;
	bool keep, same = false, next;

	vec_sort(candidates, compare_sizes);
	for (i = 0; i < n; i++) {
		next = i + 1 < n && may_be_same(&first[i], &first[i + 1]);
		keep = same || next;
		same = next;
		if (keep)
			*(struct candidate *)vec_at(candidates, kept++) =
				first[i];
	}
	candidates->n = kept;
}

static int find_candidates(const struct dmabuf_snapshot *snapshot,
			   struct vec *candidates)
{
	const uint32_t have =
		DMABUF_HAVE_ADDRESS | DMABUF_HAVE_SIZE | DMABUF_HAVE_EXPORTER;
	const struct buffer *buffer = NULL;
	struct candidate one = {};
	const char *other = NULL;

	while ((buffer = vec_next(&snapshot->buffers, buffer))) {
		/* Many have the same exporter, which is the same text. */
		if (buffer->exporter == other)
			continue;
		if (strcmp(buffer->exporter, "udmabuf") != 0) {
			other = buffer->exporter;
			continue;
		}
		if ((buffer->have & have) != have)
			continue;
		one.buffer = buffer;
		one.address = buffer->key;
		if (vec_push(candidates, &one))
			return -ENOMEM;
	}
	drop_single(candidates);
	return 0;
}

static uint64_t *member(struct vec *candidates, size_t i, size_t offset)
{
	return (uint64_t *)((char *)vec_at(candidates, i) + offset);
}

/* Reads a number at one member, plus @offset, of each into another. */
static void gather(struct comparison *c, size_t from, int32_t offset, size_t to)
{
	uint64_t *addresses = c->from.data, *values = c->to.data;
	size_t i, n = c->candidates.n;

	for (i = 0; i < n; i++)
		addresses[i] = *member(&c->candidates, i, from);
	memory_gather(c->memory, addresses, n, offset, values, sizeof(*values));
	for (i = 0; i < n; i++)
		*member(&c->candidates, i, to) = values[i];
}

#define GATHER(c, from, offset, to)                                            \
	gather(c, offsetof(struct candidate, from), offset,                    \
	       offsetof(struct candidate, to))

/* Whether it is still the buffer of the record, and a udmabuf. */
static bool is_as_expected(const struct candidate *one)
{
	const uint64_t page = sysconf(_SC_PAGESIZE);

	return one->ino == one->buffer->ino && one->pages && one->array &&
	       one->pages == one->buffer->bytes / page;
}

static void drop_unexpected(struct vec *candidates)
{
	struct candidate *one = NULL;
	size_t kept = 0;

	while ((one = vec_next(candidates, one))) {
		if (!is_as_expected(one))
			continue;
		one->last_at =
			one->array + (one->pages - 1) * sizeof(one->last);
		*(struct candidate *)vec_at(candidates, kept++) = *one;
	}
	candidates->n = kept;
}

/* From v6.11 there are folios with offsets, in v7.3 pages again. */
static void read_arrays(struct comparison *c)
{
	const struct layout *l = &c->layout;

	GATHER(c, priv, AT(l, udmabuf, pagecount), pages);
	if (HAS(l, udmabuf, pages)) {
		GATHER(c, priv, AT(l, udmabuf, pages), array);
		return;
	}
	GATHER(c, priv, AT(l, udmabuf, folios), array);
	GATHER(c, priv, AT(l, udmabuf, offsets), offsets);
}

static void read_candidates(struct comparison *c)
{
	const struct layout *l = &c->layout;

	GATHER(c, address, AT(l, dma_buf, file), file);
	GATHER(c, file, AT(l, file, f_inode), inode);
	GATHER(c, inode, AT(l, inode, i_ino), ino);
	GATHER(c, address, AT(l, dma_buf, priv), priv);
	read_arrays(c);
	drop_unexpected(&c->candidates);
	GATHER(c, array, 0, first);
	GATHER(c, last_at, 0, last);
	drop_single(&c->candidates);
}

/* @n: elements. Whether arrays have the same ones; pointers are not NULL. */
static bool same_array(struct comparison *c, uint64_t left, uint64_t right,
		       uint64_t n, bool pointers)
{
	uint64_t a[BLOCK], b[BLOCK], done, some;

	for (done = 0; done < n; done += some) {
		some = n - done < BLOCK ? n - done : BLOCK;
		if (c->blocks++ > BLOCKS_MAX)
			return false;
		memory_read(c->memory, left + done * sizeof(*a), a,
			    some * sizeof(*a));
		memory_read(c->memory, right + done * sizeof(*b), b,
			    some * sizeof(*b));
		/* What cannot be read is zero. */
		if (memcmp(a, b, some * sizeof(*a)) ||
		    (pointers && (!a[0] || !a[some - 1])))
			return false;
	}
	return true;
}

static bool same_memory(struct comparison *c, const struct candidate *a,
			const struct candidate *b)
{
	return same_array(c, a->array, b->array, a->pages, true) &&
	       (!a->offsets ||
		same_array(c, a->offsets, b->offsets, a->pages, false));
}

/* Finds the first one that has the memory of candidate @i. */
static size_t find_first(struct comparison *c, size_t i, size_t begin)
{
	const struct candidate *all = c->candidates.data;
	size_t j;

	for (j = begin; j < i; j++)
		if (all[j].of == j && same_memory(c, &all[j], &all[i]))
			return j;
	return i;
}

static void compare_all(struct comparison *c)
{
	struct candidate *all = c->candidates.data;
	size_t i, begin = 0;

	for (i = 0; i < c->candidates.n && c->blocks <= BLOCKS_MAX; i++) {
		if (i && !may_be_same(&all[i - 1], &all[i]))
			begin = i;
		all[i].of = find_first(c, i, begin);
		all[all[i].of].same += all[i].of != i;
	}
	c->candidates.n = i;
}

/* Writes inode numbers, or "..." behind those that fit. */
static void list_inos(const struct vec *candidates, size_t of, char *to,
		      size_t size)
{
	const struct candidate *all = candidates->data;
	size_t i, n = 0;

	for (i = of + 1; i < candidates->n; i++) {
		if (all[i].of != of)
			continue;
		if (size - n < sizeof(", 18446744073709551615, ...")) {
			snprintf(to + n, size - n, ", ...");
			return;
		}
		n += snprintf(to + n, size - n, "%s%" PRIu64, n ? ", " : "",
			      (uint64_t)all[i].buffer->ino);
	}
}

static int add_gap(struct dmabuf_snapshot *snapshot,
		   const struct vec *candidates, size_t of)
{
	const struct candidate *one = vec_at(candidates, of);
	char why[DMABUF_REC_WHY_LEN], inos[64] = "";

	list_inos(candidates, of, inos, sizeof(inos));
	snprintf(why, sizeof(why),
		 "the memory of buffer %" PRIu64 " is that of %s, too: sums "
		 "are %" PRIu64 " bytes too high",
		 (uint64_t)one->buffer->ino, inos,
		 u64_sat_mul(one->buffer->bytes, one->same));
	return snapshot_add_gap(snapshot, what, one->same, why);
}

static int add_last_gap(struct dmabuf_snapshot *snapshot, uint64_t n,
			uint64_t bytes)
{
	char why[DMABUF_REC_WHY_LEN];

	snprintf(why, sizeof(why),
		 "they have the memory of others: sums are %" PRIu64
		 " bytes too high",
		 bytes);
	return n ? snapshot_add_gap(snapshot, what, n, why) : 0;
}

/* Adds a gap for each memory that several have, and one for what is left. */
static int add_gaps(struct dmabuf_snapshot *snapshot,
		    const struct vec *candidates)
{
	const struct candidate *all = candidates->data;
	uint64_t left = 0, bytes = 0;
	size_t i, gaps = 0;
	int r = 0;

	for (i = 0; i < candidates->n && !r; i++) {
		if (!all[i].same)
			continue;
		if (gaps++ < GAPS_MAX) {
			r = add_gap(snapshot, candidates, i);
			continue;
		}
		left += all[i].same;
		bytes = u64_sat_add(
			bytes, u64_sat_mul(all[i].buffer->bytes, all[i].same));
	}
	return r ?: add_last_gap(snapshot, left, bytes);
}

static const enum kernel_field needs[] = {
	FIELD_dma_buf_file, FIELD_dma_buf_priv,	     FIELD_file_f_inode,
	FIELD_inode_i_ino,  FIELD_udmabuf_pagecount, FIELDS,
};

static bool has_types(const struct layout *l)
{
	return layout_has(l, needs) &&
	       (HAS(l, udmabuf, pages) ||
		(HAS(l, udmabuf, folios) && HAS(l, udmabuf, offsets)));
}

/* Finds what is the same. Return: 0, or -errno with @ctx->error set. */
static int compare(struct dmabuf_ctx *ctx, struct comparison *c)
{
	uint64_t zero = 0;
	size_t i;
	int r;

	r = memory_open(ctx, &c->memory) ?: layout_read_64(ctx, &c->layout);
	if (r)
		return r;
	if (!has_types(&c->layout))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "not known: this kernel has no type "
				 "information about udmabufs");
	for (i = 0; i < c->candidates.n; i++)
		if (vec_push(&c->from, &zero) || vec_push(&c->to, &zero))
			return error_no_memory(&ctx->error);
	read_candidates(c);
	compare_all(c);
	r = memory_error(c->memory);
	if (!r && c->blocks > BLOCKS_MAX)
		return error_set(&ctx->error, -E2BIG,
				 "not known of all: they are too many or too "
				 "large");
	return r;
}

int dmabuf_snapshot_compare_memory(struct dmabuf_ctx *ctx,
				   struct dmabuf_snapshot *snapshot)
{
	_cleanup_(comparison_fini) struct comparison c = {
		.candidates = VEC_OF(struct candidate),
		.from = VEC_OF(uint64_t),
		.to = VEC_OF(uint64_t),
	};
	int r;

	ctx->error = (struct dmabuf_error){};
	if (find_candidates(snapshot, &c.candidates))
		return error_no_memory(&ctx->error);
	if (!c.candidates.n)
		return 0;
	r = compare(ctx, &c);
	if (r == -ENOMEM)
		return r;
	if ((r && snapshot_add_gap(snapshot, what, 0, ctx->error.text)) ||
	    add_gaps(snapshot, &c.candidates))
		return error_no_memory(&ctx->error);
	ctx->error = (struct dmabuf_error){};
	return 0;
}
