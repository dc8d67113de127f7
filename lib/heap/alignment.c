// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heap/alignment.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "heap/pieces.h"
#include "util/cleanup.h"
#include "util/scan.h"

/* A kernel's has 12,000 lines; only a recorded tree has more. */
enum { LINES_MAX = 1 << 17 };

static void close_gz(gzFile file)
{
	(void)gzclose(file);
}

DEFINE_CLEANUP(gz, struct gzFile_s, close_gz)

/* A line such as "CONFIG_CMA_ALIGNMENT=8". */
static bool take(const char *line, struct opt_u64 *ret)
{
	struct scan text = { line, line + strcspn(line, "\n") };

	if (!scan_word(&text, "CONFIG_CMA_ALIGNMENT="))
		return false;
	ret->known = scan_number(&text, 10, &ret->number) &&
		     text.at == text.end &&
		     ret->number >= CMA_ALIGNMENT_LEAST &&
		     ret->number <= CMA_ALIGNMENT_MOST;
	return true;
}

/* zlib reads files that are not compressed, too. */
static int read_config(const struct sysroot *sysroot, const char *path,
		       struct opt_u64 *ret)
{
	_cleanup_(gz_cleanup) struct gzFile_s *file = NULL;
	_cleanup_close_ int fd = sysroot_open_whole(sysroot, SYSROOT_TOP, path);
	char line[256];
	int i, r = Z_OK;

	if (fd < 0)
		return fd == -ENOMEM ? fd : 0;
	file = gzdopen(fd, "r");
	if (!file)
		return -ENOMEM;
	(void)take_fd(&fd);
	for (i = 0; i < LINES_MAX && gzgets(file, line, sizeof(line)); i++)
		if (take(line, ret))
			return 0;
	(void)gzerror(file, &r);
	return r == Z_MEM_ERROR ? -ENOMEM : 0;
}

int alignment_read(const struct sysroot *sysroot, struct opt_u64 *ret)
{
	char release[65], path[80];
	int r;

	*ret = (struct opt_u64){};
	r = read_config(sysroot, "proc/config.gz", ret);
	if (r || ret->known)
		return r;
	sysroot_kernel_release(sysroot, release, sizeof(release));
	snprintf(path, sizeof(path), "boot/config-%s", release);
	return read_config(sysroot, path, ret);
}
