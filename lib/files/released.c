// SPDX-License-Identifier: LGPL-2.1-or-later
#include "abi/records.h"
#include "bpf/layout.h"
#include "files/files.h"
#include "files/memory.h"

/*
 * list_del() leaves LIST_POISON1, whose upper bits are from a kernel option. A
 * buffer that is still in the list has other references, too.
 */
static bool is_poison(uint64_t next)
{
	return next << 16 == 0x100 << 16;
}

/* Return: whether the buffer of a descriptor was released. */
static bool find_one(struct memory *memory, const struct layout *l,
		     struct dmabuf_rec_ref *path)
{
	uint64_t dentry, buffer;

	dentry = memory_u64(memory, path->key + AT(l, file, f_path) +
					    AT(l, path, dentry));
	if (!dentry)
		return false;
	buffer = memory_u64(memory, dentry + AT(l, dentry, d_fsdata));
	if (!buffer ||
	    !is_poison(memory_u64(memory, buffer + AT(l, dma_buf, list_node))))
		return false;
	path->key = buffer;
	path->bytes = memory_u64(memory, buffer + AT(l, dma_buf, size));
	return true;
}

int files_find_released(struct dmabuf_ctx *ctx, struct vec *paths)
{
	struct dmabuf_rec_ref *path;
	struct memory *memory;
	struct layout layout;
	size_t i, kept = 0;
	int r;

	if (!paths->n)
		return 0;
	r = memory_open(ctx, &memory) ?: layout_read(ctx, &layout);
	if (r)
		return r;
	memory_begin(memory);
	for (i = 0; i < paths->n; i++) {
		path = vec_at(paths, i);
		if (find_one(memory, &layout, path))
			*(struct dmabuf_rec_ref *)vec_at(paths, kept++) = *path;
	}
	paths->n = kept;
	return memory_error(memory);
}
