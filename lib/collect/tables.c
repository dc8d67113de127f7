// SPDX-License-Identifier: LGPL-2.1-or-later
#include "collect/tables.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "abi/tables.h"
#include "bpf/array.h"
#include "bpf/object.h"
#include "collect/open_files.h"
#include "collect/pid_namespace.h"
#include "snapshot/doubles.h"
#include "tables.skel.h"
#include "util/cleanup.h"

/* Open files of the system from which on tables are read. */
enum { FILES_LEAST = 16384 };

DEFINE_BPF_SKELETON(tables)

DEFINE_CLEANUP(link, struct bpf_link, bpf_link__destroy)

static const struct bpf_skeleton skeleton = {
	BPF_SKELETON(tables),
	.needs = "bpf_rdonly_cast",
	.feature = "typed reads of any address (since 6.2)",
};

/* Entries of tables, and where they go. */
struct reading {
	const struct table_owner *owners;
	struct vec *refs; /* struct dmabuf_rec_ref, with room */
};

static int take_owners(void *first, size_t n, void *to)
{
	memcpy(to, first, n * sizeof(struct table_owner));
	return 0;
}

static int take_entries(void *first, size_t n, void *to)
{
	const struct table_entry *entry = first, *end = entry + n;
	const struct reading *reading = to;
	const struct table_owner *owner;
	struct dmabuf_rec_ref *ref;

	for (; entry < end; entry++) {
		owner = &reading->owners[entry->owner];
		ref = vec_at(reading->refs, reading->refs->n++);
		*ref = (struct dmabuf_rec_ref){
			.head = { DMABUF_REC_REF, sizeof(*ref) },
			.key = entry->key,
			.table = owner->table,
			.place = entry->fd,
			.type = entry->type,
			.refs = entry->type == DMABUF_REC_REF_FD,
			.pid = owner->pid,
			.tid = owner->tid,
		};
		memcpy(ref->comm, owner->comm, sizeof(ref->comm));
	}
	return 0;
}

/* Empties the arrays. */
static int take_all(struct dmabuf_ctx *ctx, struct tables_bpf *skel,
		    struct dmabuf_snapshot *snapshot)
{
	struct table_owner owners[TABLE_OWNERS];
	struct reading reading = { owners, &snapshot->refs };
	const __u32 n = skel->bss->n_entries;
	int r;

	if (!n)
		return 0;
	while (snapshot->refs.n + n > snapshot->refs.room)
		if (vec_reserve(&snapshot->refs,
				snapshot->refs.n + n + snapshot->refs.room / 2))
			return error_no_memory(&ctx->error);
	r = bpf_array_read(skel->maps.owners, skel->bss->n_owners, take_owners,
			   owners, &ctx->error)
		    ?: bpf_array_read(skel->maps.entries, n, take_entries,
				      &reading, &ctx->error);
	skel->bss->n_owners = skel->bss->n_entries = 0;
	return r;
}

static int cannot_read(struct dmabuf_ctx *ctx, int r)
{
	return error_set(&ctx->error, r, "cannot read the tables of tasks: %s",
			 strerror(-r));
}

/* The iterator returns no bytes: it ends, or wants the arrays to be emptied. */
static int read_all(struct dmabuf_ctx *ctx, struct tables_bpf *skel,
		    struct dmabuf_snapshot *snapshot)
{
	_cleanup_(link_cleanup) struct bpf_link *link =
		bpf_program__attach_iter(skel->progs.read_tables, NULL);
	_cleanup_(doubles_fini) struct doubles doubles = {
		.at = snapshot->refs.n
	};
	_cleanup_close_ int fd =
		link ? bpf_iter_create(bpf_link__fd(link)) : -errno;
	char none;
	int r, n;

	if (fd < 0)
		return cannot_read(ctx, fd);
	skel->bss->at_task = 0;
	skel->bss->n_torn = skel->bss->n_owners = skel->bss->n_entries = 0;
	/* A module may have gone since, and another may be where it was. */
	skel->bss->epoch += NEXT_EPOCH;
	do {
		n = read(fd, &none, sizeof(none)) ? -errno : 0;
		if (n && n != -EAGAIN && n != -EINTR)
			return cannot_read(ctx, n);
		r = take_all(ctx, skel, snapshot);
		if (!r && doubles_drop(&doubles, &snapshot->refs))
			r = error_no_memory(&ctx->error);
	} while (n && !r);
	return r;
}

/*
 * Whether reading tables saves more than it costs to load the program, which is
 * larger than that of the kernel's iterator: 6 million instructions on 7.3,
 * and 370 a descriptor.
 */
static bool pays(const struct dmabuf_ctx *ctx)
{
	return ctx_kept(ctx, &skeleton) || count_open_files() >= FILES_LEAST;
}

/* Entries have no inode number: they match buffers by address only. */
static bool have_addresses(const struct vec *buffers)
{
	const struct dmabuf_rec_buffer *buffer = NULL;

	while ((buffer = vec_next(buffers, buffer)))
		if (!(buffer->have & DMABUF_HAVE_ADDRESS))
			return false;
	return true;
}

int tables_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot)
{
	const struct snapshot_mark before = snapshot_mark(snapshot);
	struct tables_bpf *skel;
	void *object;
	int r;

	/* The program gives numbers of the initial namespace only. */
	if (!pid_namespace_is_initial(&ctx->sysroot) || !pays(ctx) ||
	    !have_addresses(&snapshot->buffers))
		return -EOPNOTSUPP;
	r = bpf_object_keep(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	r = read_all(ctx, skel, snapshot);
	if (!r && skel->bss->n_torn)
		r = -EOPNOTSUPP;
	if (r)
		snapshot_rewind(snapshot, &before);
	return r;
}
