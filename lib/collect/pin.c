// SPDX-License-Identifier: LGPL-2.1-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/object.h"
#include "collect/iter_seq.h"
#include "collect/pin_folder.h"
#include "collect/pinned.h"
#include "iter_text.skel.h"
#include "snapshot/snapshot.h"
#include "util/array.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(text, struct iter_text_bpf, iter_text_bpf__destroy)
DEFINE_CLEANUP(link, struct bpf_link, bpf_link__destroy)
DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

DEFINE_BPF_SKELETON(iter_text)

static int link_text(struct dmabuf_ctx *ctx, struct bpf_link **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(iter_text),
		.needs = ITER_DMABUF_FUNCTION,
		.feature = ITER_DMABUF_FEATURE,
	};
	_cleanup_(text_cleanup) struct iter_text_bpf *skel = NULL;
	struct bpf_link *link;
	void *object;
	int r;

	r = bpf_object_load(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	link = bpf_program__attach_iter(skel->progs.print_buffers, NULL);
	if (!link)
		return error_set(&ctx->error, -errno,
				 "cannot attach the iterator: %s",
				 strerror(errno));
	*ret = link;
	return 0;
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
	char path[64];
	int r;

	/*
	 * -EEXIST: of another pin, which may still be at work, or was killed;
	 * dmabuf_unpin() removes it.
	 *
	 * The kernel before v6.5 takes a path, but not one below a folder.
	 */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", folder, aside);
	if (bpf_obj_pin(bpf_link__fd(link), path))
		return -errno;
	r = set_access(folder, aside, opts);
	if (!r && renameat2(folder, aside, folder, name, RENAME_NOREPLACE))
		r = -errno;
	if (r)
		(void)unlinkat(folder, aside, 0);
	return r;
}

static int pin_both(struct dmabuf_ctx *ctx, struct bpf_link *records,
		    struct bpf_link *text, int folder,
		    const struct dmabuf_pin_opts *opts)
{
	const char *path = "/" PINNED_RECORDS;
	int r;

	r = pin_at(records, folder, PINNED_RECORDS_NAME, opts);
	if (!r) {
		path = "/" PINNED_TEXT;
		r = pin_at(text, folder, PINNED_TEXT_NAME, opts);
		if (r)
			(void)unlinkat(folder, PINNED_RECORDS_NAME, 0);
	}
	if (r == -EEXIST) {
		error_set(&ctx->error, r, "%s is pinned already", path);
		return error_hint(&ctx->error, "dmabuf unpin removes it");
	}
	if (r)
		return error_set(&ctx->error, r, "cannot pin %s: %s", path,
				 strerror(-r));
	return 0;
}

int dmabuf_pin(struct dmabuf_ctx *ctx, const struct dmabuf_pin_opts *opts)
{
	_cleanup_(pin_folder_fini) struct pin_folder folder = PIN_FOLDER_INIT;
	_cleanup_(link_cleanup) struct bpf_link *records = NULL, *text = NULL;
	struct dmabuf_pin_opts known;
	int r;

	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");

	r = iter_seq_link(ctx, false, &records);
	if (!r)
		r = link_text(ctx, &text);
	if (!r)
		r = check_whole(ctx, records);
	if (!r)
		r = pin_folder_make(ctx, &folder);
	if (!r)
		r = pin_both(ctx, records, text, folder.fd, &known);
	if (r && folder.made)
		pin_folder_remove(&folder);
	return r;
}

/* Return: 0, -ENOENT if there is no file, or another -errno. */
static int remove_files(struct dmabuf_ctx *ctx, int folder)
{
	static const struct {
		const char *name, *path;
	} files[] = {
		{ PINNED_RECORDS_NAME, "/" PINNED_RECORDS },
		{ PINNED_TEXT_NAME, "/" PINNED_TEXT },
	};
	int r = -ENOENT;
	size_t i;

	(void)unlinkat(folder, aside, 0);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (!unlinkat(folder, files[i].name, 0))
			r = 0;
		else if (errno != ENOENT)
			return error_set(&ctx->error, -errno, "%s: %s",
					 files[i].path, strerror(errno));
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
