/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of the DRM ioctl ABI that programs for the guest use.
 *
 * Debian ships <drm/drm.h> in libdrm-dev and not in linux-libc-dev. These
 * ioctls are not worth that dependency. The layouts below are fixed ABI.
 */
#ifndef TESTS_GUEST_DRM_ABI_H
#define TESTS_GUEST_DRM_ABI_H

#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <stddef.h>

struct drm_abi_version {
	int major;
	int minor;
	int patch;
	size_t name_len;
	char *name;
	size_t date_len;
	char *date;
	size_t desc_len;
	char *desc;
};

struct drm_abi_gem_close {
	__u32 handle;
	__u32 pad;
};

struct drm_abi_prime {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};

struct drm_abi_create_dumb {
	__u32 height;
	__u32 width;
	__u32 bpp;
	__u32 flags;
	__u32 handle; /* out */
	__u32 pitch; /* out */
	__u64 size; /* out */
};

struct drm_abi_map_dumb {
	__u32 handle;
	__u32 pad;
	__u64 offset; /* out */
};

struct drm_abi_framebuffer {
	__u32 fb_id; /* out */
	__u32 width;
	__u32 height;
	__u32 pixel_format;
	__u32 flags;
	__u32 handles[4];
	__u32 pitches[4];
	__u32 offsets[4];
	__u64 modifier[4];
};

_Static_assert(sizeof(struct drm_abi_prime) == 12, "DRM ABI");
_Static_assert(sizeof(struct drm_abi_framebuffer) == 104, "DRM ABI");
_Static_assert(sizeof(struct drm_abi_create_dumb) == 32, "DRM ABI");

#define DRM_ABI_VERSION	     _IOWR('d', 0x00, struct drm_abi_version)
#define DRM_ABI_GEM_CLOSE    _IOW('d', 0x09, struct drm_abi_gem_close)
#define DRM_ABI_HANDLE_TO_FD _IOWR('d', 0x2d, struct drm_abi_prime)
#define DRM_ABI_FD_TO_HANDLE _IOWR('d', 0x2e, struct drm_abi_prime)
#define DRM_ABI_CREATE_DUMB  _IOWR('d', 0xb2, struct drm_abi_create_dumb)
#define DRM_ABI_MAP_DUMB     _IOWR('d', 0xb3, struct drm_abi_map_dumb)
#define DRM_ABI_ADD_FB	     _IOWR('d', 0xb8, struct drm_abi_framebuffer)

#define DRM_ABI_XRGB8888 0x34325258 /* "XR24" */

#define DRM_ABI_CLOEXEC O_CLOEXEC
#define DRM_ABI_RDWR	O_RDWR

#endif
