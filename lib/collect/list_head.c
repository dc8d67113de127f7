// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * All buffers are in one ring with the head of the list. We open a buffer, find
 * it in the kernel's memory through our own table of descriptors, and go from
 * it towards newer ones until there is an entry that is no buffer.
 *
 * A buffer is known by its file, which has the operations of our buffer's and
 * points back at it. This holds as long as the buffer is in the list, but not
 * when it is freed while we read it. So the head must also be in the kernel's
 * image, as the operations are, where no buffer is; and before and after it was
 * read both of its neighbors must point at it, which are not in the list when
 * they are freed.
 *
 * If all of this could go wrong, no short answer would come of it: the walk
 * ends only at the head and refuses any other entry that is no buffer.
 */
#include "collect/list_head.h"

#include <errno.h>
#include <unistd.h>

#include "bpf/layout.h"
#include "collect/any_buffer.h"
#include "collect/own_file.h"
#include "files/memory.h"
#include "util/cleanup.h"

/* Entries that are read at once, at most of how many, and how often. */
enum { AT_ONCE = 64, ENTRIES_MOST = 1 << 24, TRIES = 16 };

/* No image of a kernel is as large; memory of buffers is further away. */
enum { IMAGE_MOST = 1 << 28 };

/* The kernel's struct list_head, whose members have no other order anywhere. */
struct links {
	uint64_t next, prev;
};

static const enum kernel_field needs[] = {
	OWN_FILE_NEEDS,
	FIELD_file_f_op,
	FIELD_file_private_data,
	FIELD_dma_buf_file,
	FIELD_dma_buf_list_node,
	FIELD_dma_buf_size,
	FIELDS,
};

/* @buffer: where the search begins; @fops: operations of its file */
struct search {
	struct memory *memory;
	struct layout layout;
	uint64_t buffer, fops;
};

#define MEMBER(search, address, type, member)                                  \
	word_at(search, (address) + AT(&(search)->layout, type, member))

static uint64_t word_at(struct search *search, uint64_t address)
{
	return memory_word(search->memory, address, search->layout.word);
}

/* Finds the buffer of a descriptor, and checks what is known about it. */
static bool find_buffer(struct search *search, int fd)
{
	const uint64_t file =
		own_file_find(search->memory, &search->layout, fd);
	const off_t size = lseek(fd, 0, SEEK_END);

	search->buffer = MEMBER(search, file, file, private_data);
	search->fops = MEMBER(search, file, file, f_op);
	return file && size > 0 && search->fops &&
	       MEMBER(search, search->buffer, dma_buf, file) == file &&
	       MEMBER(search, search->buffer, dma_buf, size) == (uint64_t)size;
}

/* Return: index of the first of these nodes that is not a buffer's, or @n. */
static size_t first_other(struct search *search, const uint64_t *nodes,
			  size_t n)
{
	const struct layout *l = &search->layout;
	const uint64_t offset = AT(l, dma_buf, list_node);
	uint64_t files[AT_ONCE], ops[AT_ONCE], owners[AT_ONCE];
	struct memory *m = search->memory;
	size_t i;

	memory_queue_words(m, nodes, n, AT(l, dma_buf, file) - offset, files,
			   l->word);
	memory_run(m);
	memory_queue_words(m, files, n, AT(l, file, f_op), ops, l->word);
	memory_queue_words(m, files, n, AT(l, file, private_data), owners,
			   l->word);
	memory_run(m);
	for (i = 0; i < n; i++)
		if (ops[i] != search->fops || owners[i] != nodes[i] - offset)
			break;
	return i;
}

/* Whether both neighbors point back at a node. */
static bool is_linked(struct search *search, uint64_t node)
{
	const uint64_t next = word_at(search, node);
	const uint64_t prev = word_at(search, node + search->layout.word);

	return word_at(search, prev) == node &&
	       word_at(search, next + search->layout.word) == node;
}

static bool is_in_image(const struct search *search, uint64_t node)
{
	const uint64_t fops = search->fops;

	return (node > fops ? node - fops : fops - node) < IMAGE_MOST;
}

static bool is_head(struct search *search, uint64_t node)
{
	return is_in_image(search, node) && is_linked(search, node) &&
	       first_other(search, &node, 1) == 0 && is_linked(search, node);
}

/* The same as a chain of memory.h, which has pointers of 64 bits. */
static size_t read_each(struct search *search, uint64_t at, uint64_t *nodes)
{
	size_t n;

	for (n = 0; at && n < AT_ONCE; n++)
		nodes[n] = at = word_at(search, at + search->layout.word);
	return n;
}

/*
 * Goes on to the newer entries next to @at. Return: how many of them are
 * buffers; @nodes has them, and then the first that is none, if any.
 */
static int read_entries(struct search *search, uint64_t at, struct vec *pieces,
			uint64_t *nodes, size_t *n)
{
	const struct chain chain = {
		.first = at,
		.bytes = sizeof(struct links),
		.next = offsetof(struct links, prev),
		.most = AT_ONCE,
	};
	const struct links *links = NULL;

	pieces->n = *n = 0;
	if (search->layout.word != sizeof(links->prev)) {
		*n = read_each(search, at, nodes);
		return first_other(search, nodes, *n);
	}
	(void)memory_chain(search->memory, &chain, pieces);
	while ((links = vec_next(pieces, links)))
		nodes[(*n)++] = links->prev;
	return first_other(search, nodes, *n);
}

/* Return: address of the head, or 0 when the ring changed meanwhile. */
static uint64_t go_around(struct search *search)
{
	_cleanup_(vec_fini) struct vec pieces = VEC_OF(struct links);
	uint64_t at = search->buffer + AT(&search->layout, dma_buf, list_node);
	uint64_t nodes[AT_ONCE];
	size_t done, n, buffers;

	for (done = 0; done < ENTRIES_MOST; done += n) {
		buffers = read_entries(search, at, &pieces, nodes, &n);
		if (buffers < n)
			return is_head(search, nodes[buffers]) ? nodes[buffers]
							       : 0;
		if (!n)
			return 0;
		at = nodes[n - 1];
	}
	return 0;
}

static int find(struct dmabuf_ctx *ctx, struct search *search, int fd,
		struct list_place *ret)
{
	uint64_t head = 0;
	int i, r;

	if (!find_buffer(search, fd))
		return memory_error(search->memory)
			       ?: own_file_refuse_types(ctx);
	for (i = 0; !head && i < TRIES; i++)
		head = go_around(search);
	r = memory_error(search->memory);
	if (r)
		return r;
	if (!head)
		return error_set(&ctx->error, -EAGAIN,
				 "the list of dma-bufs changed faster than its "
				 "head could be found");
	*ret = (struct list_place){ head, search->fops };
	return 0;
}

int list_head_find(struct dmabuf_ctx *ctx, struct list_place *ret)
{
	struct search search = {};
	_cleanup_close_ int fd = -1;
	enum kernel_field missing;
	int r;

	r = memory_open(ctx, &search.memory)
		    ?: layout_read(ctx, &search.layout);
	if (r)
		return r;
	missing = layout_first_missing(&search.layout, needs);
	if (missing != FIELDS)
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "this kernel has no list of dma-bufs: its %s "
				 "has no %s",
				 layout_type(missing), layout_member(missing));
	fd = any_buffer_open(ctx);
	return fd < 0 ? fd : find(ctx, &search, fd, ret);
}
