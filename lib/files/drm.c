// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * DRM devices: an open file has handles and framebuffers of GEM objects; an
 * object has the buffer that it was exported as, or that it was imported from.
 */
#include "files/idr.h"
#include "files/kinds.h"
#include "files/prime.h"
#include "util/cleanup.h"

enum { FRAMEBUFFERS_MAX = 1 << 16, PLANES_MAX = 4 };

const enum kernel_field drm_needs[] = {
	IDR_NEEDS,
	PRIME_NEEDS,
	FIELD_drm_file_object_idr,
	FIELD_drm_file_fbs,
	FIELD_drm_gem_object_dma_buf,
	FIELD_drm_gem_object_import_attach,
	FIELD_dma_buf_attachment_dmabuf,
	FIELD_drm_framebuffer_base,
	FIELD_drm_framebuffer_filp_head,
	FIELD_drm_framebuffer_obj,
	FIELD_drm_mode_object_id,
	FIELDS,
};

/* A GEM object, and how an open file has it. */
struct use {
	uint64_t object;
	struct slot slot;
};

static void add_handles(struct reach *reach, const struct keeper *keeper,
			struct vec *uses)
{
	_cleanup_(vec_fini) struct vec entries = VEC_OF(struct idr_entry),
				       cached = VEC_OF(uint32_t);
	const struct idr_entry *entry = NULL;
	struct use use = { .slot.type = DMABUF_REC_REF_GEM_HANDLE,
			   .slot.table = keeper->object };

	idr_read(reach, keeper,
		 keeper->object + OFFSET(reach, drm_file, object_idr),
		 &entries);
	prime_read(reach, keeper, keeper->object, &cached);
	while ((entry = vec_next(&entries, entry))) {
		use.object = entry->object;
		use.slot.place = entry->id;
		use.slot.refs = prime_has(&cached, entry->id);
		reach_push(reach, uses, &use);
	}
}

/* The objects of one framebuffer. */
static void add_planes(struct reach *reach, uint64_t framebuffer,
		       struct use *use, struct vec *uses)
{
	uint64_t objects[PLANES_MAX];
	int i;

	use->slot.place =
		memory_u32(reach->memory,
			   framebuffer + OFFSET(reach, drm_framebuffer, base) +
				   OFFSET(reach, drm_mode_object, id));
	memory_read(reach->memory,
		    framebuffer + OFFSET(reach, drm_framebuffer, obj), objects,
		    sizeof(objects));
	for (i = 0; i < PLANES_MAX; i++) {
		use->object = objects[i];
		if (objects[i])
			reach_push(reach, uses, use);
	}
}

static void add_framebuffers(struct reach *reach, const struct keeper *keeper,
			     struct vec *uses)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	struct use use = { .slot.type = DMABUF_REC_REF_FRAMEBUFFER,
			   .slot.table = keeper->object };
	const uint64_t *node = NULL;

	reach_end(reach, keeper,
		  memory_list(reach->memory,
			      keeper->object + OFFSET(reach, drm_file, fbs),
			      FRAMEBUFFERS_MAX, &nodes));
	while ((node = vec_next(&nodes, node)))
		add_planes(reach,
			   *node - OFFSET(reach, drm_framebuffer, filp_head),
			   &use, uses);
}

/* The buffer of an object: exported from it, or imported. */
static void keep_object(struct reach *reach, const struct keeper *keeper,
			const struct use *use, uint64_t own, uint64_t imported)
{
	const struct slot of_object = { .type = DMABUF_REC_REF_GEM_OBJECT,
					.refs = !!own + !!imported,
					.table = use->object };

	reach_buffer(reach, keeper, own ?: imported, &use->slot);
	if (reach_is_new(reach, use->object))
		reach_buffer(reach, keeper, own ?: imported, &of_object);
}

static void keep_objects(struct reach *reach, const struct keeper *keeper,
			 const struct vec *uses)
{
	_cleanup_(vec_fini) struct vec objects = VEC_OF(uint64_t),
				       own = VEC_OF(uint64_t),
				       attached = VEC_OF(uint64_t),
				       imported = VEC_OF(uint64_t);
	uint64_t *object = reach_room(reach, &objects, uses->n);
	struct memory *m = reach->memory;
	size_t i;

	for (i = 0; i < objects.n; i++)
		object[i] = ((struct use *)vec_at(uses, i))->object;
	reach_room(reach, &own, uses->n);
	reach_room(reach, &attached, uses->n);
	reach_room(reach, &imported, uses->n);
	if (reach->error)
		return;
	memory_gather(m, object, uses->n,
		      OFFSET(reach, drm_gem_object, dma_buf), own.data,
		      own.each);
	memory_gather(m, object, uses->n,
		      OFFSET(reach, drm_gem_object, import_attach),
		      attached.data, attached.each);
	memory_gather(m, attached.data, uses->n,
		      OFFSET(reach, dma_buf_attachment, dmabuf), imported.data,
		      imported.each);
	for (i = 0; i < uses->n && !reach->error; i++)
		keep_object(reach, keeper, vec_at(uses, i),
			    ((uint64_t *)own.data)[i],
			    ((uint64_t *)imported.data)[i]);
}

void drm_read(struct reach *reach, const struct keeper *keeper)
{
	_cleanup_(vec_fini) struct vec uses = VEC_OF(struct use);

	add_handles(reach, keeper, &uses);
	add_framebuffers(reach, keeper, &uses);
	keep_objects(reach, keeper, &uses);
}
