// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ui/suggest.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Typing errors do not change the language: ASCII, whatever the locale. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool is_same(char a, char b)
{
	return lower(a) == lower(b);
}

/*
 * Counts the letters to change, add, drop or swap to make one word of the
 * other. Return: the number, or any number above @limit.
 */
static size_t distance(const char *a, size_t n, const char *b, size_t m,
		       size_t limit)
{
	size_t rows[3][sizeof(((struct suggestion *)0)->name) + 1], i, j, best;
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *swap;

	for (j = 0; j <= m; j++)
		last[j] = j;
	for (i = 1; i <= n; i++) {
		now[0] = best = i;
		for (j = 1; j <= m; j++) {
			now[j] = last[j - 1] + !is_same(a[i - 1], b[j - 1]);
			now[j] = least(now[j], least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
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

void suggest_begin(struct suggestion *suggestion, const char *word,
		   size_t length)
{
	*suggestion = (struct suggestion){ .word = word, .length = length };
}

void suggest_try(struct suggestion *suggestion, const char *name)
{
	size_t n = suggestion->length, m = strlen(name), limit, d;

	if (!suggestion->name[0])
		limit = n / 3 ?: 1;
	else if (suggestion->distance)
		limit = suggestion->distance - 1;
	else
		return;
	if (!m || m >= sizeof(suggestion->name) || m > n + limit ||
	    n > m + limit)
		return;
	d = distance(suggestion->word, n, name, m, limit);
	/* A name of other letters is no typing error, however short it is. */
	if (d > limit || d >= m)
		return;
	suggestion->distance = d;
	memcpy(suggestion->name, name, m + 1);
}

const char *suggest_hint(const struct suggestion *suggestion,
			 const char *prefix, char to[SUGGEST_HINT])
{
	to[0] = 0;
	if (suggestion->name[0])
		snprintf(to, SUGGEST_HINT, "did you mean '%s%s'?", prefix,
			 suggestion->name);
	return to;
}
