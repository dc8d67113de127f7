// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/node.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

DEFINE_CLEANUP(closedir, DIR, closedir)

static int compare_nodes(const void *left, const void *right)
{
	const struct heap_node *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int why_no_heaps(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "/" HEAP_NODES_DIR ": %s", strerror(-err));
	if (err == -ENOENT && sysroot_is_live(&ctx->sysroot))
		return error_hint(&ctx->error,
				  "boot a kernel with "
				  "CONFIG_DMABUF_HEAPS=y and one of "
				  "its heaps");
	return err;
}

/* Adds a node. A recorded tree has a file in place of the device. */
static int add_node(struct dmabuf_ctx *ctx, int dir, const char *name,
		    struct vec *nodes)
{
	struct heap_node node = {};
	struct stat st;

	if (name[0] == '.' || strlen(name) >= sizeof(node.name) ||
	    fstatat(dir, name, &st, 0) || S_ISDIR(st.st_mode))
		return 0;
	strcpy(node.name, name);
	node.has_device = S_ISCHR(st.st_mode);
	if (!node.has_device && sysroot_is_live(&ctx->sysroot))
		return 0;
	node.device = st.st_rdev;
	node.access = faccessat(dir, name, R_OK, AT_EACCESS) ? -errno : 0;
	if (vec_push(nodes, &node))
		return error_no_memory(&ctx->error);
	return 0;
}

int nodes_read(struct dmabuf_ctx *ctx, struct vec *nodes)
{
	_cleanup_(closedir_cleanup) DIR *dir = NULL;
	const struct dirent *entry;
	int fd, r;

	fd = sysroot_open(&ctx->sysroot, HEAP_NODES_DIR);
	if (fd < 0)
		return why_no_heaps(ctx, fd);
	dir = fdopendir(fd);
	if (!dir) {
		r = why_no_heaps(ctx, -errno);
		close(fd);
		return r;
	}
	while ((void)(errno = 0), (entry = readdir(dir))) {
		r = add_node(ctx, dirfd(dir), entry->d_name, nodes);
		if (r)
			return r;
	}
	if (errno)
		return why_no_heaps(ctx, -errno);
	vec_sort(nodes, compare_nodes);
	return nodes->n ? 0 : why_no_heaps(ctx, -ENOENT);
}

const struct heap_node *nodes_find(const struct vec *nodes, const char *name)
{
	const struct heap_node *node = NULL;

	while ((node = vec_next(nodes, node)))
		if (!strcmp(node->name, name))
			return node;
	return NULL;
}
