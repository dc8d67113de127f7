// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Buffers that DRM exported. The GEM object of such a buffer points back at it,
 * and has a reference to it, as long as the object has handles. The object
 * leads to its device, and this to files and framebuffers that no process leads
 * to: those of the kernel's console.
 */
#include "files/exported.h"

#include "files/kinds.h"
#include "files/links.h"
#include "util/array.h"
#include "util/cleanup.h"

enum {
	CLIENTS_MAX = 1 << 10, /* of a device */
	BATCH = 256, /* buffers at a time */
	OBJECT_WORDS = 128, /* where an object has its buffer */
};

const enum kernel_field device_needs[] = {
	FIELD_drm_device_filelist_internal,
	FIELD_drm_device_primary,
	FIELD_drm_file_lhead,
	FIELD_drm_gem_object_dev,
	FIELD_drm_gem_object_dma_buf,
	FIELD_drm_minor_dev,
	FIELD_drm_minor_index,
	FIELDS,
};

/* What the private data of a buffer begins with. */
struct object {
	uint64_t words[OBJECT_WORDS];
};

/*
 * Whether the buffer is anywhere in its private data. This tells most other
 * exporters from DRM without its types, which are costly to load.
 */
static bool points_back(const struct object *object, uint64_t buffer)
{
	size_t i;

	for (i = 0; i < OBJECT_WORDS; i++)
		if (object->words[i] == buffer)
			return true;
	return false;
}

/* Appends those of some buffers that may be DRM's to @ret. */
static void find_some(struct reach *reach, const struct vec *buffers,
		      struct vec *ret)
{
	_cleanup_(vec_fini) struct vec privates = NUMBERS,
				       objects = VEC_OF(struct object);
	const uint64_t *buffer = buffers->data;
	size_t i;

	reach_gather(reach, buffers, OFFSET(reach, dma_buf, priv), &privates);
	reach_gather(reach, &privates, 0, &objects);
	for (i = 0; i < objects.n; i++)
		if (points_back(vec_at(&objects, i), buffer[i]))
			reach_push(reach, ret, &buffer[i]);
}

/* The nodes of a device, of which it has at least one. */
static const struct {
	enum kernel_field minor;
	uint32_t major;
} nodes[] = {
	{ FIELD_drm_device_primary, DRM_DEVICES },
	{ FIELD_drm_device_render, DRM_DEVICES },
	{ FIELD_drm_device_accel, ACCEL_DEVICES },
};

/*
 * Whether a struct drm_device is at an address: a node of it leads back there.
 * @rdev takes the device number of this node.
 */
static bool is_device(struct reach *reach, uint64_t device, uint32_t *rdev)
{
	uint64_t minor;
	uint32_t at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nodes); i++) {
		at = reach->layout.at[nodes[i].minor];
		minor = at == LAYOUT_NONE ? 0 : reach_follow(reach, device, at);
		if (FOLLOW(reach, minor, drm_minor, dev) != device)
			continue;
		*rdev = nodes[i].major << MINOR_BITS |
			memory_u32(reach->memory,
				   minor + OFFSET(reach, drm_minor, index));
		return true;
	}
	return false;
}

static void add_device(struct reach *reach, uint64_t address)
{
	struct keeper device = { .kind = KEEPER_DEVICE,
				 .object = address,
				 .root = NO_ROOT };

	if (reach_is_new(reach, address) &&
	    is_device(reach, address, &device.rdev))
		reach_push(reach, &reach->keepers, &device);
}

static void add_devices(struct reach *reach, const struct vec *buffers)
{
	_cleanup_(vec_fini) struct vec objects = NUMBERS, backs = NUMBERS,
				       devices = NUMBERS;
	const uint64_t *buffer = buffers->data, *back, *device;
	size_t i;

	reach_gather(reach, buffers, OFFSET(reach, dma_buf, priv), &objects);
	back = reach_gather(reach, &objects,
			    OFFSET(reach, drm_gem_object, dma_buf), &backs);
	device = reach_gather(reach, &objects,
			      OFFSET(reach, drm_gem_object, dev), &devices);
	for (i = 0; i < buffers->n && !reach->error; i++)
		if (back[i] == buffer[i])
			add_device(reach, device[i]);
}

void exported_find(struct reach *reach, const struct vec *buffers)
{
	_cleanup_(vec_fini) struct vec some = NUMBERS;
	struct vec batch = *buffers;
	size_t i;

	if (!HAS(&reach->layout, dma_buf, priv))
		return;
	for (i = 0; i < buffers->n && !reach->error; i += batch.n) {
		batch.data = vec_at(buffers, i);
		batch.n = buffers->n - i < BATCH ? buffers->n - i : BATCH;
		find_some(reach, &batch, &some);
	}
	if (some.n && reach_has_types(reach, KEEPER_DEVICE))
		add_devices(reach, &some);
}

/* The files that the kernel has of a device, and then what the device has. */
void device_read(struct reach *reach, const struct keeper *device)
{
	const struct keeper display = { .kind = KEEPER_DISPLAY,
					.object = device->object,
					.root = NO_ROOT };
	_cleanup_(vec_fini) struct vec files = NUMBERS;
	const uint64_t *node = NULL;
	struct keeper file = { .kind = KEEPER_DRM,
			       .rdev = device->rdev,
			       .root = NO_ROOT };

	reach_end(reach, device,
		  memory_list(reach->memory,
			      device->object + OFFSET(reach, drm_device,
						      filelist_internal),
			      CLIENTS_MAX, &files));
	while ((node = vec_next(&files, node))) {
		file.object = *node - OFFSET(reach, drm_file, lhead);
		if (!reach_is_new(reach, file.object))
			continue;
		links_add(reach, &file, 0, DMABUF_REC_BY_KERNEL, 0);
		reach_push(reach, &reach->keepers, &file);
	}
	reach_push(reach, &reach->later, &display);
}
