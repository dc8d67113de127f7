/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_EXPORTED_H
#define FILES_EXPORTED_H

#include "files/reach.h"

/*
 * Makes keepers of the DRM devices that buffers were exported from. @buffers:
 * uint64_t, their addresses.
 */
void exported_find(struct reach *reach, const struct vec *buffers);

#endif
