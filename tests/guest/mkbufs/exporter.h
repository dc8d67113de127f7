/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exporters: drivers that make buffers. */
#ifndef TESTS_GUEST_MKBUFS_EXPORTER_H
#define TESTS_GUEST_MKBUFS_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>

struct world;

struct exporter {
	char name[64];
	int fd; /* of the device node */
	/* Returns a descriptor, the only reference to the buffer, or -errno. */
	int (*make)(const struct exporter *e, size_t size);
	bool is_drm;
};

/* Finds all exporters of this kernel, the cheapest first. Dies without one. */
void exporters_probe(struct world *w);

/* Returns the first exporter whose buffers live as long as they are mapped. */
const struct exporter *mappable_exporter(const struct world *w);

/* Returns the first one whose buffers can be mapped. */
const struct exporter *any_mappable_exporter(const struct world *w);

/* Returns the first exporter whose buffers vgem attaches, or NULL. */
const struct exporter *foreign_exporter(const struct world *w);

/* The functions below are for the files of exporters. */

struct exporter *exporter_add(struct world *w, const char *name, int fd,
			      int (*make)(const struct exporter *, size_t));

/* Each adds the exporters that it finds, or calls skip(). */
void system_probe(struct world *w);
void cma_probe(struct world *w);
void udmabuf_probe(struct world *w);
void vgem_probe(struct world *w);
void vivid_probe(struct world *w);

#endif
