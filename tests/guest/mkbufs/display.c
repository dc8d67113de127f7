// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/display.h"
#include "mkbufs/drm.h"

int display_open(void)
{
	static const char *const drivers[] = { "bochs-drm", "cirrus" };
	int fd = -ENODEV;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(drivers) && fd < 0; i++)
		fd = drm_open(drivers[i]);
	return fd;
}

int display_add(int drm, const struct buf *b, size_t n, uint32_t *ret_last)
{
	struct drm_abi_prime prime = { .fd = b->fd };
	struct drm_abi_framebuffer fb = {
		.width = DISPLAY_WIDTH,
		.height = DISPLAY_HEIGHT,
		.pixel_format = DRM_ABI_XRGB8888,
		.pitches = { DISPLAY_WIDTH * DISPLAY_PIXEL },
	};
	struct drm_abi_gem_close gem_close = { 0 };
	int err;

	err = xioctl(drm, DRM_ABI_FD_TO_HANDLE, &prime);
	if (err)
		return err;
	fb.handles[0] = gem_close.handle = prime.handle;
	while (!err && n--)
		err = xioctl(drm, DRM_ABI_ADD_FB, &fb);
	xioctl(drm, DRM_ABI_GEM_CLOSE, &gem_close);
	if (!err)
		*ret_last = fb.fb_id;
	return err;
}

int display_show(int drm, uint32_t id)
{
	uint32_t crtc = 0, connector = 0;
	struct drm_abi_resources res = {
		.crtcs = (uintptr_t)&crtc,
		.ncrtcs = 1,
		.connectors = (uintptr_t)&connector,
		.nconnectors = 1,
	};
	struct drm_abi_crtc set = {
		.connectors = (uintptr_t)&connector,
		.mode = { /* of VESA, 60 Hz */
			.clock = 25175,
			.h = { 640, 656, 752, 800 },
			.v = { 480, 490, 492, 525 },
		},
	};
	int err;

	err = xioctl(drm, DRM_ABI_GET_RESOURCES, &res);
	if (err)
		return err;
	set.crtc = crtc;
	set.framebuffer = id;
	set.nconnectors = set.mode_valid = id != 0;
	return xioctl(drm, DRM_ABI_SET_CRTC, &set);
}

int display_close(int drm, uint32_t id)
{
	struct drm_abi_close_fb arg = { .fb_id = id };

	return xioctl(drm, DRM_ABI_CLOSE_FB, &arg);
}
