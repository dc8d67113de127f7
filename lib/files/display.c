// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Displays: a framebuffer that no file has any more is on the screen until it
 * is replaced. Only its device leads to it.
 */
#include "files/display.h"

#include "files/gem.h"
#include "files/kinds.h"
#include "util/cleanup.h"

enum { FRAMEBUFFERS_MAX = 1 << 16, PLANES_MAX = 1 << 10 };

const enum kernel_field display_needs[] = {
	GEM_NEEDS,
	FIELD_drm_device_mode_config,
	FIELD_drm_mode_config_fb_list,
	FIELD_drm_framebuffer_filp_head,
	FIELD_drm_framebuffer_head,
	FIELDS,
};

/* Which plane shows a framebuffer. */
struct shown {
	uint64_t framebuffer;
	uint32_t plane;
};

static const enum kernel_field plane_needs[] = {
	FIELD_drm_mode_config_plane_list,
	FIELD_drm_plane_base,
	FIELD_drm_plane_fb,
	FIELD_drm_plane_head,
	FIELD_drm_plane_state,
	FIELD_drm_plane_state_fb,
	FIELD_drm_mode_object_id,
	FIELDS,
};

/* Drivers without atomic modesetting have no state. */
static void list_shown(struct reach *reach, const struct vec *planes,
		       struct vec *shown)
{
	const struct layout *l = &reach->layout;
	_cleanup_(vec_fini) struct vec states = VEC_OF(uint64_t),
				       fbs = VEC_OF(uint64_t),
				       old_fbs = VEC_OF(uint64_t),
				       ids = VEC_OF(uint32_t);
	const uint64_t *state, *fb, *old_fb;
	const uint32_t *id;
	struct shown one;
	size_t i;

	old_fb = reach_queue(reach, planes, AT(l, drm_plane, fb), &old_fbs);
	id = reach_queue(reach, planes,
			 AT(l, drm_plane, base) + AT(l, drm_mode_object, id),
			 &ids);
	state = reach_gather(reach, planes, AT(l, drm_plane, state), &states);
	fb = reach_gather(reach, &states, AT(l, drm_plane_state, fb), &fbs);
	for (i = 0; i < planes->n && !reach->error; i++) {
		one = (struct shown){ state[i] ? fb[i] : old_fb[i], id[i] };
		if (one.framebuffer)
			reach_push(reach, shown, &one);
	}
}

static void read_planes(struct reach *reach, const struct keeper *device,
			struct vec *shown)
{
	_cleanup_(vec_fini) struct vec planes = VEC_OF(uint64_t);
	uint64_t *plane = NULL;

	if (!layout_has(&reach->layout, plane_needs))
		return;
	reach_end(
		reach, device,
		memory_list(reach->memory,
			    device->object +
				    OFFSET(reach, drm_device, mode_config) +
				    OFFSET(reach, drm_mode_config, plane_list),
			    PLANES_MAX, &planes));
	while ((plane = vec_next(&planes, plane)))
		*plane -= OFFSET(reach, drm_plane, head);
	list_shown(reach, &planes, shown);
}

static uint32_t find_plane(const struct vec *shown, uint64_t framebuffer)
{
	const struct shown *one = NULL;

	while ((one = vec_next(shown, one)))
		if (one->framebuffer == framebuffer)
			return one->plane;
	return 0;
}

/*
 * Whether a file has the framebuffer. What it keeps is the file's, also when
 * this is one of a process that is hidden from the reader.
 */
static bool is_of_file(struct reach *reach, uint64_t framebuffer)
{
	const uint64_t node =
		framebuffer + OFFSET(reach, drm_framebuffer, filp_head);
	const uint64_t next = memory_u64(reach->memory, node);

	return next && next != node;
}

void display_read(struct reach *reach, const struct keeper *device)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t),
				       shown = VEC_OF(struct shown),
				       framebuffers = VEC_OF(struct gem_use),
				       uses = VEC_OF(struct gem_use);
	struct gem_use use = { .keeper = device,
			       .slot.type = DMABUF_REC_REF_GEM_OBJECT };
	const uint64_t *node = NULL;

	reach_end(reach, device,
		  memory_list(reach->memory,
			      device->object +
				      OFFSET(reach, drm_device, mode_config) +
				      OFFSET(reach, drm_mode_config, fb_list),
			      FRAMEBUFFERS_MAX, &nodes));
	if (!nodes.n)
		return;
	read_planes(reach, device, &shown);
	while ((node = vec_next(&nodes, node))) {
		use.object = *node - OFFSET(reach, drm_framebuffer, head);
		if (is_of_file(reach, use.object))
			continue;
		use.slot.place = find_plane(&shown, use.object);
		reach_push(reach, &framebuffers, &use);
	}
	gem_of_framebuffers(reach, &framebuffers, &uses);
	gem_keep(reach, &uses);
}

void display_add(struct reach *reach, const struct vec *files)
{
	const struct layout *l = &reach->layout;
	_cleanup_(vec_fini) struct vec objects = VEC_OF(uint64_t),
				       minors = VEC_OF(uint64_t),
				       devices = VEC_OF(uint64_t);
	struct keeper device = { .kind = KEEPER_DISPLAY, .root = NO_ROOT };
	const uint64_t *address = NULL;

	if (!HAS(l, drm_file, minor) || !HAS(l, drm_minor, dev)) {
		reach->missing |= 1U << KEEPER_DISPLAY;
		return;
	}
	reach_objects(reach, files, &objects);
	reach_gather(reach, &objects, AT(l, drm_file, minor), &minors);
	reach_gather(reach, &minors, AT(l, drm_minor, dev), &devices);
	while ((address = vec_next(&devices, address))) {
		device.object = *address;
		if (reach_is_new(reach, device.object))
			reach_push(reach, &reach->later, &device);
	}
}
