// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dma/pci_info.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/sysroot.h"

#define DEVICES "/sys/bus/pci/devices"

/* Reads the last part of the target of a link of the device; "" on failure. */
static void read_link(const char *address, const char *name, char *to,
		      size_t size)
{
	char path[128], target[PATH_MAX];
	const char *slash;
	ssize_t n;

	to[0] = '\0';
	snprintf(path, sizeof(path), DEVICES "/%s/%s", address, name);
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	slash = strrchr(target, '/');
	snprintf(to, size, "%.*s", (int)size - 1, slash ? slash + 1 : target);
}

/* Finds the first name in a folder of the device that contains @part. */
static void find_name(const char *address, const char *folder, const char *part,
		      char *to, size_t size)
{
	_cleanup_closedir_ DIR *dir = NULL;
	const struct dirent *entry;
	char path[128];

	to[0] = '\0';
	snprintf(path, sizeof(path), DEVICES "/%s/%s", address, folder);
	dir = opendir(path);
	while (dir && !to[0] && (entry = readdir(dir)))
		if (strstr(entry->d_name, part))
			snprintf(to, size, "%.*s", (int)size - 1,
				 entry->d_name);
}

static void read_file(struct dmabuf_ctx *ctx, const char *address,
		      const char *name, char *to, size_t size)
{
	char path[128];

	/* sysroot_read_line() takes a path without its first slash. */
	snprintf(path, sizeof(path), DEVICES "/%s/%s", address, name);
	if (sysroot_read_line(&ctx->sysroot, path + 1, to, size))
		to[0] = '\0';
}

/* "0000:00:05.0", or "10000:e1:00.0" below a bridge with its own domains. */
static bool is_address(const char *s)
{
	static const char hex[] = "0123456789abcdef";
	const size_t domain = strspn(s, hex);

	s += domain;
	return domain >= 4 && domain <= 8 && s[0] == ':' &&
	       strspn(s + 1, hex) == 2 && s[3] == ':' &&
	       strspn(s + 4, hex) == 2 && s[6] == '.' && s[7] >= '0' &&
	       s[7] <= '7' && !s[8];
}

/* Completes an address such as "00:05.0". Return: 0 or -EINVAL. */
static int parse_address(const char *address, char *to, size_t size)
{
	const size_t length = strlen(address);
	char lower[18];
	size_t i;

	if (length >= sizeof(lower))
		return -EINVAL;
	for (i = 0; i <= length; i++)
		lower[i] = (char)tolower((unsigned char)address[i]);
	snprintf(to, size, "%s", lower);
	if (!is_address(to))
		snprintf(to, size, "0000:%s", lower);
	return is_address(to) ? 0 : -EINVAL;
}

int pci_info_read(struct dmabuf_ctx *ctx, const char *address,
		  struct pci_info *ret)
{
	struct pci_info info = {};
	char path[128], name[32];

	if (parse_address(address, info.address, sizeof(info.address))) {
		error_set(&ctx->error, -EINVAL, "invalid PCI address '%.32s'",
			  address);
		return error_hint(&ctx->error,
				  "an address is such as 0000:00:05.0: see "
				  "lspci -D, or ls " DEVICES);
	}
	snprintf(path, sizeof(path), DEVICES "/%s", info.address);
	if (access(path, F_OK)) {
		error_set(&ctx->error, -ENODEV, "no PCI device %s",
			  info.address);
		return error_hint(&ctx->error, "see lspci -D, or ls " DEVICES);
	}
	read_link(info.address, "driver", info.driver, sizeof(info.driver));
	read_link(info.address, "iommu_group", info.group, sizeof(info.group));
	find_name(info.address, "vfio-dev", "vfio", info.cdev,
		  sizeof(info.cdev));
	find_name(info.address, "uio", "uio", info.uio, sizeof(info.uio));
	read_file(ctx, info.address, "iommu_group/name", name, sizeof(name));
	read_file(ctx, info.address, "iommu_group/type", info.group_type,
		  sizeof(info.group_type));
	info.noiommu = !strcmp(name, "vfio-noiommu") ||
		       !strncmp(info.cdev, "noiommu-", 8);
	/* Before v6.6 there are names without nodes. */
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", info.cdev);
	if (access(path, F_OK))
		info.cdev[0] = '\0';
	*ret = info;
	return 0;
}
