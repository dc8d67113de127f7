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

struct drm_abi_resources {
	__u64 framebuffers;
	__u64 crtcs;
	__u64 connectors;
	__u64 encoders;
	__u32 nframebuffers;
	__u32 ncrtcs;
	__u32 nconnectors;
	__u32 nencoders;
	__u32 bounds[4];
};

struct drm_abi_mode {
	__u32 clock; /* in kHz */
	__u16 h[4]; /* display, start and end of the sync, total */
	__u16 hskew;
	__u16 v[4];
	__u16 vscan;
	__u32 rate;
	__u32 flags;
	__u32 type;
	char name[32];
};

struct drm_abi_crtc {
	__u64 connectors;
	__u32 nconnectors;
	__u32 crtc;
	__u32 framebuffer;
	__u32 x;
	__u32 y;
	__u32 gamma_size;
	__u32 mode_valid;
	struct drm_abi_mode mode;
};

struct drm_abi_close_fb {
	__u32 fb_id;
	__u32 pad;
};

/* Of vgem */
struct drm_abi_vgem_fence {
	__u32 handle;
	__u32 flags;
	__u32 out_fence; /* out */
	__u32 pad;
};

_Static_assert(sizeof(struct drm_abi_prime) == 12, "DRM ABI");
/* On i386, a __u64 in a struct needs no padding before it. */
#ifdef __i386__
_Static_assert(sizeof(struct drm_abi_framebuffer) == 100, "DRM ABI");
#else
_Static_assert(sizeof(struct drm_abi_framebuffer) == 104, "DRM ABI");
#endif
_Static_assert(sizeof(struct drm_abi_create_dumb) == 32, "DRM ABI");
_Static_assert(sizeof(struct drm_abi_resources) == 64, "DRM ABI");
_Static_assert(sizeof(struct drm_abi_crtc) == 104, "DRM ABI");

#define DRM_ABI_VERSION	      _IOWR('d', 0x00, struct drm_abi_version)
#define DRM_ABI_GEM_CLOSE     _IOW('d', 0x09, struct drm_abi_gem_close)
#define DRM_ABI_DROP_MASTER   _IO('d', 0x1f)
#define DRM_ABI_HANDLE_TO_FD  _IOWR('d', 0x2d, struct drm_abi_prime)
#define DRM_ABI_FD_TO_HANDLE  _IOWR('d', 0x2e, struct drm_abi_prime)
#define DRM_ABI_GET_RESOURCES _IOWR('d', 0xa0, struct drm_abi_resources)
#define DRM_ABI_SET_CRTC      _IOWR('d', 0xa2, struct drm_abi_crtc)
#define DRM_ABI_CREATE_DUMB   _IOWR('d', 0xb2, struct drm_abi_create_dumb)
#define DRM_ABI_MAP_DUMB      _IOWR('d', 0xb3, struct drm_abi_map_dumb)
#define DRM_ABI_ADD_FB	      _IOWR('d', 0xb8, struct drm_abi_framebuffer)
#define DRM_ABI_CLOSE_FB      _IOWR('d', 0xd0, struct drm_abi_close_fb)
#define DRM_ABI_VGEM_FENCE    _IOWR('d', 0x41, struct drm_abi_vgem_fence)

#define DRM_ABI_XRGB8888 0x34325258 /* "XR24" */

#define DRM_ABI_CLOEXEC O_CLOEXEC
#define DRM_ABI_RDWR	O_RDWR

#endif
