/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Displays: DRM devices that can import a buffer and show it. */
#ifndef TESTS_GUEST_MKBUFS_DISPLAY_H
#define TESTS_GUEST_MKBUFS_DISPLAY_H

#include <stddef.h>
#include <stdint.h>

struct buf;

enum { DISPLAY_WIDTH = 640, DISPLAY_HEIGHT = 480, DISPLAY_PIXEL = 4 };

/* Opens the first display once more. */
int display_open(void);

/*
 * Makes @n framebuffers of the buffer, and leaves no handle. The functions that
 * follow return 0 or -errno.
 */
int display_add(int drm, const struct buf *b, size_t n, uint32_t *ret_last);

/* Shows a framebuffer, or nothing if @id is 0. Needs to be the DRM master. */
int display_show(int drm, uint32_t id);

/* Gives a framebuffer up, without taking it from the screen. Since 6.7. */
int display_close(int drm, uint32_t id);

#endif
