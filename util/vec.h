/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An array that grows. Growing moves the elements: keep indices, not pointers.
 */
#ifndef UTIL_VEC_H
#define UTIL_VEC_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct vec {
	void *data;
	size_t n, room, each;
};

#define VEC_OF(type)                                                           \
	{                                                                      \
		.each = sizeof(type)                                           \
	}

/* As an owner: _cleanup_(vec_fini) struct vec v = VEC_OF(type); */
static inline void vec_fini(struct vec *v)
{
	free(v->data);
	v->data = NULL;
	v->n = v->room = 0;
}

static inline void vec_swap(struct vec *a, struct vec *b)
{
	struct vec old = *a;

	*a = *b;
	*b = old;
}

/* Makes room for a total of @n elements. Return: 0 or -ENOMEM. */
static inline int vec_reserve(struct vec *v, size_t n)
{
	void *data;

	if (n <= v->room)
		return 0;
	data = reallocarray(v->data, n, v->each);
	if (!data)
		return -ENOMEM;
	v->data = data;
	v->room = n;
	return 0;
}

/*
 * The same for elements that are all about to be used. The kernel then gives
 * the memory of many at once, for half of what it costs page by page. Kernels
 * before v5.14 cannot.
 */
static inline int vec_reserve_used(struct vec *v, size_t n)
{
	/* Any page is a part of such a piece. */
	enum { PIECE = 1 << 16, LEAST = 16 * PIECE };
	int r = vec_reserve(v, n);
	char *data = v->data, *end;

	if (r || n * v->each < LEAST)
		return r;
	end = data + n * v->each;
	data += PIECE - (uintptr_t)data % PIECE;
	end -= (uintptr_t)end % PIECE;
	(void)madvise(data, end - data, MADV_POPULATE_WRITE);
	return 0;
}

/* Makes room for one more element at least. Return: 0 or -ENOMEM. */
static inline int vec_grow(struct vec *v)
{
	if (v->n < v->room)
		return 0;
	return vec_reserve(v, v->room < 64 ? 64 : v->room + v->room / 2);
}

/* Appends a copy of @element. Return: 0 or -ENOMEM. */
static inline int vec_push(struct vec *v, const void *element)
{
	int r = vec_grow(v);

	if (r)
		return r;
	memcpy((char *)v->data + v->n++ * v->each, element, v->each);
	return 0;
}

static inline void *vec_at(const struct vec *v, size_t i)
{
	return (char *)v->data + i * v->each;
}

static inline void vec_remove(struct vec *v, size_t i)
{
	char *at = vec_at(v, i);

	memmove(at, at + v->each, (--v->n - i) * v->each);
}

/* Return: the end of the last element, NULL when there never was one. */
static inline void *vec_end(const struct vec *v)
{
	return v->data ? vec_at(v, v->n) : NULL;
}

static inline size_t vec_index(const struct vec *v, const void *element)
{
	return ((const char *)element - (const char *)v->data) / v->each;
}

/* Return: the element after @prev, or the first after NULL; NULL at the end. */
static inline void *vec_next(const struct vec *v, const void *prev)
{
	char *next = prev ? (char *)prev + v->each : v->data;

	return next < (char *)vec_end(v) ? next : NULL;
}

/*
 * Finds an element of a sorted vector. @wanted is the left argument of
 * @compare. Return: the element, or NULL.
 */
static inline void *vec_find(const struct vec *v, const void *wanted,
			     int (*compare)(const void *, const void *))
{
	return v->n ? bsearch(wanted, v->data, v->n, v->each, compare) : NULL;
}

/* Return: the first element that is not less than @wanted, or NULL. */
static inline void *vec_lower_bound(const struct vec *v, const void *wanted,
				    int (*compare)(const void *, const void *))
{
	size_t low = 0, high = v->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(vec_at(v, middle), wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < v->n ? vec_at(v, low) : NULL;
}

/* Return: how many elements from the first on are in order, or the reverse. */
static inline size_t vec_run(const struct vec *v,
			     int (*compare)(const void *, const void *),
			     int direction)
{
	size_t i;

	for (i = 1; i < v->n; i++)
		if (compare(vec_at(v, i - 1), vec_at(v, i)) * direction > 0)
			return i;
	return v->n;
}

static inline void vec_reverse(struct vec *v)
{
	char *a = v->data, *b, swap[256];
	size_t at, n;

	if (!v->n)
		return;
	for (b = vec_at(v, v->n - 1); a < b; a += v->each, b -= v->each)
		for (at = 0; at < v->each; at += n) {
			n = v->each - at < sizeof(swap) ? v->each - at
							: sizeof(swap);
			memcpy(swap, a + at, n);
			memcpy(a + at, b + at, n);
			memcpy(b + at, swap, n);
		}
}

/*
 * Sorts. A vector that is in order already, or in the reverse order, costs two
 * passes at most: most are, since the kernel adds to its lists at one end.
 */
static inline void vec_sort(struct vec *v,
			    int (*compare)(const void *, const void *))
{
	if (vec_run(v, compare, 1) == v->n)
		return;
	if (vec_run(v, compare, -1) == v->n)
		vec_reverse(v);
	else
		qsort(v->data, v->n, v->each, compare);
}

#endif
