// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/object.h"
#include "bpf/pin_folder.h"
#include "collect/iter_seq.h"
#include "collect/pinned_file.h"
#include "iter_text.skel.h"
#include "pinned_refs.skel.h"
#include "snapshot/snapshot.h"
#include "util/array.h"
#include "util/cleanup.h"

DEFINE_BPF_SKELETON(iter_text)
DEFINE_BPF_SKELETON(pinned_refs)

static int link_text(struct dmabuf_ctx *ctx, struct bpf_link **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(iter_text),
		.only = "print_buffers",
		.needs = ITER_DMABUF_FUNCTION,
		.feature = ITER_DMABUF_FEATURE,
	};
	void *object;
	int r = bpf_object_load(ctx, &skeleton, &object);

	return r ?: iter_attach(ctx, &skeleton, object, ret);
}

/*
 * Links a program over tasks. Its records have hashes of addresses, with a key
 * that is only in the memory of the program.
 */
static int link_refs(struct dmabuf_ctx *ctx, const char *program,
		     struct bpf_link **ret)
{
	const struct bpf_skeleton skeleton = {
		BPF_SKELETON(pinned_refs),
		.only = program,
	};
	struct pinned_refs_bpf *skel;
	uint64_t key[2];
	void *object;
	ssize_t n;
	int r;

	n = getrandom(key, sizeof(key), 0);
	if (n != sizeof(key))
		return error_set(&ctx->error, n < 0 ? -errno : -EIO,
				 "getrandom: %s",
				 strerror(n < 0 ? errno : EIO));
	r = bpf_object_load(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	memcpy(skel->bss->table_key, key, sizeof(key));
	skel->bss->page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	return iter_attach(ctx, &skeleton, object, ret);
}

static int link_fds(struct dmabuf_ctx *ctx, struct bpf_link **ret)
{
	return link_refs(ctx, "read_pinned_file", ret);
}

static int link_maps(struct dmabuf_ctx *ctx, struct bpf_link **ret)
{
	return link_refs(ctx, "read_pinned_mapping", ret);
}

/* The files. Those with @needs exist if the kernel has that function. */
static const struct kind {
	const char *path;
	int (*link)(struct dmabuf_ctx *ctx, struct bpf_link **ret);
	const char *needs;
} kinds[] = {
	{ PINNED_RECORDS, iter_seq_link, NULL },
	{ PINNED_TEXT, link_text, NULL },
	{ PINNED_FDS, link_fds, "bpf_iter_task_file" },
	{ PINNED_MAPS, link_maps, "bpf_iter_task_vma" },
};

enum { KINDS = ARRAY_SIZE(kinds) };

/* A link for each kind, or NULL. */
struct links {
	struct bpf_link *of[KINDS];
};

static void links_fini(struct links *links)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		bpf_link__destroy(links->of[i]);
}

static int links_make(struct dmabuf_ctx *ctx, struct links *links)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < KINDS; i++)
		if (!kinds[i].needs ||
		    bpf_object_kernel_has(ctx, kinds[i].needs))
			r = kinds[i].link(ctx, &links->of[i]);
	return r;
}

/* Readers of a pinned file cannot tell that the kernel truncates it. */
static int check_whole(struct dmabuf_ctx *ctx, struct bpf_link *records)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;

	snapshot = snapshot_new();
	if (!snapshot)
		return error_no_memory(&ctx->error);
	return iter_seq_read(ctx, records, false, snapshot);
}

/* By descriptors: a name may lead to another file by now. */
static int set_access(int folder, const char *name,
		      const struct dmabuf_pin_opts *opts)
{
	_cleanup_close_ int fd = -1;
	char path[32];

	fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (opts->set_group && fchownat(fd, "", -1, opts->gid, AT_EMPTY_PATH))
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (chmod(path, opts->mode ?: opts->set_group ? 0440 : 0400))
		return -errno;
	return 0;
}

/* A file has this name until its group and mode are set. */
static const char aside[] = "new";

/* Return: 0 or -errno; then nothing is left behind. */
static int pin_at(struct bpf_link *link, int folder, const char *name,
		  const struct dmabuf_pin_opts *opts)
{
	/*
	 * -EEXIST: of another pin, which may still be at work, or was killed;
	 * dmabuf_unpin() removes it.
	 */
	int r = pin_folder_add(bpf_link__fd(link), folder, aside);

	if (r)
		return r;
	r = set_access(folder, aside, opts);
	if (!r && renameat2(folder, aside, folder, name, RENAME_NOREPLACE))
		r = -errno;
	if (r)
		(void)unlinkat(folder, aside, 0);
	return r;
}

/* Return: 0, or -errno with the reason in @ctx->error; then none is left. */
static int pin_all(struct dmabuf_ctx *ctx, const struct links *links,
		   int folder, const struct dmabuf_pin_opts *opts)
{
	const char *path = NULL;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < KINDS; i++) {
		path = kinds[i].path;
		if (links->of[i])
			r = pin_at(links->of[i], folder, pinned_name(path),
				   opts);
	}
	if (!r)
		return 0;
	/* The last one failed. */
	for (i--; i--;)
		(void)unlinkat(folder, pinned_name(kinds[i].path), 0);
	if (r == -EEXIST) {
		error_set(&ctx->error, r, "/%s is pinned already", path);
		return error_hint(&ctx->error, "dmabuf unpin removes it");
	}
	return error_set_errno(&ctx->error, r, "cannot pin /%s", path);
}

int dmabuf_pin(struct dmabuf_ctx *ctx, const struct dmabuf_pin_opts *opts)
{
	_cleanup_(pin_folder_fini) struct pin_folder folder = PIN_FOLDER_INIT;
	_cleanup_(links_fini) struct links links = {};
	struct dmabuf_pin_opts known;
	int r;

	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");

	r = links_make(ctx, &links) ?: check_whole(ctx, links.of[0]);
	if (!r)
		r = pin_folder_make(ctx, &folder);
	if (!r)
		r = pin_all(ctx, &links, folder.fd, &known);
	if (r && folder.made)
		pin_folder_remove(&folder);
	return r;
}

/* Return: 0, -ENOENT if there is no file, or another -errno. */
static int remove_files(struct dmabuf_ctx *ctx, int folder)
{
	int r = -ENOENT;
	size_t i;

	(void)unlinkat(folder, aside, 0);
	for (i = 0; i < KINDS; i++) {
		if (!unlinkat(folder, pinned_name(kinds[i].path), 0))
			r = 0;
		else if (errno != ENOENT)
			return error_set_errno(&ctx->error, -errno, "/%s",
					       kinds[i].path);
	}
	return r;
}

int dmabuf_unpin(struct dmabuf_ctx *ctx)
{
	_cleanup_(pin_folder_fini) struct pin_folder folder = PIN_FOLDER_INIT;
	int r;

	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "a recorded tree has nothing pinned");

	r = pin_folder_open(ctx, &folder);
	if (!r)
		r = remove_files(ctx, folder.fd);
	if (r == -ENOENT)
		return error_set(&ctx->error, r,
				 "/" PINNED_DIR ": nothing is pinned");
	if (!r)
		pin_folder_remove(&folder);
	return r;
}
