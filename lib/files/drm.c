// SPDX-License-Identifier: LGPL-2.1-or-later
/* DRM files: an open file has handles and framebuffers of GEM objects. */
#include "files/display.h"
#include "files/gem.h"
#include "files/idr.h"
#include "files/kinds.h"
#include "files/prime.h"
#include "util/cleanup.h"

enum { FRAMEBUFFERS_MAX = 1 << 16 };

const enum kernel_field drm_needs[] = {
	IDR_NEEDS,
	PRIME_NEEDS,
	FIELD_drm_file_object_idr,
	FIELD_drm_file_fbs,
	GEM_NEEDS,
	FIELD_drm_framebuffer_base,
	FIELD_drm_framebuffer_filp_head,
	FIELD_drm_mode_object_id,
	FIELDS,
};

static void add_handles(struct reach *reach, const struct keeper *keeper,
			struct vec *uses)
{
	_cleanup_(vec_fini) struct vec entries = VEC_OF(struct idr_entry),
				       cached = VEC_OF(uint32_t);
	const struct idr_entry *entry = NULL;
	struct gem_use use = { .slot.type = DMABUF_REC_REF_GEM_HANDLE,
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

static void add_framebuffers(struct reach *reach, const struct keeper *keeper,
			     struct vec *uses)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	struct gem_use use = { .slot.type = DMABUF_REC_REF_FRAMEBUFFER,
			       .slot.table = keeper->object };
	const uint32_t id_at = OFFSET(reach, drm_framebuffer, base) +
			       OFFSET(reach, drm_mode_object, id);
	const uint64_t *node = NULL;
	uint64_t framebuffer;

	reach_end(reach, keeper,
		  memory_list(reach->memory,
			      keeper->object + OFFSET(reach, drm_file, fbs),
			      FRAMEBUFFERS_MAX, &nodes));
	while ((node = vec_next(&nodes, node))) {
		framebuffer = *node - OFFSET(reach, drm_framebuffer, filp_head);
		use.slot.place = memory_u32(reach->memory, framebuffer + id_at);
		gem_of_framebuffer(reach, framebuffer, &use, uses);
	}
}

void drm_read(struct reach *reach, const struct keeper *keeper)
{
	_cleanup_(vec_fini) struct vec uses = VEC_OF(struct gem_use);

	add_handles(reach, keeper, &uses);
	add_framebuffers(reach, keeper, &uses);
	gem_keep(reach, keeper, &uses);
	display_add(reach, keeper->object);
}
