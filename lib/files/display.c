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
static void add_plane(struct reach *reach, uint64_t plane, struct vec *shown)
{
	struct memory *m = reach->memory;
	const uint64_t state =
		memory_u64(m, plane + OFFSET(reach, drm_plane, state));
	const struct shown one = {
		.framebuffer = memory_u64(
			m, state ? state + OFFSET(reach, drm_plane_state, fb)
				 : plane + OFFSET(reach, drm_plane, fb)),
		.plane = memory_u32(m,
				    plane + OFFSET(reach, drm_plane, base) +
					    OFFSET(reach, drm_mode_object, id)),
	};

	if (one.framebuffer)
		reach_push(reach, shown, &one);
}

static void read_planes(struct reach *reach, const struct keeper *device,
			struct vec *shown)
{
	_cleanup_(vec_fini) struct vec nodes = VEC_OF(uint64_t);
	const uint64_t *node = NULL;

	if (!layout_has(&reach->layout, plane_needs))
		return;
	reach_end(
		reach, device,
		memory_list(reach->memory,
			    device->object +
				    OFFSET(reach, drm_device, mode_config) +
				    OFFSET(reach, drm_mode_config, plane_list),
			    PLANES_MAX, &nodes));
	while ((node = vec_next(&nodes, node)))
		add_plane(reach, *node - OFFSET(reach, drm_plane, head), shown);
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
				       uses = VEC_OF(struct gem_use);
	struct gem_use use = { .slot.type = DMABUF_REC_REF_GEM_OBJECT };
	const uint64_t *node = NULL;
	uint64_t framebuffer;

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
		framebuffer = *node - OFFSET(reach, drm_framebuffer, head);
		if (is_of_file(reach, framebuffer))
			continue;
		use.slot.place = find_plane(&shown, framebuffer);
		gem_of_framebuffer(reach, framebuffer, &use, &uses);
	}
	gem_keep(reach, device, &uses);
}

void display_add(struct reach *reach, uint64_t file)
{
	const struct layout *l = &reach->layout;
	struct keeper device = { .kind = KEEPER_DISPLAY, .root = NO_ROOT };
	uint64_t minor;

	if (!HAS(l, drm_file, minor) || !HAS(l, drm_minor, dev))
		return;
	minor = memory_u64(reach->memory, file + AT(l, drm_file, minor));
	device.object =
		minor ? memory_u64(reach->memory, minor + AT(l, drm_minor, dev))
		      : 0;
	if (reach_is_new(reach, device.object))
		reach_push(reach, &reach->later, &device);
}
