/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_PRIME_H
#define FILES_PRIME_H

#include "files/reach.h"

/*
 * Appends the handles that the PRIME cache of each struct drm_file has to
 * @handles, a vec of uint64_t, sorted: the cache has a reference for each.
 */
void prime_read(struct reach *reach, const struct vec *keepers,
		struct vec *handles);

/* Whether the cache of the file with this index in @keepers has the handle. */
bool prime_has(const struct vec *handles, size_t keeper, uint32_t handle);

#define PRIME_NEEDS                                                            \
	FIELD_drm_file_prime, FIELD_drm_prime_file_private_handles,            \
		FIELD_drm_prime_member_handle,                                 \
		FIELD_drm_prime_member_handle_rb, FIELD_rb_root_rb_node,       \
		FIELD_rb_node_rb_left, FIELD_rb_node_rb_right

#endif
