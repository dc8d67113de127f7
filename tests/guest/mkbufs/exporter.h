/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes buffers. */
#ifndef TESTS_GUEST_MKBUFS_EXPORTER_H
#define TESTS_GUEST_MKBUFS_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>

struct world;

struct exporter {
	char name[64];
	int fd; /* of the device node */
	/* A descriptor, the only reference to the new buffer, or -errno. */
	int (*make)(const struct exporter *e, size_t size);
	bool is_drm;
};

struct exporter *exporter_add(struct world *w, const char *name, int fd,
			      int (*make)(const struct exporter *, size_t));
void exporters_probe(struct world *w);
const struct exporter *mappable_exporter(const struct world *w);
const struct exporter *foreign_exporter(const struct world *w);

/* Each adds what it finds, and says of the rest why it is skipped. */
void system_probe(struct world *w);
void cma_probe(struct world *w);
void udmabuf_probe(struct world *w);
void vgem_probe(struct world *w);
void vivid_probe(struct world *w);

#endif
