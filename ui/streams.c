// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "ui/message.h"
#include "util/cleanup.h"

int streams_hold(void)
{
	const bool closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	int fd;

	if (fcntl(STDERR_FILENO, F_GETFD) < 0)
		while ((fd = open("/dev/null", O_RDWR)) >= 0 &&
		       fd < STDERR_FILENO)
			;
	if (fcntl(STDIN_FILENO, F_GETFD) < 0)
		(void)open("/dev/null", O_RDONLY);
	if (closed) {
		message("stdout is closed; give it a file, a pipe or a "
			"terminal");
		return -1;
	}
	return 0;
}

int stream_close(FILE **file)
{
	FILE *closed = take_ptr(*file);
	bool failed;

	if (!closed)
		return 0;
	errno = 0;
	failed = ferror(closed);
	failed |= !!fclose(closed);
	return failed ? -(errno ?: EIO) : 0;
}
