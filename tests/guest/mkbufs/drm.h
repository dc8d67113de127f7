/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_DRM_H
#define TESTS_GUEST_MKBUFS_DRM_H

#include <stdbool.h>
#include <stddef.h>

struct world;

/* Opens the first DRM device of @driver once more. */
int drm_open(const char *driver);

/*
 * Makes and exports a buffer of whole pages. @keep_handle leaves its GEM handle
 * open.
 */
int drm_make(int drm, size_t size, bool keep_handle);

/*
 * Maps a new buffer of the file, which keeps the file without its descriptor.
 * Return: 0 or -errno.
 */
int drm_keep_mapped(struct world *w, int drm);

#endif
