/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_DISPLAY_H
#define FILES_DISPLAY_H

#include "files/reach.h"

/*
 * Reads the device of a struct drm_file after all files: what files keep is
 * theirs.
 */
void display_add(struct reach *reach, uint64_t file);

#endif
