// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "collect/proc_files.h"
#include "util/io.h"

int proc_next_number(DIR *dir, const char **name, uint64_t *number)
{
	const struct dirent *entry;
	char *end;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		*number = strtoull(entry->d_name, &end, 10);
		if (*end || errno || *number > UINT32_MAX)
			continue;
		*name = entry->d_name;
		return 1;
	}
}

int proc_read_whole(const struct sysroot *sysroot, int dir, const char *path,
		    struct vec *text)
{
	enum { ONCE = 4096 };
	_cleanup_close_ int fd = sysroot_open_at(sysroot, dir, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	text->n = 0;
	do {
		if (text->n > SYSROOT_FILE_MAX)
			return -EFBIG;
		if (text->room - text->n < ONCE &&
		    vec_reserve(text, text->room * 2 + ONCE))
			return -ENOMEM;
		n = read_retry(fd, vec_at(text, text->n), text->room - text->n);
		text->n += n > 0 ? n : 0;
	} while (n > 0);
	return n;
}
