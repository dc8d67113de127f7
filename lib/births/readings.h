/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the iterator of births said, which may be read while they change. */
#ifndef BIRTHS_READINGS_H
#define BIRTHS_READINGS_H

#include <stdbool.h>

#include "util/vec.h"

/*
 * While births come and go, the iterator may say one twice, or pass over one.
 * Sorts births, each a struct dmabuf_rec_birth without an age, and drops what
 * was said twice.
 */
void readings_sort(struct vec *births);

/* Return: whether two sorted readings are the same. */
bool readings_agree(const struct vec *a, const struct vec *b);

#endif
