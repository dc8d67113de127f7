// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/node.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

static int compare_nodes(const void *left, const void *right)
{
	const struct heap_node *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int why_no_heaps(struct dmabuf_ctx *ctx, int err)
{
	error_set(&ctx->error, err, "/" HEAP_NODES_DIR ": %s",
		  sysroot_strerror(err));
	if (err == -ENOENT && sysroot_is_live(&ctx->sysroot))
		return error_hint(&ctx->error,
				  "boot a kernel with "
				  "CONFIG_DMABUF_HEAPS=y and one of "
				  "its heaps");
	return err;
}

/*
 * Fills in what the file system tells of a node. A recorded tree has a file in
 * place of the device, or a device that may be anything here: it is not opened.
 * Return: 0 or -errno.
 */
static int look_at(const struct sysroot *sysroot, int dir, const char *name,
		   struct stat *st, int *ret_access)
{
	char path[sizeof(HEAP_NODES_DIR) + NAME_MAX + 1];
	_cleanup_close_ int node = -1, file = -1;

	if (sysroot_is_live(sysroot)) {
		if (fstatat(dir, name, st, 0))
			return -errno;
		*ret_access =
			faccessat(dir, name, R_OK, AT_EACCESS) ? -errno : 0;
		return 0;
	}
	snprintf(path, sizeof(path), HEAP_NODES_DIR "/%s", name);
	node = sysroot_open_at(sysroot, SYSROOT_TOP, path, O_PATH);
	if (node < 0)
		return node;
	if (fstat(node, st))
		return -errno;
	if (S_ISREG(st->st_mode))
		file = sysroot_open(sysroot, path);
	*ret_access = file == -EACCES ? file : 0;
	return 0;
}

static int add_node(struct dmabuf_ctx *ctx, int dir, const char *name,
		    struct vec *nodes)
{
	struct heap_node node = {};
	struct stat st;
	char link;

	if (name[0] == '.' || strlen(name) >= sizeof(node.name) ||
	    look_at(&ctx->sysroot, dir, name, &st, &node.access) ||
	    S_ISDIR(st.st_mode))
		return 0;
	strcpy(node.name, name);
	node.has_device = S_ISCHR(st.st_mode);
	if (!node.has_device && sysroot_is_live(&ctx->sysroot))
		return 0;
	node.device = st.st_rdev;
	node.of = node.has_device ? st.st_rdev : st.st_dev;
	node.number = node.has_device ? 0 : st.st_ino;
	node.is_link = readlinkat(dir, name, &link, sizeof(link)) >= 0;
	if (nodes->n == HEAP_NODES_MAX)
		return error_set(&ctx->error, -EFBIG,
				 "/" HEAP_NODES_DIR ": more than %d nodes",
				 HEAP_NODES_MAX);
	if (vec_push(nodes, &node))
		return error_no_memory(&ctx->error);
	return 0;
}

int nodes_read(struct dmabuf_ctx *ctx, struct vec *nodes)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const struct dirent *entry;
	int r;

	r = sysroot_opendir(&ctx->sysroot, SYSROOT_TOP, HEAP_NODES_DIR, &dir);
	if (r)
		return why_no_heaps(ctx, r);
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
