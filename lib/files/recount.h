/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_RECOUNT_H
#define FILES_RECOUNT_H

#include "files/reach.h"

/*
 * Reads how many references there are to the buffers at some addresses, now.
 * @counts: uint64_t, 0 for a buffer that is being freed.
 */
void recount(struct reach *reach, const struct vec *addresses,
	     struct vec *counts);

#endif
