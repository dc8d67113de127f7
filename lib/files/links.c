// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/links.h"

#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"

static void add(struct reach *reach, const struct keeper *keeper,
		const struct link *with, size_t root)
{
	const struct dmabuf_rec_ref *process;
	struct link link = *with;

	link.rdev = keeper->rdev;
	link.rec.head =
		(struct dmabuf_rec){ DMABUF_REC_KEEPER, sizeof(link.rec) };
	link.rec.number = reach->links.n + 1;
	if (root != NO_ROOT) {
		process = vec_at(&reach->roots, root);
		link.rec.pid = process->pid;
		memcpy(link.rec.comm, process->comm, sizeof(link.rec.comm));
	}
	reach_push(reach, &reach->links, &link);
}

/* A descriptor and a mapping are of a table, a registered ring is not. */
static enum dmabuf_rec_by way_to(const struct dmabuf_rec_ref *root)
{
	if (!root->table)
		return DMABUF_REC_BY_REGISTERED;
	return root->bytes ? DMABUF_REC_BY_MAP : DMABUF_REC_BY_FD;
}

void links_add_roots(struct reach *reach, struct keeper *keeper)
{
	const struct dmabuf_rec_ref *root;
	struct link link = {};
	size_t i;

	keeper->number = reach->links.n + 1;
	for (i = keeper->root; i < keeper->root + keeper->roots; i++) {
		root = vec_at(&reach->roots, i);
		link.rec.by = way_to(root);
		link.rec.place = root->place;
		add(reach, keeper, &link, i);
	}
}

void links_add(struct reach *reach, struct keeper *keeper, uint32_t in,
	       enum dmabuf_rec_by by, uint64_t place)
{
	const struct link link = {
		.rec.in = in,
		.rec.by = by,
		.rec.place = place,
	};

	keeper->number = reach->links.n + 1;
	add(reach, keeper, &link, keeper->root);
}

void links_use(struct reach *reach, uint32_t number)
{
	struct link *link;

	while (number && number <= reach->links.n) {
		link = vec_at(&reach->links, number - 1);
		if (link->used)
			return;
		link->used = true;
		number = link->rec.in;
	}
}

/* A device and its path below /dev; "" for device 0, and when not known. */
struct node {
	uint32_t rdev;
	char path[DMABUF_REC_NODE_LEN];
};

/* Finds the path, as udev and devtmpfs name it. */
static void find_path(const struct reach *reach, struct node *node)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[256];

	_Static_assert(DMABUF_REC_NODE_LEN == 40, "the format below");
	snprintf(path, sizeof(path), "sys/dev/char/%u:%u/uevent",
		 node->rdev >> MINOR_BITS, node->rdev & MINOR_MASK);
	if (sysroot_fopen(&reach->ctx->sysroot, SYSROOT_TOP, path, &file))
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "DEVNAME=%39[^\n]", node->path) == 1)
			return;
}

/* Many files can be of one device. Return: NULL when out of memory. */
static const struct node *find_node(const struct reach *reach, uint32_t rdev,
				    struct vec *nodes)
{
	struct node new = { .rdev = rdev };
	const struct node *node = NULL;

	while ((node = vec_next(nodes, node)))
		if (node->rdev == rdev)
			return node;
	if (rdev)
		find_path(reach, &new);
	return vec_push(nodes, &new) ? NULL : vec_at(nodes, nodes->n - 1);
}

int links_give(const struct reach *reach, uint32_t base,
	       struct dmabuf_snapshot *snapshot)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(struct node);
	struct dmabuf_rec_keeper rec;
	const struct link *link = NULL;
	const struct node *node;

	while ((link = vec_next(&reach->links, link))) {
		if (!link->used)
			continue;
		node = find_node(reach, link->rdev, &nodes);
		if (!node)
			return -ENOMEM;
		rec = link->rec;
		rec.number += base;
		rec.in += rec.in ? base : 0;
		memcpy(rec.node, node->path, sizeof(rec.node));
		if (vec_push(&snapshot->keepers, &rec))
			return -ENOMEM;
	}
	return 0;
}
