// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/files/kernel.h"

#include "files/classify.h"
#include "files/links.h"

enum {
	OBJECT_BYTES = 8192,
	OUTER_STRIDE = 512,
	INNER_STRIDE = 16,
	DMA_BUF_FS = 0x444d4142,
};

struct memory {
	int error;
};

/* A read that is queued. */
struct queued {
	uint64_t address;
	void *to;
	size_t bytes;
};

/* An object: what can be read. */
struct object {
	uint64_t address;
	size_t bytes;
};

static struct memory memory;
static struct vec objects = VEC_OF(struct object);
static struct vec queue = VEC_OF(struct queued);
uint64_t kernel_reader;
size_t kernel_reads, kernel_runs;
void (*kernel_after_read)(uint64_t address);

/* Structs that are parts of others have small members. */
static const char *const inner[] = {
	"sock_common",
	"drm_mode_config",
	"drm_prime_file_private",
	"io_file_table",
	"io_rsrc_data",
	"io_hash_table",
	"io_hash_bucket",
	"hlist_node",
	"idr",
	"xarray",
	"rb_root",
	"rb_node",
	"path",
	"qstr",
	"wait_queue_head",
	"wait_queue_entry",
	"drm_mode_object",
	"rb_root_cached",
	"unix_skb_parms",
	"dma_buf_poll_cb_t",
	"upid",
	"kobject",
};

static bool is_inner(const char *type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(inner); i++)
		if (!strcmp(inner[i], type))
			return true;
	return false;
}

/* Puts the members of each struct one after the other. */
static void make_layout(struct layout *layout)
{
	static const struct {
		const char *type, *member;
	} rows[] = {
#define ROW(type, member) { #type, #member },
		KERNEL_FIELDS(ROW)
#undef ROW
	};
	size_t i, j;

	for (i = 0; i < FIELDS; i++) {
		uint32_t stride =
			is_inner(rows[i].type) ? INNER_STRIDE : OUTER_STRIDE;
		uint32_t n = 0;

		for (j = 0; j < i; j++)
			n += !strcmp(rows[j].type, rows[i].type) &&
			     strcmp(rows[j].member, "SIZE") != 0;
		layout->at[i] = n * stride;
		if (!strcmp(rows[i].member, "SIZE"))
			layout->at[i] = 8 * stride;
	}
	layout->word = sizeof(uint64_t);
	/* A message is read up to the list of its files. */
	AT(layout, sk_buff, next) = 0;
	AT(layout, sk_buff, sk) = 8;
	AT(layout, sk_buff, cb) = 16;
	/* The arrays of one kernel or the other. */
	AT(layout, io_fixed_file, SIZE) = sizeof(uint64_t);
}

static bool is_readable(uint64_t address, size_t bytes)
{
	const struct object *object = NULL;

	while ((object = vec_next(&objects, object)))
		if (address >= object->address &&
		    address - object->address <= object->bytes &&
		    object->bytes - (address - object->address) >= bytes)
			return true;
	return false;
}

static bool read_one(uint64_t address, void *to, size_t bytes)
{
	kernel_reads++;
	if (!is_readable(address, bytes))
		return false;
	memcpy(to, (const void *)(uintptr_t)address, bytes);
	if (kernel_after_read)
		kernel_after_read(address);
	return true;
}

/* ------------------------------------------ in the place of files/memory.c */

int memory_open(struct dmabuf_ctx *ctx, struct memory **ret)
{
	(void)ctx;
	memory.error = 0;
	*ret = &memory;
	return 0;
}

int memory_error(const struct memory *m)
{
	return m->error;
}

uint64_t memory_reader(const struct memory *m)
{
	(void)m;
	return kernel_reader;
}

/* What is read is not there before memory_run(). */
void memory_queue(struct memory *m, const uint64_t *addresses, size_t n,
		  int32_t offset, void *to, uint32_t bytes)
{
	struct queued queued = { .bytes = bytes };
	size_t i;

	(void)m;
	/* Then there may be no place for it either. */
	if (!n || !bytes)
		return;
	memset(to, 0x5a, n * bytes);
	for (i = 0; i < n; i++) {
		queued.to = (char *)to + i * bytes;
		queued.address = addresses[i] ? addresses[i] + offset : 0;
		assert_return_code(vec_push(&queue, &queued), 0);
	}
}

void memory_run(struct memory *m)
{
	const struct queued *queued = NULL;

	(void)m;
	kernel_runs += queue.n > 0;
	while ((queued = vec_next(&queue, queued)))
		if (!queued->address ||
		    !read_one(queued->address, queued->to, queued->bytes))
			memset(queued->to, 0, queued->bytes);
	queue.n = 0;
}

void memory_gather(struct memory *m, const uint64_t *addresses, size_t n,
		   int32_t offset, void *to, uint32_t bytes)
{
	memory_queue(m, addresses, n, offset, to, bytes);
	memory_run(m);
}

void memory_read(struct memory *m, uint64_t address, void *to, size_t bytes)
{
	memory_gather(m, &address, 1, 0, to, bytes);
}

uint64_t memory_u64(struct memory *m, uint64_t address)
{
	uint64_t value;

	memory_gather(m, &address, 1, 0, &value, sizeof(value));
	return value;
}

uint32_t memory_u32(struct memory *m, uint64_t address)
{
	uint32_t value;

	memory_gather(m, &address, 1, 0, &value, sizeof(value));
	return value;
}

enum chain_end memory_chain(struct memory *m, const struct chain *chain,
			    struct vec *pieces)
{
	uint64_t at = chain->first, next;
	char piece[OBJECT_BYTES];
	uint32_t left;

	(void)m;
	for (left = chain->most; at && left; left--) {
		if (!read_one(at, piece, chain->bytes))
			return CHAIN_TORN;
		assert_return_code(vec_push(pieces, piece), 0);
		memcpy(&next, piece + chain->next, sizeof(next));
		if (!next || next == chain->stop)
			return next ? CHAIN_WHOLE : CHAIN_TORN;
		at = next;
	}
	return at ? CHAIN_LONG : CHAIN_WHOLE;
}

/* ------------------------------------------------------- what tests build */

uint64_t kernel_object_of(size_t bytes)
{
	const struct object object = { (uintptr_t)calloc(1, bytes), bytes };

	assert_true(object.address);
	assert_return_code(vec_push(&objects, &object), 0);
	return object.address;
}

uint64_t kernel_object(void)
{
	return kernel_object_of(OBJECT_BYTES);
}

void kernel_put(uint64_t object, uint32_t offset, uint64_t value)
{
	memcpy((char *)(uintptr_t)object + offset, &value, sizeof(value));
}

void kernel_put32(uint64_t object, uint32_t offset, uint32_t value)
{
	memcpy((char *)(uintptr_t)object + offset, &value, sizeof(value));
}

void kernel_put16(uint64_t object, uint32_t offset, uint16_t value)
{
	memcpy((char *)(uintptr_t)object + offset, &value, sizeof(value));
}

void kernel_list(uint64_t head)
{
	kernel_put(head, 0, head);
	kernel_put(head, 8, head);
}

void kernel_list_add(uint64_t head, uint64_t node)
{
	uint64_t last;

	memcpy(&last, (char *)(uintptr_t)head + 8, sizeof(last));
	kernel_put(node, 0, head);
	kernel_put(node, 8, last);
	kernel_put(last, 0, node);
	kernel_put(head, 8, node);
}

uint64_t kernel_file(struct reach *reach, uint16_t mode, uint32_t rdev,
		     uint64_t private_data)
{
	const uint64_t file = kernel_object(), inode = kernel_object();

	PUT(reach, file, file, private_data, private_data);
	PUT(reach, file, file, f_inode, inode);
	kernel_put16(inode, OFFSET(reach, inode, i_mode), mode);
	kernel_put32(inode, OFFSET(reach, inode, i_rdev), rdev);
	return file;
}

uint64_t kernel_buffer(struct reach *reach)
{
	static uint64_t ino;
	const uint64_t buffer = kernel_object(), super = kernel_object(),
		       inode = kernel_object(),
		       file = kernel_file(reach, S_IFREG, 0, buffer);

	PUT(reach, buffer, dma_buf, file, file);
	PUT(reach, file, file, f_inode, inode);
	PUT(reach, inode, inode, i_ino, ++ino);
	PUT(reach, inode, inode, i_sb, super);
	PUT(reach, super, super_block, s_magic, DMA_BUF_FS);
	kernel_list(buffer + OFFSET(reach, dma_buf, poll) +
		    OFFSET(reach, wait_queue_head, head));
	return buffer;
}

uint64_t kernel_file_of(struct reach *reach, uint64_t buffer)
{
	return memory_u64(reach->memory, buffer + OFFSET(reach, dma_buf, file));
}

void kernel_root(struct reach *reach, uint64_t file, uint32_t pid)
{
	struct dmabuf_rec_ref root = {
		.head = { DMABUF_REC_REF, sizeof(root) },
		.key = file,
		.type = DMABUF_REC_REF_FILE,
		.pid = pid,
		.tid = pid,
		.comm = "process",
	};

	assert_return_code(vec_push(&reach->roots, &root), 0);
}

size_t kernel_refs(const struct reach *reach, uint64_t buffer, uint32_t type,
		   const struct dmabuf_rec_ref **last)
{
	const struct dmabuf_rec_ref *ref = NULL;
	size_t n = 0;

	while ((ref = vec_next(&reach->refs, ref)))
		if (ref->key == buffer && ref->type == type) {
			*last = ref;
			n++;
		}
	return n;
}

const struct dmabuf_rec_ref *kernel_ref(const struct reach *reach,
					uint64_t buffer, uint32_t type)
{
	const struct dmabuf_rec_ref *ref = NULL;

	assert_int_equal(kernel_refs(reach, buffer, type, &ref), 1);
	return ref;
}

int kernel_setup(void **state)
{
	static struct dmabuf_ctx ctx;
	static struct reach reach;

	reach = (struct reach)REACH(&ctx);
	reach.memory = &memory;
	make_layout(&reach.layout);
	kernel_reader = 0;
	kernel_reads = kernel_runs = 0;
	kernel_after_read = NULL;
	*state = &reach;
	return 0;
}

int kernel_teardown(void **state)
{
	const struct object *object = NULL;

	while ((object = vec_next(&objects, object)))
		free((void *)(uintptr_t)object->address);
	vec_fini(&objects);
	vec_fini(&queue);
	reach_fini(*state);
	return 0;
}
