// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ui/terminal.h"

enum { USUAL_WIDTH = 80 };

static bool is_terminal(FILE *file)
{
	int fd = fileno(file);

	return fd >= 0 && isatty(fd);
}

size_t terminal_width(FILE *file)
{
	const char *columns = secure_getenv("COLUMNS");
	struct winsize size = {};
	long width;

	if (!is_terminal(file))
		return 0;
	if (!ioctl(fileno(file), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	/* A serial line does not know. */
	width = columns ? strtol(columns, NULL, 10) : 0;
	return width > 0 ? width : USUAL_WIDTH;
}

bool terminal_has_colour(FILE *file)
{
	const char *no = secure_getenv("NO_COLOR"),
		   *term = secure_getenv("TERM");

	return is_terminal(file) && !(no && no[0]) && term &&
	       strcmp(term, "dumb");
}
