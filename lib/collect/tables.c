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
#include "snapshot/buffers.h"
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
	struct dmabuf_snapshot *snapshot;
	size_t first; /* in its tables: that of owner 0 */
};

static struct dmabuf_rec_ref table_of(const struct table_owner *owner)
{
	struct dmabuf_rec_ref table = {
		.head = { DMABUF_REC_REF, sizeof(table) },
		.table = owner->table,
		.type = DMABUF_REC_REF_FD,
		.refs = 1,
		.pid = owner->pid,
		.tid = owner->tid,
	};

	memcpy(table.comm, owner->comm, sizeof(table.comm));
	return table;
}

/* Whether an owner is the last one of what was read before. */
static bool goes_on(const struct vec *tables, const struct table_owner *owner)
{
	const struct dmabuf_rec_ref *last;

	if (!tables->n)
		return false;
	last = vec_at(tables, tables->n - 1);
	return last->table == owner->table && last->pid == owner->pid &&
	       last->tid == owner->tid;
}

static int take_owners(void *first, size_t n, void *to)
{
	const struct table_owner *owner = first;
	struct reading *reading = to;
	struct vec *tables = &reading->snapshot->tables;
	struct dmabuf_rec_ref table;
	size_t i = n && goes_on(tables, owner);
	int r = 0;

	reading->first = tables->n - i;
	for (; i < n && !r; i++) {
		table = table_of(&owner[i]);
		r = vec_push(tables, &table);
	}
	return r;
}

/* What is no descriptor of a buffer is rare: it becomes a record. */
static int take_file(struct dmabuf_snapshot *snapshot,
		     const struct table_entry *entry, size_t table)
{
	struct dmabuf_rec_ref ref = *(const struct dmabuf_rec_ref *)vec_at(
		&snapshot->tables, table);

	ref.key = entry->key;
	ref.place = entry->fd;
	ref.type = entry->type;
	ref.refs = 0;
	return vec_push(&snapshot->refs, &ref);
}

static int take_entries(void *first, size_t n, void *to)
{
	const struct table_entry *entry = first, *end = entry + n;
	const struct reading *reading = to;
	struct vec *all = &reading->snapshot->descriptors;
	struct descriptor *descriptors = all->data;
	uint32_t table;
	int r;

	for (; entry < end; entry++) {
		table = reading->first + entry->owner;
		if (entry->type == DMABUF_REC_REF_FD) {
			descriptors[all->n++] =
				(struct descriptor){ entry->key, entry->fd,
						     table };
			continue;
		}
		r = take_file(reading->snapshot, entry, table);
		if (r)
			return r;
	}
	return 0;
}

/* Empties the arrays. */
static int take_all(struct dmabuf_ctx *ctx, struct tables_bpf *skel,
		    struct dmabuf_snapshot *snapshot)
{
	struct reading reading = { .snapshot = snapshot };
	struct vec *descriptors = &snapshot->descriptors;
	struct table_pass *pass = &skel->bss->pass;
	const __u32 n = pass->entries;
	int r;

	if (!n)
		return 0;
	if (descriptors->n + n > descriptors->room &&
	    vec_reserve(descriptors,
			descriptors->n + n + descriptors->room / 2))
		return error_no_memory(&ctx->error);
	r = bpf_array_read(skel->maps.owners, pass->owners, take_owners,
			   &reading, &ctx->error)
		    ?: bpf_array_read(skel->maps.entries, n, take_entries,
				      &reading, &ctx->error);
	if (r == -ENOMEM)
		error_no_memory(&ctx->error);
	pass->owners = pass->entries = 0;
	return r;
}

static int cannot_read(struct dmabuf_ctx *ctx, int r)
{
	return error_set_errno(&ctx->error, r,
			       "cannot read the tables of tasks");
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
	/* A module may have gone since, and another may be where it was. */
	skel->bss->pass = (struct table_pass){
		.epoch = skel->bss->pass.epoch + NEXT_EPOCH,
	};
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
 * Whether reading tables saves more than it costs to load the program: 13
 * million instructions on 7.3, and 1,300 for each descriptor of a buffer, but
 * less for other files.
 */
static bool pays(const struct dmabuf_ctx *ctx)
{
	return ctx_kept(ctx, &skeleton) || count_open_files() >= FILES_LEAST;
}

int tables_read(struct dmabuf_ctx *ctx, struct dmabuf_snapshot *snapshot)
{
	const struct snapshot_mark before = snapshot_mark(snapshot);
	const struct key_map *index = snapshot_index(snapshot);
	struct tables_bpf *skel;
	void *object;
	int r;

	if (!index)
		return error_no_memory(&ctx->error);
	/*
	 * The program gives numbers of the initial namespace only. Entries have
	 * no inode number: they match buffers by address.
	 */
	if (!pid_namespace_is_initial(&ctx->sysroot) || !pays(ctx) ||
	    !(index->have & DMABUF_HAVE_ADDRESS))
		return -EOPNOTSUPP;
	r = bpf_object_keep(ctx, &skeleton, &object);
	if (r)
		return r;
	skel = object;
	r = read_all(ctx, skel, snapshot);
	if (!r && skel->bss->pass.torn)
		r = -EOPNOTSUPP;
	if (r)
		snapshot_rewind(snapshot, &before);
	return r;
}
