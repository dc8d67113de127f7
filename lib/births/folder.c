// SPDX-License-Identifier: LGPL-2.1-or-later
#include "births/folder.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "util/cleanup.h"

/* How often a number that changes is read. */
enum { READINGS = 8 };

void track_maps_fini(struct track_maps *maps)
{
	close_cleanup(&maps->births);
	close_cleanup(&maps->state);
}

/* Opens what is pinned. Return: a descriptor, or -errno. */
static int open_pinned(struct dmabuf_ctx *ctx, int folder, const char *name,
		       __u32 flags)
{
	const struct bpf_obj_get_opts opts = {
		.sz = sizeof(opts),
		.file_flags = flags,
	};
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", folder, name);
	fd = bpf_obj_get_opts(path, &opts);
	if (fd >= 0)
		return fd;
	return error_set_errno(&ctx->error, -errno,
			       "/" PINNED_DIR "/" TRACK_FOLDER "/%s", name);
}

/* How often a program was skipped; the kernel counts it since v5.12. */
static uint64_t count_skips(int program)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(program, &info, &size)
		       ? 0
		       : info.recursion_misses;
}

static int fail_version(struct dmabuf_ctx *ctx)
{
	error_set(&ctx->error, -EPROTONOSUPPORT,
		  "births were noted by another version of dmabuf");
	return error_hint(&ctx->error, "dmabuf track off; dmabuf track on");
}

/* @each: takes the bytes of a value. Return: 0 or -errno. */
static int open_map(struct dmabuf_ctx *ctx, int folder, const char *name,
		    int *ret, size_t *each)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);
	int fd = open_pinned(ctx, folder, name, BPF_F_RDONLY);

	if (fd < 0)
		return fd;
	*ret = fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return error_set_errno(&ctx->error, -errno,
				       "cannot tell what is in /" PINNED_DIR
				       "/" TRACK_FOLDER "/%s",
				       name);
	*each = info.value_size;
	return 0;
}

static int read_state(struct dmabuf_ctx *ctx, int map, struct track_state *ret)
{
	const __u32 first = 0;

	if (bpf_map_lookup_elem(map, &first, ret))
		return error_set_errno(&ctx->error, -errno,
				       "cannot read the state of births");
	return ret->version == TRACK_VERSION ? 0 : fail_version(ctx);
}

/*
 * Of kprobes, where buffers that are being made count as lost. That takes no
 * time, so the smallest number of some readings has none of them.
 */
static int read_settled(struct dmabuf_ctx *ctx, int map,
			struct track_state *ret)
{
	struct track_state now;
	int r, i;

	r = read_state(ctx, map, ret);
	for (i = 1; !r && i < READINGS && ret->lost; i++) {
		usleep(1000);
		r = read_state(ctx, map, &now);
		if (!r && now.lost < ret->lost)
			*ret = now;
	}
	return r;
}

/*
 * @folder: with the first program, unless that is a kprobe. Its skips are
 * counted before what they are compared with.
 */
static int read_lost(struct dmabuf_ctx *ctx, int folder, int map,
		     struct track_state *ret)
{
	_cleanup_close_ int first = open_pinned(ctx, folder, TRACK_FIRST, 0);
	uint64_t skips = first >= 0 ? count_skips(first) : 0;
	int64_t missed;
	int r;

	if (first < 0 && first != -ENOENT)
		return first;
	if (first < 0)
		ctx->error = (struct dmabuf_error){};
	r = first < 0 ? read_settled(ctx, map, ret) : read_state(ctx, map, ret);
	if (r)
		return r;
	missed = (int64_t)(skips + ret->full) - ret->late;
	ret->lost += missed > 0 ? missed : 0;
	return 0;
}

/* Return: a descriptor of the folder, or -errno with the reason. */
static int open_folder(struct dmabuf_ctx *ctx)
{
	_cleanup_(pin_folder_fini) struct pin_folder folder = PIN_FOLDER_INIT;

	return pin_folder_open(ctx, &folder)
		       ?: pin_folder_enter(ctx, &folder, TRACK_FOLDER);
}

int track_maps_open(struct dmabuf_ctx *ctx, struct track_maps *maps,
		    struct track_state *state)
{
	_cleanup_close_ int track = open_folder(ctx);
	size_t each = 0;
	int r;

	if (track < 0)
		return track;
	r = open_map(ctx, track, TRACK_STATE, &maps->state, &each)
		    ?: open_map(ctx, track, TRACK_BIRTHS, &maps->births,
				&maps->each);
	if (!r && each != sizeof(*state))
		r = fail_version(ctx);
	r = r ?: read_lost(ctx, track, maps->state, state);
	return !r && maps->each != birth_size(state->depth) ? fail_version(ctx)
							    : r;
}

int track_reader_open(struct dmabuf_ctx *ctx)
{
	_cleanup_close_ int track = open_folder(ctx);
	int r;

	if (track < 0)
		return track;
	/* Only root or the caller can have put the file into these folders. */
	r = openat(track, TRACK_READER, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return r >= 0 ? r
		      : error_set_errno(&ctx->error, -errno,
					"/" PINNED_DIR "/" TRACK_FOLDER
					"/" TRACK_READER);
}
