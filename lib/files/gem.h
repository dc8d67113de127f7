/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GEM objects of DRM: an object has the buffer that it was exported as, or that
 * it was imported from.
 */
#ifndef FILES_GEM_H
#define FILES_GEM_H

#include "files/reach.h"

/* What gem_keep() and gem_of_framebuffers() need to know of the kernel's types.
 */
#define GEM_NEEDS                                                              \
	FIELD_drm_gem_object_dma_buf, FIELD_drm_gem_object_import_attach,      \
		FIELD_dma_buf_attachment_dmabuf, FIELD_drm_framebuffer_obj

/**
 * struct gem_use - a GEM object, and how a file or a device has it
 * @keeper: the file or the device
 * @object: address of the object
 * @slot: the reference; of type DMABUF_REC_REF_GEM_OBJECT when only the object
 *	has one
 */
struct gem_use {
	const struct keeper *keeper;
	uint64_t object;
	struct slot slot;
};

/*
 * Appends the objects of framebuffers to @uses. @framebuffers: struct gem_use,
 * each with a struct drm_framebuffer in the place of the object.
 */
void gem_of_framebuffers(struct reach *reach, const struct vec *framebuffers,
			 struct vec *uses);

/* Makes references of struct gem_use: those of the keepers and the objects. */
void gem_keep(struct reach *reach, const struct vec *uses);

#endif
