/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_WAITERS_H
#define FILES_WAITERS_H

#include "files/reach.h"

/*
 * Makes keepers of the buffers that something waits for. @buffers: uint64_t,
 * their addresses.
 */
void waiters_find(struct reach *reach, const struct vec *buffers);

#endif
