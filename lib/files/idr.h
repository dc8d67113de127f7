/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_IDR_H
#define FILES_IDR_H

#include "files/reach.h"

/* An object of a struct idr; @keeper: the index of its keeper. */
struct idr_entry {
	size_t keeper;
	uint64_t object;
	uint32_t id;
};

/* What idr_read() needs to know of the kernel's types. */
#define IDR_NEEDS                                                              \
	FIELD_idr_idr_base, FIELD_idr_idr_rt, FIELD_xarray_xa_head,            \
		FIELD_xa_node_SIZE, FIELD_xa_node_shift, FIELD_xa_node_slots

/*
 * Appends all objects of one struct idr of each of @keepers, @at bytes behind
 * the keeper's object, to @entries.
 */
void idr_read(struct reach *reach, const struct vec *keepers, uint32_t at,
	      struct vec *entries);

#endif
