// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "walk/nearest.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Letters to change, add, drop or swap to make one word of another. Return:
 * that, or more than @limit.
 */
static size_t distance(const char *a, size_t n, const char *b, size_t m,
		       size_t limit)
{
	size_t rows[3][sizeof(((struct nearest *)0)->name) + 1], i, j, best;
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *swap;

	for (j = 0; j <= m; j++)
		last[j] = j;
	for (i = 1; i <= n; i++) {
		now[0] = best = i;
		for (j = 1; j <= m; j++) {
			now[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
			now[j] = least(now[j], least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
			best = least(best, now[j]);
		}
		if (best > limit)
			return best;
		swap = before;
		before = last;
		last = now;
		now = swap;
	}
	return last[m];
}

void nearest_try(struct nearest *nearest, const char *name)
{
	size_t n = nearest->length, m = strlen(name);
	size_t limit = nearest->name[0] ? nearest->distance - 1 : n / 3 + 1;
	size_t d;

	if (!m || m >= sizeof(nearest->name) || m > n + limit || n > m + limit)
		return;
	d = distance(nearest->word, n, name, m, limit);
	if (d > limit)
		return;
	nearest->distance = d;
	memcpy(nearest->name, name, m + 1);
}

int nearest_hint(const struct nearest *nearest, struct dmabuf_error *error)
{
	if (!nearest->name[0])
		return error->err;
	return error_hint(error, "did you mean %s?", nearest->name);
}
