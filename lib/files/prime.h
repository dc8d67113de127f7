/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_PRIME_H
#define FILES_PRIME_H

#include "files/reach.h"

/*
 * Appends the handles that the PRIME cache of a struct drm_file has, sorted, to
 * @handles, a vec of uint32_t: the cache has a reference for each.
 */
void prime_read(struct reach *reach, const struct keeper *keeper, uint64_t file,
		struct vec *handles);

bool prime_has(const struct vec *handles, uint32_t handle);

#define PRIME_NEEDS                                                            \
	FIELD_drm_file_prime, FIELD_drm_prime_file_private_handles,            \
		FIELD_drm_prime_member_handle,                                 \
		FIELD_drm_prime_member_handle_rb, FIELD_rb_root_rb_node,       \
		FIELD_rb_node_rb_left, FIELD_rb_node_rb_right

#endif
