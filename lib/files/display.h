/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_DISPLAY_H
#define FILES_DISPLAY_H

#include "files/reach.h"

/*
 * Reads the devices of DRM files after all files: what files keep is theirs.
 */
void display_add(struct reach *reach, const struct vec *files);

#endif
