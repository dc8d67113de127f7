/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls that adversaries make: of the heaps, of the iterators, and
 * of devices without an IOMMU. Not through a library, which would try another
 * way after a failure. Each returns what the call returns, or -errno.
 */
#ifndef TESTS_GUEST_ADVERSARY_CALLS_H
#define TESTS_GUEST_ADVERSARY_CALLS_H

#include <linux/types.h>
#include <stddef.h>

enum {
	PAGE = 4096,
};

int call_open(const char *path);
int call_close(int fd);

int call_heap_alloc(int heap, size_t size);
int call_set_name(int buffer, const char *name);

int call_link_create(int program);
int call_iter_create(int link);
int call_read(int fd, void *to, size_t size);
int call_run(int program);

int call_bind(int device, int iommufd, __u32 *id);
int call_attach(int device, __u32 ioas);
int call_detach(int device);
int call_ioas_alloc(int iommufd, __u32 *id);
int call_hwpt_alloc(int iommufd, __u32 device_id, __u32 ioas, __u32 *id);
int call_destroy(int iommufd, __u32 id);
int call_map(int iommufd, __u32 ioas, void *memory, size_t size, __u64 iova);
int call_map_file(int iommufd, __u32 ioas, int fd, size_t size, __u64 iova);
int call_unmap(int iommufd, __u32 ioas, __u64 iova, size_t size);
int call_get_pa(int iommufd, __u32 ioas, __u64 iova, size_t size, __u64 *phys);

#endif
