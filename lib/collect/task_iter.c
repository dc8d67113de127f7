// SPDX-License-Identifier: LGPL-2.1-or-later
/* Descriptors and mappings of all tasks, read with the kernel's iterators. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bpf/object.h"
#include "collect/collector.h"
#include "collect/drm_devices.h"
#include "collect/pid_namespace.h"
#include "collect/proc_refs.h"
#include "collect/tables.h"
#include "collect/task_tables.h"
#include "files/files.h"
#include "snapshot/found_all.h"
#include "snapshot/record_reader.h"
#include "task.skel.h"
#include "task_file.skel.h"
#include "task_vma.skel.h"
#include "util/array.h"
#include "util/cleanup.h"

DEFINE_BPF_SKELETON(task)
DEFINE_BPF_SKELETON(task_file)
DEFINE_BPF_SKELETON(task_vma)

DEFINE_CLEANUP(link, struct bpf_link, bpf_link__destroy)

/*
 * An object has each program twice: as NAME_inside it finds the numbers that
 * tasks have in the reader's PID namespace, which the initial one does not
 * need.
 */
static void choose_program(struct dmabuf_ctx *ctx, struct bpf_object *object)
{
	const bool inside = !pid_namespace_is_initial(&ctx->sysroot);
	struct bpf_program *program = NULL;

	while ((program = bpf_object__next_program(object, program)))
		bpf_program__set_autoload(
			program, inside == !!strstr(bpf_program__name(program),
						    "_inside"));
}

/* Return: the program that choose_program() chose. */
static struct bpf_program *chosen_program(struct bpf_object *object)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);

	while (program && !bpf_program__autoload(program))
		program = bpf_object__next_program(object, program);
	return program;
}

static const struct bpf_skeleton file_skeleton = {
	BPF_SKELETON(task_file),
	.prepare = choose_program,
	.needs = "bpf_iter_task_file",
	.feature = "iterator over the files of tasks",
};

static const struct bpf_skeleton vma_skeleton = {
	BPF_SKELETON(task_vma),
	.prepare = choose_program,
};

static const struct bpf_skeleton task_skeleton = {
	BPF_SKELETON(task),
	.prepare = choose_program,
};

/* Linux v5.10 has no iterator over mappings. */
static bool has_vma_iterator(struct dmabuf_ctx *ctx)
{
	return bpf_object_kernel_has(ctx, "bpf_iter_task_vma");
}

static int load(struct dmabuf_ctx *ctx)
{
	void *object;
	int r;

	/* Types of a file are enough to read memory from user space. */
	if (!bpf_object_has_own_types(ctx))
		return files_load(ctx);
	r = bpf_object_keep(ctx, &file_skeleton, &object);
	if (!r && has_vma_iterator(ctx))
		r = bpf_object_keep(ctx, &vma_skeleton, &object);
	if (!r)
		r = bpf_object_keep(ctx, &task_skeleton, &object);
	return r ?: files_load(ctx);
}

/*
 * A search: @covers has the types that were searched for, @files other files
 * of processes that may keep buffers.
 */
struct search {
	struct dmabuf_ctx *ctx;
	struct dmabuf_snapshot *snapshot;
	struct vec files;
	uint32_t covers;
};

/* Runs the iterator of an object, which stays loaded. */
static int read_all(struct search *search, const struct bpf_skeleton *skeleton)
{
	struct dmabuf_ctx *ctx = search->ctx;
	_cleanup_(link_cleanup) struct bpf_link *link = NULL;
	_cleanup_close_ int fd = -1;
	void *object;
	int r;

	r = bpf_object_keep(ctx, skeleton, &object);
	if (r)
		return r;
	link = bpf_program__attach_iter(
		chosen_program(skeleton->object(object)), NULL);
	fd = link ? bpf_iter_create(bpf_link__fd(link)) : -errno;
	if (fd < 0)
		return error_set_errno(&ctx->error, fd,
				       "cannot open the iterator over tasks");
	return record_reader_read_all(fd, RECORDS_OF_HOLDERS,
				      "iterator over tasks", search->snapshot,
				      NULL, &ctx->error);
}

/* Moves the other files out of the snapshot. */
static int take_files(struct search *search, uint32_t covers)
{
	if (snapshot_take_refs(search->snapshot, DMABUF_REC_REF_FILE,
			       &search->files))
		return error_no_memory(&search->ctx->error);
	search->covers |= covers;
	return 0;
}

/* Buffers that descriptors opened with O_PATH keep. */
static int add_released(struct search *search)
{
	_cleanup_(vec_fini) struct vec paths = VEC_OF(struct dmabuf_rec_ref);
	struct dmabuf_ctx *ctx = search->ctx;

	if (snapshot_take_refs(search->snapshot, DMABUF_REC_REF_PATH, &paths))
		return error_no_memory(&ctx->error);
	return files_collect_released(ctx, search->snapshot, &paths,
				      &search->covers);
}

static int read_files(struct search *search)
{
	int r;

	if (!bpf_object_has_own_types(search->ctx)) {
		r = task_tables_read(search->ctx, search->snapshot);
	} else {
		r = tables_read(search->ctx, search->snapshot);
		if (r && r != -ENOMEM)
			r = read_all(search, &file_skeleton);
	}
	return r	 ?: add_released(search)
			 ?: take_files(search,
				       DMABUF_REC_COVERS(DMABUF_REC_REF_FD));
}

static int read_mappings(struct search *search)
{
	struct dmabuf_ctx *ctx = search->ctx;
	struct task_vma_bpf *skel;
	void *object;
	int r;

	if (!has_vma_iterator(ctx))
		return proc_read_refs(ctx, search->snapshot, SEES_MAP,
				      &search->covers);
	r = bpf_object_keep(ctx, &vma_skeleton, &object);
	if (r)
		return r;
	skel = object;
	skel->bss->page_shift = __builtin_ctzl(sysconf(_SC_PAGESIZE));
	r = read_all(search, &vma_skeleton);
	return r ?: take_files(search, DMABUF_REC_COVERS(DMABUF_REC_REF_MAP));
}

/*
 * What files keep that are only mapped. Before v5.12 nothing tells of such
 * mappings.
 */
static uint32_t kept_by_mapped_files(struct search *search)
{
	uint32_t kept = DMABUF_REC_COVERS(DMABUF_REC_REF_IO_URING) |
			DMABUF_REC_COVERS(DMABUF_REC_REF_V4L2);

	if (drm_devices_exist(&search->ctx->sysroot))
		kept |= DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_HANDLE) |
			DMABUF_REC_COVERS(DMABUF_REC_REF_GEM_OBJECT) |
			DMABUF_REC_COVERS(DMABUF_REC_REF_FRAMEBUFFER);
	return kept;
}

static int read_other_files(struct search *search)
{
	uint32_t covers = 0;
	int r;

	r = files_collect(search->ctx, search->snapshot, &search->files,
			  &covers);
	if (!has_vma_iterator(search->ctx))
		covers &= ~kept_by_mapped_files(search);
	search->covers |= covers;
	return r;
}

static int read_waiters(struct search *search)
{
	return files_collect_waiters(search->ctx, search->snapshot,
				     &search->covers);
}

/* io_urings that no table of descriptors has, and what they keep. */
static int read_rings(struct search *search)
{
	const uint32_t before = search->covers;
	int r;

	if (!bpf_object_has_own_types(search->ctx)) {
		/* Nothing tells of them, and they can keep any other file. */
		search->covers &= ~FILES_COVERS;
		return 0;
	}
	search->covers = 0;
	r = read_all(search, &task_skeleton)
		    ?: take_files(search, 0)
		    ?: read_other_files(search);
	/* What one of the searches could not see is not covered. */
	search->covers = before & (search->covers | ~FILES_COVERS);
	return r;
}

/* The ways to search for references, the cheapest first. */
static const struct {
	int (*read)(struct search *search);
	uint32_t covers;
} ways[] = {
	{ read_files, DMABUF_REC_COVERS(DMABUF_REC_REF_FD) },
	{ read_mappings, DMABUF_REC_COVERS(DMABUF_REC_REF_MAP) },
	{ read_other_files, FILES_COVERS },
	{ read_waiters, WAITERS_COVERS },
	{ read_rings, 0 },
};

/*
 * Processes outside the reader's PID namespace do not matter when all
 * references are found inside it. Otherwise, no type of reference was searched
 * for in all processes.
 */
static int check_namespace(struct dmabuf_ctx *ctx,
			   struct dmabuf_snapshot *snapshot,
			   struct holders_result *result)
{
	bool all = result->found_all;
	int r = 0;

	if (pid_namespace_is_initial(&ctx->sysroot))
		return 0;
	/* What keeps released buffers is not counted as references. */
	result->covers &= ~DMABUF_REC_COVERS(DMABUF_REC_REF_PATH);
	if (all)
		return 0;
	r = found_all_refs(snapshot, &all);
	if (!r && !all) {
		result->covers = 0;
		r = pid_namespace_add_gap(snapshot, "holders");
	}
	return r ? error_no_memory(&ctx->error) : 0;
}

static int holders(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot,
		   bool all_ways, struct holders_result *ret)
{
	struct search search = {
		.ctx = ctx,
		.snapshot = snapshot,
		.files = VEC_OF(struct dmabuf_rec_ref),
	};
	struct holders_result result = {};
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(ways); i++) {
		/* Once all references are found, the other ways find none. */
		if (result.found_all)
			search.covers |= ways[i].covers;
		else
			r = ways[i].read(&search);
		if (!r && !all_ways && !result.found_all &&
		    i + 1 < ARRAY_SIZE(ways) &&
		    found_all_refs(snapshot, &result.found_all))
			r = error_no_memory(&ctx->error);
	}
	vec_fini(&search.files);
	result.covers = search.covers;
	r = r ?: check_namespace(ctx, snapshot, &result);
	if (!r)
		*ret = result;
	return r;
}

const struct dmabuf_collector collector_task_iter = {
	.name = "task_iter",
	.misses = "references other than descriptors, mappings, GEM handles, "
		  "messages, io_urings, V4L2 queues and waiters for fences; "
		  "before 5.12 and with --btf mappings come from /proc",
	.gives = DMABUF_GIVES_HOLDERS,
	.holders = holders,
	.load = load,
};
