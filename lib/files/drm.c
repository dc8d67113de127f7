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

static void add_handles(struct reach *reach, const struct vec *files,
			struct vec *uses)
{
	_cleanup_(vec_fini) struct vec entries = VEC_OF(struct idr_entry),
				       cached = VEC_OF(uint64_t);
	const struct idr_entry *entry = NULL;
	struct gem_use use = { .slot.type = DMABUF_REC_REF_GEM_HANDLE };

	idr_read(reach, files, OFFSET(reach, drm_file, object_idr), &entries);
	prime_read(reach, files, &cached);
	while ((entry = vec_next(&entries, entry))) {
		use.keeper = vec_at(files, entry->keeper);
		use.object = entry->object;
		use.slot.table = use.keeper->object;
		use.slot.place = entry->id;
		use.slot.refs = prime_has(&cached, entry->keeper, entry->id);
		reach_push(reach, uses, &use);
	}
}

/* Appends the framebuffers in the list of one file. */
static void list_framebuffers(struct reach *reach, const struct keeper *file,
			      struct vec *framebuffers)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	struct gem_use use = { .keeper = file,
			       .slot.type = DMABUF_REC_REF_FRAMEBUFFER,
			       .slot.table = file->object };
	const uint64_t *node = NULL;

	reach_end(reach, file,
		  memory_list(reach->memory,
			      file->object + OFFSET(reach, drm_file, fbs),
			      FRAMEBUFFERS_MAX, &nodes));
	while ((node = vec_next(&nodes, node))) {
		use.object = *node - OFFSET(reach, drm_framebuffer, filp_head);
		reach_push(reach, framebuffers, &use);
	}
}

/* Reads the ID of each framebuffer. */
static void find_ids(struct reach *reach, struct vec *framebuffers)
{
	const uint32_t at = OFFSET(reach, drm_framebuffer, base) +
			    OFFSET(reach, drm_mode_object, id);
	_cleanup_(vec_fini) struct vec addresses = VEC_OF(uint64_t),
				       ids = VEC_OF(uint32_t);
	struct gem_use *use = framebuffers->data;
	const uint32_t *id;
	size_t i;

	reach_members(reach, framebuffers, offsetof(struct gem_use, object),
		      &addresses);
	id = reach_gather(reach, &addresses, at, &ids);
	for (i = 0; i < ids.n; i++)
		use[i].slot.place = id[i];
}

/* Most files have no framebuffers: these are told by one read for all. */
static void add_framebuffers(struct reach *reach, const struct vec *files,
			     struct vec *uses)
{
	_cleanup_(vec_fini) struct vec objects = VEC_OF(uint64_t),
				       nexts = VEC_OF(uint64_t),
				       framebuffers = VEC_OF(struct gem_use);
	const uint32_t at = OFFSET(reach, drm_file, fbs);
	const uint64_t *next;
	size_t i;

	reach_objects(reach, files, &objects);
	next = reach_gather(reach, &objects, at, &nexts);
	for (i = 0; i < files->n && !reach->error; i++)
		if (next[i] && next[i] != number_at(&objects, i) + at)
			list_framebuffers(reach, vec_at(files, i),
					  &framebuffers);
	find_ids(reach, &framebuffers);
	gem_of_framebuffers(reach, &framebuffers, uses);
}

void drm_read(struct reach *reach, const struct vec *files)
{
	_cleanup_(vec_fini) struct vec uses = VEC_OF(struct gem_use);

	add_handles(reach, files, &uses);
	add_framebuffers(reach, files, &uses);
	gem_keep(reach, &uses);
	display_add(reach, files);
}
