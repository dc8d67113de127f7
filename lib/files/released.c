// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/released.h"

#include <string.h>

#include "snapshot/record_add.h"
#include "util/cleanup.h"

const enum kernel_field released_needs[] = {
	FIELD_dentry_d_fsdata,	FIELD_dentry_d_inode,
	FIELD_dma_buf_exp_name, FIELD_dma_buf_list_node,
	FIELD_dma_buf_name,	FIELD_dma_buf_size,
	FIELD_file_f_path,	FIELD_inode_i_ino,
	FIELD_path_dentry,	FIELDS,
};

/* What is read of buffers, each an array. */
struct facts {
	struct vec dentries, buffers, nodes, sizes, inodes, inos, exporters,
		exporter_texts, names, name_texts;
};

static void facts_fini(struct facts *facts)
{
	vec_fini(&facts->dentries);
	vec_fini(&facts->buffers);
	vec_fini(&facts->nodes);
	vec_fini(&facts->sizes);
	vec_fini(&facts->inodes);
	vec_fini(&facts->inos);
	vec_fini(&facts->exporters);
	vec_fini(&facts->exporter_texts);
	vec_fini(&facts->names);
	vec_fini(&facts->name_texts);
}

/*
 * list_del() leaves LIST_POISON1, whose upper bits are from a kernel option. A
 * buffer that is still in the list has other references, too.
 */
static bool is_poison(uint64_t next)
{
	return next << 16 == 0x100 << 16;
}

/* Drops the paths to buffers that are in the kernel's list. */
static void drop_listed(struct reach *reach, struct facts *facts)
{
	struct dmabuf_rec_ref *path = reach->paths.data;
	const uint64_t *node = facts->nodes.data;
	uint64_t *dentry = facts->dentries.data, *buffer = facts->buffers.data;
	size_t i, kept = 0;

	for (i = 0; i < facts->nodes.n; i++) {
		if (!buffer[i] || !is_poison(node[i]))
			continue;
		path[kept] = path[i];
		dentry[kept] = dentry[i];
		buffer[kept++] = buffer[i];
	}
	reach->paths.n = facts->dentries.n = facts->buffers.n = kept;
}

/* Reads which buffers the paths lead to, as far as they are released. */
static void find_buffers(struct reach *reach, struct facts *facts)
{
	_cleanup_(vec_fini) struct vec files = NUMBERS;

	reach_members(reach, &reach->paths,
		      offsetof(struct dmabuf_rec_ref, key), &files);
	reach_gather(reach, &files,
		     OFFSET(reach, file, f_path) + OFFSET(reach, path, dentry),
		     &facts->dentries);
	reach_gather(reach, &facts->dentries, OFFSET(reach, dentry, d_fsdata),
		     &facts->buffers);
	reach_gather(reach, &facts->buffers, OFFSET(reach, dma_buf, list_node),
		     &facts->nodes);
	drop_listed(reach, facts);
}

static void read_facts(struct reach *reach, struct facts *facts)
{
	reach_gather(reach, &facts->dentries, OFFSET(reach, dentry, d_inode),
		     &facts->inodes);
	reach_gather(reach, &facts->inodes, OFFSET(reach, inode, i_ino),
		     &facts->inos);
	reach_gather(reach, &facts->buffers, OFFSET(reach, dma_buf, size),
		     &facts->sizes);
	reach_gather(reach, &facts->buffers, OFFSET(reach, dma_buf, exp_name),
		     &facts->exporters);
	reach_gather(reach, &facts->exporters, 0, &facts->exporter_texts);
	reach_gather(reach, &facts->buffers, OFFSET(reach, dma_buf, name),
		     &facts->names);
	reach_gather(reach, &facts->names, 0, &facts->name_texts);
}

/* A text that could not be read is empty. */
static struct dmabuf_rec_buffer buffer_of(const struct facts *facts, size_t i)
{
	struct dmabuf_rec_buffer rec = {
		.head = { DMABUF_REC_RELEASED, sizeof(rec) },
		.key = number_at(&facts->buffers, i),
		.ino = number_at(&facts->inos, i),
		.bytes = number_at(&facts->sizes, i),
		.have = DMABUF_HAVE_ADDRESS | DMABUF_HAVE_REFS |
			DMABUF_HAVE_LEDGER,
	};

	/* Behind a text there is other memory of the kernel. */
	strncpy(rec.name, vec_at(&facts->name_texts, i), sizeof(rec.name) - 1);
	strncpy(rec.exporter, vec_at(&facts->exporter_texts, i),
		sizeof(rec.exporter) - 1);
	if (rec.ino)
		rec.have |= DMABUF_HAVE_INO;
	if (rec.bytes)
		rec.have |= DMABUF_HAVE_SIZE;
	if (rec.name[0] || !number_at(&facts->names, i))
		rec.have |= DMABUF_HAVE_NAME;
	if (rec.exporter[0])
		rec.have |= DMABUF_HAVE_EXPORTER;
	return rec;
}

/* Makes the references and the buffers. */
static void give(struct reach *reach, const struct facts *facts,
		 struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_rec_buffer buffer;
	struct dmabuf_rec_ref *ref;
	size_t i;

	for (i = 0; i < reach->paths.n && !reach->error; i++) {
		buffer = buffer_of(facts, i);
		ref = vec_at(&reach->paths, i);
		ref->key = buffer.key;
		ref->ino = buffer.ino;
		ref->refs = 0;
		reach_push(reach, &reach->refs, ref);
		reach_fail(reach, snapshot_add_buffer(snapshot, &buffer));
	}
	reach->paths.n = 0;
}

void released_find(struct reach *reach, struct dmabuf_snapshot *snapshot)
{
	_cleanup_(facts_fini) struct facts facts = {
		.dentries = NUMBERS,
		.buffers = NUMBERS,
		.nodes = NUMBERS,
		.sizes = NUMBERS,
		.inodes = NUMBERS,
		.inos = NUMBERS,
		.exporters = NUMBERS,
		.exporter_texts = { .each = DMABUF_REC_EXPORTER_LEN },
		.names = NUMBERS,
		.name_texts = { .each = DMABUF_REC_NAME_LEN },
	};

	find_buffers(reach, &facts);
	read_facts(reach, &facts);
	give(reach, &facts, snapshot);
}
