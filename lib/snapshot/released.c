// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "snapshot/gaps.h"
#include "snapshot/released.h"
#include "util/u64.h"

/* Several descriptors of one buffer come together, that of the first process
 * first. */
static int compare_keys(const void *left, const void *right)
{
	const struct dmabuf_rec_ref *a = left, *b = right;

	return u64_compare(a->key, b->key) ?: u64_compare(a->pid, b->pid);
}

int snapshot_add_released(struct dmabuf_snapshot *snapshot,
			  struct vec *released)
{
	const struct dmabuf_rec_ref *ref = NULL, *last = NULL;
	char why[DMABUF_REC_WHY_LEN];
	uint64_t bytes = 0, n = 0;

	if (!released->n)
		return 0;
	vec_sort(released, compare_keys);
	while ((ref = vec_next(released, ref))) {
		if (last && last->key == ref->key)
			continue;
		last = ref;
		bytes = u64_sat_add(bytes, ref->bytes);
		n++;
	}
	ref = vec_at(released, 0);
	snprintf(
		why, sizeof(why),
		"closed, but %" PRIu64 " bytes of memory are kept by "
		"descriptors opened with O_PATH, such as one of %.15s:%" PRIu32,
		bytes, ref->comm, ref->pid);
	return snapshot_add_gap(snapshot, "released buffers", n, why);
}
