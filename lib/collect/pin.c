// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bpf/object.h"
#include "collect/iter_seq.h"
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

static int check_mount(struct dmabuf_ctx *ctx)
{
	struct statfs fs;

	if (statfs("/" PINNED_MOUNT, &fs)) {
		error_set(&ctx->error, -errno, "/" PINNED_MOUNT ": %s",
			  strerror(errno));
	} else if ((unsigned int)fs.f_type != BPF_FS_MAGIC) {
		error_set(&ctx->error, -ENODEV,
			  "/" PINNED_MOUNT " is not a BPF file system");
	} else {
		return 0;
	}
	return error_hint(&ctx->error, "mount -t bpf bpf /" PINNED_MOUNT);
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

static int pin_at(struct dmabuf_ctx *ctx, struct bpf_link *link,
		  const char *path, const struct dmabuf_pin_opts *opts)
{
	int r;

	r = bpf_link__pin(link, path);
	if (r == -EEXIST) {
		error_set(&ctx->error, r, "%s is pinned already", path);
		return error_hint(&ctx->error, "dmabuf unpin removes it");
	}
	if (r)
		return error_set(&ctx->error, r, "cannot pin %s: %s", path,
				 strerror(-r));

	if ((opts->set_group && chown(path, -1, opts->gid)) ||
	    chmod(path, opts->mode
				?: opts->set_group ? 0440
						   : 0400)) {
		r = -errno;
		unlink(path);
		return error_set(&ctx->error, r,
				 "cannot change group or mode of %s: %s", path,
				 strerror(-r));
	}
	return 0;
}

static int pin_both(struct dmabuf_ctx *ctx, struct bpf_link *records,
		    struct bpf_link *text, const struct dmabuf_pin_opts *opts)
{
	int r;

	r = pin_at(ctx, records, "/" PINNED_RECORDS, opts);
	if (r)
		return r;
	r = pin_at(ctx, text, "/" PINNED_TEXT, opts);
	if (r)
		unlink("/" PINNED_RECORDS);
	return r;
}

int dmabuf_pin(struct dmabuf_ctx *ctx, const struct dmabuf_pin_opts *opts)
{
	_cleanup_(link_cleanup) struct bpf_link *records = NULL, *text = NULL;
	struct dmabuf_pin_opts known;
	bool made;
	int r;

	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");

	r = iter_seq_link(ctx, false, &records);
	if (!r)
		r = link_text(ctx, &text);
	if (!r)
		r = check_mount(ctx);
	if (!r)
		r = check_whole(ctx, records);
	if (r)
		return r;

	made = !mkdir("/" PINNED_DIR, 0755);
	if (!made && errno != EEXIST)
		return error_set(&ctx->error, -errno, "/" PINNED_DIR ": %s",
				 strerror(errno));
	/* Others may list the folder, whatever our umask is. */
	if (made)
		(void)chmod("/" PINNED_DIR, 0755);
	r = pin_both(ctx, records, text, &known);
	if (r && made)
		(void)rmdir("/" PINNED_DIR);
	return r;
}

int dmabuf_unpin(struct dmabuf_ctx *ctx)
{
	static const char *const paths[] = {
		"/" PINNED_RECORDS,
		"/" PINNED_TEXT,
	};
	int r = -ENOENT;
	size_t i;

	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "a recorded tree has nothing pinned");

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		if (!unlink(paths[i]))
			r = 0;
		else if (errno != ENOENT)
			return error_set(&ctx->error, -errno, "%s: %s",
					 paths[i], strerror(errno));
	}
	if (r)
		return error_set(&ctx->error, r,
				 "/" PINNED_DIR ": nothing is pinned");
	(void)rmdir("/" PINNED_DIR);
	return 0;
}
