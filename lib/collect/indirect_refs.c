// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * References kept in other files of tasks. Each kind of file has its own BPF
 * program: a program that needs types missing from this kernel does not affect
 * the others.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "abi/indirect.h"
#include "bpf/object.h"
#include "collect/indirect_refs.h"
#include "collect/ring.h"
#include "gem.skel.h"
#include "inflight.skel.h"
#include "snapshot/gaps.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/io.h"
#include "vb2.skel.h"

#define COVERS DMABUF_REC_COVERS

/* Each program exists twice: see REPEAT() in bpf/common/indirect.bpf.h. */
static void prepare(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	const bool loops = bpf_object_kernel_has(ctx, "bpf_loop");
	struct bpf_program *program = NULL;

	while ((program = bpf_object__next_program(object, program)))
		bpf_program__set_autoload(program,
					  !strstr(bpf_program__name(program),
						  "_bounded") == loops);
}

/* Finds the program that was loaded. */
static struct bpf_program *loaded_program(struct bpf_object *object)
{
	struct bpf_program *program = NULL;

	while ((program = bpf_object__next_program(object, program)) &&
	       bpf_program__fd(program) < 0)
		;
	return program;
}

/* All use one ring. The first also tells whether the others are needed. */
DEFINE_BPF_SKELETON(inflight)
DEFINE_BPF_SKELETON(gem)
DEFINE_BPF_SKELETON(vb2)

static const struct kind {
	const char *what;
	unsigned int files;
	uint32_t covers;
	struct bpf_skeleton skeleton;
} kinds[] = {
	{ "messages in flight, io_urings",
	  0,
	  COVERS(DMABUF_REC_REF_MESSAGE) | COVERS(DMABUF_REC_REF_IO_URING) |
		  COVERS(DMABUF_REC_REF_ITERATOR),
	  { BPF_SKELETON(inflight), .prepare = prepare } },
	{ "GEM handles",
	  INDIRECT_DRM,
	  COVERS(DMABUF_REC_REF_GEM_HANDLE) |
		  COVERS(DMABUF_REC_REF_GEM_OBJECT) |
		  COVERS(DMABUF_REC_REF_FRAMEBUFFER),
	  { BPF_SKELETON(gem), .prepare = prepare, .of_modules = true } },
	{ "buffers in V4L2 queues",
	  INDIRECT_VIDEO,
	  COVERS(DMABUF_REC_REF_V4L2),
	  { BPF_SKELETON(vb2), .prepare = prepare, .of_modules = true } },
};

DEFINE_CLEANUP(link, struct bpf_link, bpf_link__destroy)

/*
 * Reads an iterator a byte at a time. It returns one byte for each file that
 * keeps buffers, after it put their records into the ring. @cuts counts the
 * files that keep more than it could record. Return: 0, or -errno with the
 * reason in @ctx->error.
 */
static int read_files(struct dmabuf_ctx *ctx, int fd, struct ring_buffer *ring,
		      uint64_t *cuts)
{
	ssize_t n;
	char byte;
	int r;

	for (;;) {
		n = read_retry(fd, &byte, sizeof(byte));
		if (n < 0)
			return error_set(&ctx->error, n,
					 "cannot read the files of tasks: %s",
					 strerror(-n));
		r = ring_drain(ctx, ring);
		if (r || !n)
			return r;
		*cuts += byte;
	}
}

static int collect(struct dmabuf_ctx *ctx, const struct kind *kind,
		   struct dmabuf_snapshot *snapshot, uint64_t *cuts)
{
	_cleanup_(ring_cleanup) struct ring_buffer *ring = NULL;
	_cleanup_(link_cleanup) struct bpf_link *link = NULL;
	_cleanup_close_ int fd = -1;
	struct bpf_object *object;
	void *skel;
	int r;

	r = bpf_object_keep(ctx, &kind->skeleton, &skel);
	if (r)
		return r;
	object = kind->skeleton.object(skel);
	r = ring_new(ctx, bpf_object__find_map_fd_by_name(object, "ring"),
		     snapshot, &ring);
	if (r)
		return r;
	link = bpf_program__attach_iter(loaded_program(object), NULL);
	fd = link ? bpf_iter_create(bpf_link__fd(link)) : -errno;
	if (fd < 0)
		return error_set(&ctx->error, fd,
				 "cannot open the iterator over tasks: %s",
				 strerror(-fd));
	return read_files(ctx, fd, ring, cuts);
}

/*
 * Return: the kinds of files that are open, which the first program found; all
 * kinds when that program failed.
 */
static unsigned int open_files(struct dmabuf_ctx *ctx, int first_r)
{
	struct inflight_bpf *inflight = ctx_kept(ctx, &kinds[0].skeleton);
	unsigned int files = first_r ? ~0U : inflight->bss->files;

	if (inflight)
		inflight->bss->files = 0;
	return files;
}

/*
 * Continues without this kind: the reason becomes a gap, and a remark for
 * doctor.
 */
static int go_on(struct dmabuf_ctx *ctx, const struct kind *kind,
		 struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_error error = ctx->error;

	error_set(&ctx->error, 0, "%s: %s", kind->what, error.text);
	return snapshot_add_gap(snapshot, kind->what, 0, error.text);
}

int indirect_load(struct dmabuf_ctx *ctx)
{
	const struct kind *kind;
	void *object;

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++)
		if (bpf_object_keep(ctx, &kind->skeleton, &object) == -ENOMEM)
			return -ENOMEM;
	return 0;
}

int indirect_collect(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		     uint32_t *covers)
{
	const struct kind *kind;
	unsigned int files = 0;
	uint64_t cuts;
	int r;

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++) {
		cuts = 0;
		r = !kind->files || kind->files & files
			    ? collect(ctx, kind, snapshot, &cuts)
			    : 0;
		if (kind == kinds)
			files = open_files(ctx, r);
		if (r == -ENOMEM)
			return r;
		if (!r)
			*covers |= kind->covers;
		if (r && go_on(ctx, kind, snapshot))
			return error_no_memory(&ctx->error);
		if (cuts && snapshot_add_gap(snapshot, kind->what, 0,
					     "one file has too many to list"))
			return error_no_memory(&ctx->error);
	}
	return 0;
}
