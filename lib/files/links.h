/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How each keeper is reached: what a record of a reference refers to. */
#ifndef FILES_LINKS_H
#define FILES_LINKS_H

#include "files/reach.h"
#include "snapshot/snapshot.h"

/**
 * struct link - how a keeper is reached
 * @rec: its record
 * @rdev: see struct keeper
 * @used: whether a reference refers to it
 */
struct link {
	struct dmabuf_rec_keeper rec;
	uint32_t rdev;
	bool used;
};

/* Numbers a keeper that processes have: its roots give one link each. */
void links_add_roots(struct reach *reach, struct keeper *keeper);

/*
 * Numbers a keeper that another one leads to, in the way @by, at @place. @in:
 * the number of that other one, 0 when the kernel itself has the keeper.
 */
void links_add(struct reach *reach, struct keeper *keeper, uint32_t in,
	       enum dmabuf_rec_by by, uint64_t place);

/* Notes that a reference refers to a keeper, and so to those that lead to it.
 */
void links_use(struct reach *reach, uint32_t number);

/*
 * Adds the records of those that are used, numbered after @base. Return: 0 or
 * -ENOMEM.
 */
int links_give(const struct reach *reach, uint32_t base,
	       struct dmabuf_snapshot *snapshot);

#endif
