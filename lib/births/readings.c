// SPDX-License-Identifier: LGPL-2.1-or-later
#include "births/readings.h"

#include <string.h>

#include "abi/records.h"
#include "util/u64.h"

static int compare(const void *left, const void *right)
{
	const struct dmabuf_rec_birth *a = left, *b = right;

	return u64_compare(a->ino, b->ino) ?: memcmp(a, b, sizeof(*a));
}

void readings_sort(struct vec *births)
{
	const void *birth = NULL, *last = NULL;
	size_t kept = 0;

	vec_sort(births, compare);
	while ((birth = vec_next(births, birth)))
		if (!last || compare(last, birth))
			last = memmove(vec_at(births, kept++), birth,
				       births->each);
	births->n = kept;
}

bool readings_agree(const struct vec *a, const struct vec *b)
{
	return a->n == b->n &&
	       (!a->n || !memcmp(a->data, b->data, a->n * a->each));
}
