/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udmabufs of memfds that a scene makes itself. */
#ifndef TESTS_GUEST_MKBUFS_UDMABUF_H
#define TESTS_GUEST_MKBUFS_UDMABUF_H

#include <stddef.h>
#include <stdint.h>

struct exporter;

/* Each returns a descriptor, or -errno. */
int memfd_make(size_t size);
int udmabuf_of(const struct exporter *e, int memfd, uint64_t offset,
	       size_t size);

#endif
