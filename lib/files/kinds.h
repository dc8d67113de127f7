/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of files: one row and one function each. */
#ifndef FILES_KINDS_H
#define FILES_KINDS_H

#include "files/reach.h"

/**
 * struct kind - how files of a kind are read
 * @what: what they keep, for gaps
 * @covers: DMABUF_REC_COVERS() of each type of reference, which other kinds
 *	may have, too
 * @modules: the modules that mostly have its types, ends with NULL; NULL when
 *	the kernel itself has them
 * @needs: the members without which it cannot be read, ends with FIELDS
 * @read: reads one of them
 * @read_all: reads some of them, instead of @read; a struct keeper each
 */
struct kind {
	const char *what;
	uint32_t covers;
	const char *const *modules;
	const enum kernel_field *needs;
	void (*read)(struct reach *reach, const struct keeper *keeper);
	void (*read_all)(struct reach *reach, const struct vec *keepers);
};

extern const struct kind kinds[KEEPER_KINDS];

void socket_read(struct reach *reach, const struct keeper *keeper);
void ring_read(struct reach *reach, const struct keeper *keeper);
void iterator_read(struct reach *reach, const struct keeper *keeper);
void drm_read(struct reach *reach, const struct vec *keepers);
void display_read(struct reach *reach, const struct keeper *keeper);
void device_read(struct reach *reach, const struct keeper *keeper);
void video_read(struct reach *reach, const struct keeper *keeper);
void waiters_read(struct reach *reach, const struct keeper *keeper);

extern const enum kernel_field socket_needs[], ring_needs[], iterator_needs[],
	drm_needs[], display_needs[], device_needs[], video_needs[],
	waiters_needs[];

#endif
