// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Counts of references, at the time of a search. A frame moves between a camera
 * and a screen many times a second: it may be in no queue while the queues are
 * read, and in one of them both before and after that. Its count tells then.
 */
#include "files/recount.h"

#include "util/cleanup.h"

/* Since v6.13, a count begins with 0, and is negative at the end. */
static uint64_t count_of(uint64_t value)
{
	return value > INT64_MAX ? 0 : value + 1;
}

void recount(struct reach *reach, const struct vec *addresses,
	     struct vec *counts)
{
	const struct layout *l = &reach->layout;
	const bool is_new = HAS(l, file, f_ref);
	_cleanup_(vec_fini) struct vec files = VEC_OF(uint64_t);
	const uint64_t *file;
	uint64_t *count;
	size_t i;

	counts->n = 0;
	if (!is_new && !HAS(l, file, f_count))
		return;
	reach_gather(reach, addresses, OFFSET(reach, dma_buf, file), &files);
	count = reach_gather(reach, &files,
			     is_new ? AT(l, file, f_ref) : AT(l, file, f_count),
			     counts);
	file = files.data;
	for (i = 0; is_new && i < counts->n; i++)
		count[i] = file[i] ? count_of(count[i]) : 0;
}
