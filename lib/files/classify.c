// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/classify.h"

#include <linux/magic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "files/links.h"
#include "util/array.h"
#include "util/cleanup.h"

/* What is read of all found files, each an array. */
struct facts {
	size_t n;
	struct vec files, privates, inodes, super_blocks, magics, modes, rdevs,
		dentries, names, first_bytes, socks;
};

static void facts_fini(struct facts *facts)
{
	vec_fini(&facts->files);
	vec_fini(&facts->privates);
	vec_fini(&facts->inodes);
	vec_fini(&facts->super_blocks);
	vec_fini(&facts->magics);
	vec_fini(&facts->modes);
	vec_fini(&facts->rdevs);
	vec_fini(&facts->dentries);
	vec_fini(&facts->names);
	vec_fini(&facts->first_bytes);
	vec_fini(&facts->socks);
}

static bool is_socket(const struct facts *facts, size_t i)
{
	return S_ISSOCK(((const uint16_t *)facts->modes.data)[i]);
}

/* The struct sock of each file that is a socket. */
static void queue_socks(struct reach *reach, struct facts *facts)
{
	const uint32_t at = AT(&reach->layout, socket, sk);
	uint64_t *sock = reach_room(reach, &facts->socks, facts->files.n);
	uint64_t socket;
	size_t i;

	for (i = 0; i < facts->socks.n; i++) {
		socket = is_socket(facts, i) && at != LAYOUT_NONE
				 ? number_at(&facts->privates, i)
				 : 0;
		memory_queue(reach->memory, &socket, 1, at, &sock[i],
			     sizeof(*sock));
	}
}

static void read_facts(struct reach *reach, const struct vec *found,
		       struct facts *facts)
{
	const struct layout *l = &reach->layout;

	reach_members(reach, found, offsetof(struct found, file),
		      &facts->files);
	reach_queue(reach, &facts->files, AT(l, file, private_data),
		    &facts->privates);
	reach_queue(reach, &facts->files,
		    AT(l, file, f_path) + AT(l, path, dentry),
		    &facts->dentries);
	reach_gather(reach, &facts->files, AT(l, file, f_inode),
		     &facts->inodes);
	reach_queue(reach, &facts->inodes, AT(l, inode, i_sb),
		    &facts->super_blocks);
	reach_queue(reach, &facts->inodes, AT(l, inode, i_mode), &facts->modes);
	reach_queue(reach, &facts->inodes, AT(l, inode, i_rdev), &facts->rdevs);
	reach_gather(reach, &facts->dentries,
		     AT(l, dentry, d_name) + AT(l, qstr, name), &facts->names);
	queue_socks(reach, facts);
	reach_queue(reach, &facts->super_blocks, AT(l, super_block, s_magic),
		    &facts->magics);
	reach_gather(reach, &facts->names, 0, &facts->first_bytes);
	facts->n = reach->error ? 0 : found->n;
}

/* Anonymous files have nothing but their name to tell what they are. */
static enum keeper_kind anonymous_kind(uint64_t first_bytes)
{
	static const struct {
		char name[8];
		enum keeper_kind kind;
	} names[] = {
		{ "[io_urin", KEEPER_RING },
		{ "bpf_iter", KEEPER_ITERATOR },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!memcmp(names[i].name, &first_bytes, sizeof(first_bytes)))
			return names[i].kind;
	return KEEPER_NONE;
}

static enum keeper_kind device_kind(uint32_t rdev)
{
	switch (rdev >> MINOR_BITS) {
	case DRM_DEVICES:
	case ACCEL_DEVICES:
		return KEEPER_DRM;
	case VIDEO_DEVICES:
		return KEEPER_VIDEO;
	default:
		return KEEPER_NONE;
	}
}

static enum keeper_kind kind_of(const struct facts *facts, size_t i)
{
	const uint16_t mode = ((const uint16_t *)facts->modes.data)[i];
	const uint64_t magic = number_at(&facts->magics, i);

	if (is_socket(facts, i))
		return KEEPER_SOCKET;
	if (S_ISCHR(mode))
		return device_kind(((const uint32_t *)facts->rdevs.data)[i]);
	/* A pinned iterator is opened by its path. */
	if (magic == BPF_FS_MAGIC)
		return KEEPER_ITERATOR;
	return magic == ANON_INODE_FS_MAGIC
		       ? anonymous_kind(number_at(&facts->first_bytes, i))
		       : KEEPER_NONE;
}

/* The way in which a file that is no buffer is kept. */
static enum dmabuf_rec_by way_of(const struct found *found)
{
	switch (found->slot.type) {
	case DMABUF_REC_REF_IO_URING:
		return DMABUF_REC_BY_IO_URING;
	case DMABUF_REC_REF_WAITER:
		return DMABUF_REC_BY_REQUEST;
	default:
		return DMABUF_REC_BY_MESSAGE;
	}
}

static void add_keeper(struct reach *reach, const struct found *found,
		       struct keeper *keeper)
{
	if (!reach_is_new(reach, keeper->object))
		return;
	if (found->in)
		links_add(reach, keeper, found->in, way_of(found),
			  found->slot.place);
	else
		links_add_roots(reach, keeper);
	reach_push(reach, &reach->keepers, keeper);
}

static void classify_one(struct reach *reach, const struct found *found,
			 const struct facts *facts, size_t i)
{
	const uint64_t object = number_at(&facts->privates, i);
	struct keeper keeper = { .number = found->in,
				 .root = found->root,
				 .roots = found->roots };

	if (number_at(&facts->magics, i) == DMA_BUF_MAGIC) {
		/*
		 * What processes have, and waiters for fences, is found
		 * elsewhere.
		 */
		if (found->slot.type == DMABUF_REC_REF_WAITER)
			return;
		if (found->slot.type && object)
			reach_buffer(reach, &keeper, object, &found->slot);
		else if (found->slot.type)
			reach_path(reach, &keeper, found->file, &found->slot);
		return;
	}
	keeper.kind = kind_of(facts, i);
	keeper.object = keeper.kind == KEEPER_SOCKET
				? number_at(&facts->socks, i)
				: object;
	keeper.rdev = ((const uint32_t *)facts->rdevs.data)[i];
	if (keeper.kind != KEEPER_NONE)
		add_keeper(reach, found, &keeper);
}

void classify_found(struct reach *reach)
{
	_cleanup_(vec_fini) struct vec found = VEC_OF(struct found);
	_cleanup_(facts_fini) struct facts facts = {
		.files = NUMBERS,
		.privates = NUMBERS,
		.inodes = NUMBERS,
		.super_blocks = NUMBERS,
		.magics = NUMBERS,
		.modes = VEC_OF(uint16_t),
		.rdevs = VEC_OF(uint32_t),
		.dentries = NUMBERS,
		.names = NUMBERS,
		.first_bytes = NUMBERS,
		.socks = NUMBERS,
	};
	size_t i;

	vec_swap(&found, &reach->found);
	read_facts(reach, &found, &facts);
	for (i = 0; i < facts.n && !reach->error; i++)
		classify_one(reach, vec_at(&found, i), &facts, i);
}

void classify_finish(struct reach *reach)
{
	const struct layout *l = &reach->layout;
	_cleanup_(vec_fini) struct vec buffers = NUMBERS, files = NUMBERS,
				       backs = NUMBERS, inodes = NUMBERS,
				       inos = NUMBERS;
	struct dmabuf_rec_ref *ref;
	size_t i, kept = 0;

	reach_members(reach, &reach->refs, offsetof(struct dmabuf_rec_ref, key),
		      &buffers);
	reach_gather(reach, &buffers, AT(l, dma_buf, file), &files);
	reach_queue(reach, &files, AT(l, file, private_data), &backs);
	reach_gather(reach, &files, AT(l, file, f_inode), &inodes);
	reach_gather(reach, &inodes, AT(l, inode, i_ino), &inos);
	for (i = 0; i < inos.n; i++) {
		ref = vec_at(&reach->refs, i);
		if (number_at(&backs, i) != ref->key)
			continue;
		ref->ino = number_at(&inos, i);
		*(struct dmabuf_rec_ref *)vec_at(&reach->refs, kept++) = *ref;
	}
	reach->refs.n = kept;
}
