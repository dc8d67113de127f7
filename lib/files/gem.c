// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/gem.h"

#include "util/cleanup.h"

enum { PLANES_MAX = 4 };

void gem_of_framebuffer(struct reach *reach, uint64_t framebuffer,
			struct gem_use *use, struct vec *uses)
{
	uint64_t objects[PLANES_MAX];
	int i;

	memory_read(reach->memory,
		    framebuffer + OFFSET(reach, drm_framebuffer, obj), objects,
		    sizeof(objects));
	for (i = 0; i < PLANES_MAX; i++) {
		use->object = objects[i];
		if (objects[i])
			reach_push(reach, uses, use);
	}
}

/* The buffer of an object: exported from it, or imported. */
static void keep_object(struct reach *reach, const struct keeper *keeper,
			const struct gem_use *use, uint64_t own,
			uint64_t imported)
{
	const bool of_file = use->slot.type != DMABUF_REC_REF_GEM_OBJECT;
	const struct slot of_object = { .type = DMABUF_REC_REF_GEM_OBJECT,
					.refs = !!own + !!imported,
					.table = use->object,
					.place =
						of_file ? 0 : use->slot.place };

	if (of_file)
		reach_buffer(reach, keeper, own ?: imported, &use->slot);
	if (reach_is_new(reach, use->object))
		reach_buffer(reach, keeper, own ?: imported, &of_object);
}

void gem_keep(struct reach *reach, const struct keeper *keeper,
	      const struct vec *uses)
{
	_cleanup_(vec_fini) struct vec objects = VEC_OF(uint64_t),
				       own = VEC_OF(uint64_t),
				       attached = VEC_OF(uint64_t),
				       imported = VEC_OF(uint64_t);
	uint64_t *object = reach_room(reach, &objects, uses->n);
	size_t i;

	for (i = 0; i < objects.n; i++)
		object[i] = ((struct gem_use *)vec_at(uses, i))->object;
	reach_gather(reach, &objects, OFFSET(reach, drm_gem_object, dma_buf),
		     &own);
	reach_gather(reach, &objects,
		     OFFSET(reach, drm_gem_object, import_attach), &attached);
	reach_gather(reach, &attached,
		     OFFSET(reach, dma_buf_attachment, dmabuf), &imported);
	for (i = 0; i < uses->n && !reach->error; i++)
		keep_object(reach, keeper, vec_at(uses, i),
			    ((uint64_t *)own.data)[i],
			    ((uint64_t *)imported.data)[i]);
}
