// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/drm.h"
#include "mkbufs/exporter.h"
#include "mkbufs/world.h"

int drm_open(const char *driver)
{
	struct drm_abi_version version;
	char path[32], name[32];
	int i, fd, err = -ENODEV;

	for (i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open_node(path);
		if (fd == -ENOENT)
			continue;
		if (fd < 0) {
			err = fd;
			continue;
		}
		memset(name, 0, sizeof(name));
		version = (struct drm_abi_version){
			.name = name,
			.name_len = sizeof(name) - 1,
		};
		if (!xioctl(fd, DRM_ABI_VERSION, &version) &&
		    !strcmp(name, driver))
			return fd;
		close(fd);
	}
	return err;
}

int drm_make(int drm, size_t size, bool keep_handle)
{
	struct drm_abi_create_dumb dumb = {
		.width = 1024, /* a row is 4 KiB */
		.height = size / (4 * KIB),
		.bpp = 32,
	};
	struct drm_abi_prime prime = {
		.flags = DRM_ABI_CLOEXEC | DRM_ABI_RDWR,
	};
	struct drm_abi_gem_close gem_close = { 0 };
	int err;

	err = xioctl(drm, DRM_ABI_CREATE_DUMB, &dumb);
	if (err)
		return err;
	prime.handle = dumb.handle;
	err = xioctl(drm, DRM_ABI_HANDLE_TO_FD, &prime);
	if (err || !keep_handle) {
		gem_close.handle = dumb.handle;
		xioctl(drm, DRM_ABI_GEM_CLOSE, &gem_close);
	}
	return err ? err : prime.fd;
}

int drm_keep_mapped(struct world *w, int drm)
{
	struct drm_abi_create_dumb dumb = {
		.width = 64,
		.height = 64,
		.bpp = 32,
	};
	struct drm_abi_map_dumb map = { 0 };
	void *addr;
	int err;

	err = xioctl(drm, DRM_ABI_CREATE_DUMB, &dumb);
	if (err)
		return err;
	map.handle = dumb.handle;
	err = xioctl(drm, DRM_ABI_MAP_DUMB, &map);
	if (err)
		return err;
	addr = mmap(NULL, dumb.size, PROT_READ, MAP_SHARED, drm, map.offset);
	if (addr == MAP_FAILED)
		return -errno;
	keep_map(w, addr, dumb.size);
	return 0;
}

static int vgem_make(const struct exporter *e, size_t size)
{
	return drm_make(e->fd, size, false);
}

void vgem_probe(struct world *w)
{
	int fd = drm_open("vgem");

	if (fd == -ENODEV)
		skip(w, "vgem", "no /dev/dri/card* of this driver");
	else if (fd < 0)
		skip(w, "vgem", "/dev/dri: %s", strerror(-fd));
	else
		exporter_add(w, "vgem", fd, vgem_make)->is_drm = true;
}
