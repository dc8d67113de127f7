// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads /sys/kernel/dmabuf/buffers in the cheapest way: a folder for each
 * buffer, and two files in each folder.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFERS "/sys/kernel/dmabuf/buffers"

/* Reads the only line of a file. Return: 0, or -1 when it is gone. */
static int read_line(int dir, const char *name, const char *file, char *to,
		     size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%.32s/%s", name, file);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, to, size - 1);
	close(fd);
	if (n <= 0)
		return -1;
	to[n] = '\0';
	to[strcspn(to, "\n")] = '\0';
	return 0;
}

int main(void)
{
	char exporter[64], size[32];
	DIR *dir = opendir(BUFFERS);
	struct dirent *entry;

	if (!dir) {
		fprintf(stderr, "sysfsread: " BUFFERS ": %s\n",
			strerror(errno));
		return 1;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    read_line(dirfd(dir), entry->d_name, "exporter_name",
			      exporter, sizeof(exporter)) ||
		    read_line(dirfd(dir), entry->d_name, "size", size,
			      sizeof(size)))
			continue;
		printf("%s %s %s\n", entry->d_name, size, exporter);
	}
	closedir(dir);
	return 0;
}
