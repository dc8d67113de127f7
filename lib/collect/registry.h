/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds collectors by name. dmabuf_collector_next() lists them, best first. */
#ifndef COLLECT_REGISTRY_H
#define COLLECT_REGISTRY_H

#include <dmabuf/dmabuf.h>

/* Return: the collector, or NULL. */
const struct dmabuf_collector *collector_find(const char *name);

#endif
