// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/keepers.h"

#include "util/u64.h"

static int compare_numbers(const void *left, const void *right)
{
	const struct dmabuf_rec_keeper *a = left, *b = right;

	return u64_compare(a->number, b->number);
}

void snapshot_sort_keepers(struct dmabuf_snapshot *snapshot)
{
	vec_sort(&snapshot->keepers, compare_numbers);
}

/* Return: the keeper with a number, or NULL. */
static const struct dmabuf_keeper *find(const struct dmabuf_snapshot *snapshot,
					uint64_t number)
{
	const struct dmabuf_rec_keeper wanted = { .number = number };

	if (!number || number > UINT32_MAX)
		return NULL;
	return vec_find(&snapshot->keepers, &wanted, compare_numbers);
}

static const struct dmabuf_rec_keeper *inside(
	const struct dmabuf_keeper *keeper)
{
	return (const void *)keeper;
}

const struct dmabuf_keeper *dmabuf_ref_keeper(
	const struct dmabuf_snapshot *snapshot, const struct dmabuf_ref *ref)
{
	const struct dmabuf_rec_ref *rec = ((const struct ref *)ref)->rec;

	if (rec->type == DMABUF_REC_REF_MAP)
		return NULL;
	return find(snapshot, rec->keeper);
}

/* A keeper has a higher number than the one that leads to it. */
const struct dmabuf_keeper *dmabuf_keeper_outer(
	const struct dmabuf_snapshot *snapshot,
	const struct dmabuf_keeper *keeper)
{
	const uint32_t in = inside(keeper)->in;

	return in < inside(keeper)->number ? find(snapshot, in) : NULL;
}

/* Callers get the way of the record as it is. */
#define SAME_WAY(name)                                                         \
	_Static_assert((int)DMABUF_BY_##name == (int)DMABUF_REC_BY_##name,     \
		       "ways to reach a file")

SAME_WAY(FD);
SAME_WAY(MAP);
SAME_WAY(MESSAGE);
SAME_WAY(IO_URING);
SAME_WAY(CONNECTION);
SAME_WAY(REGISTERED);
SAME_WAY(KERNEL);
SAME_WAY(REQUEST);

int dmabuf_keeper_by(const struct dmabuf_keeper *keeper)
{
	return inside(keeper)->by;
}

uint64_t dmabuf_keeper_place(const struct dmabuf_keeper *keeper)
{
	return inside(keeper)->place;
}

uint32_t dmabuf_keeper_pid(const struct dmabuf_keeper *keeper)
{
	return inside(keeper)->pid;
}

const char *dmabuf_keeper_comm(const struct dmabuf_keeper *keeper)
{
	return inside(keeper)->comm[0] ? inside(keeper)->comm : NULL;
}

const char *dmabuf_keeper_node(const struct dmabuf_keeper *keeper)
{
	return inside(keeper)->node[0] ? inside(keeper)->node : NULL;
}
