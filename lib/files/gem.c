// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/gem.h"

#include "util/cleanup.h"

enum { PLANES_MAX = 4 };

struct planes {
	uint64_t objects[PLANES_MAX];
};

void gem_of_framebuffers(struct reach *reach, const struct vec *framebuffers,
			 struct vec *uses)
{
	_cleanup_(vec_fini) struct vec addresses = VEC_OF(uint64_t),
				       planes = VEC_OF(struct planes);
	struct gem_use use;
	size_t i, plane;

	reach_members(reach, framebuffers, offsetof(struct gem_use, object),
		      &addresses);
	reach_gather(reach, &addresses, OFFSET(reach, drm_framebuffer, obj),
		     &planes);
	for (i = 0; i < planes.n; i++) {
		use = *(struct gem_use *)vec_at(framebuffers, i);
		for (plane = 0; plane < PLANES_MAX; plane++) {
			use.object = ((struct planes *)vec_at(&planes, i))
					     ->objects[plane];
			if (use.object)
				reach_push(reach, uses, &use);
		}
	}
}

/* The buffer of an object: exported from it, or imported. */
static void keep_object(struct reach *reach, const struct gem_use *use,
			uint64_t own, uint64_t imported)
{
	const bool of_file = use->slot.type != DMABUF_REC_REF_GEM_OBJECT;
	const struct slot of_object = { .type = DMABUF_REC_REF_GEM_OBJECT,
					.refs = !!own + !!imported,
					.table = use->object,
					.place =
						of_file ? 0 : use->slot.place };

	if (of_file)
		reach_buffer(reach, use->keeper, own ?: imported, &use->slot);
	if (reach_is_new(reach, use->object))
		reach_buffer(reach, use->keeper, own ?: imported, &of_object);
}

void gem_keep(struct reach *reach, const struct vec *uses)
{
	_cleanup_(vec_fini) struct vec objects = VEC_OF(uint64_t),
				       own = VEC_OF(uint64_t),
				       attached = VEC_OF(uint64_t),
				       imported = VEC_OF(uint64_t);
	size_t i;

	reach_members(reach, uses, offsetof(struct gem_use, object), &objects);
	reach_queue(reach, &objects, OFFSET(reach, drm_gem_object, dma_buf),
		    &own);
	reach_gather(reach, &objects,
		     OFFSET(reach, drm_gem_object, import_attach), &attached);
	reach_gather(reach, &attached,
		     OFFSET(reach, dma_buf_attachment, dmabuf), &imported);
	for (i = 0; i < uses->n && !reach->error; i++)
		keep_object(reach, vec_at(uses, i), number_at(&own, i),
			    number_at(&imported, i));
}
