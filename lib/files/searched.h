/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a search has seen, and what it could not see. */
#ifndef FILES_SEARCHED_H
#define FILES_SEARCHED_H

#include "files/reach.h"
#include "snapshot/snapshot.h"

/*
 * Adds a gap for each kind of file that was not read whole. Adds to @covers the
 * bits of those of @types that every kind which has them was searched for.
 * Return: 0 or -ENOMEM.
 */
int searched_tell(const struct reach *reach, struct dmabuf_snapshot *snapshot,
		  uint32_t types, uint32_t *covers);

#endif
