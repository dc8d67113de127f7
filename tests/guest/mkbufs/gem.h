/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GEM handles and framebuffers of this process. */
#ifndef TESTS_GUEST_MKBUFS_GEM_H
#define TESTS_GUEST_MKBUFS_GEM_H

#include <stdbool.h>
#include <stddef.h>

struct world;
struct buf;

/*
 * Imports the buffer into the first DRM device of @driver, through a new open
 * file. @own says that this device exported the buffer: then the kernel does
 * not attach it.
 */
int buf_import(struct world *w, struct buf *b, const char *driver, bool own);

/*
 * These make a DRM file of their own that keeps the buffer, by a handle or only
 * by a framebuffer. They count the references and the attachment, but no
 * holder. Return: the file's descriptor or -errno.
 */
int gem_import(struct buf *b, const char *driver, bool own);
int gem_show(struct buf *b);

/* The size of a buffer that can be shown. */
#define SHOWN_SIZE ((size_t)1200 * 1024)

/*
 * Counts the references of an object that only something else than a handle
 * keeps. Return: 0, -ENOENT if there are none, or another -errno.
 */
int gem_add_object(struct buf *b, int drm);

/*
 * Makes a buffer that only @n framebuffers of an open DRM file keep, if a
 * display can import it: its descriptor and its handle are closed, as players
 * do that show frames of a camera.
 */
void gem_make_framebuffers_only(struct world *w, const char *name, size_t n);

/*
 * Makes a buffer of vgem with its handle. Return: the buffer, and its DRM file,
 * or NULL with the reason in the skipped ones.
 */
struct buf *gem_make_with_handle(struct world *w, const char *name,
				 int *ret_drm);

/* Makes a buffer of vgem that only its GEM handle keeps, if there is a vgem. */
void gem_make_handle_only(struct world *w);

#endif
