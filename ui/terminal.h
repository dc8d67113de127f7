/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stream that may be a terminal can show. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Return: the columns of the terminal, or 0 when @file is not a terminal. */
size_t terminal_width(FILE *file);

/*
 * Whether @file is a terminal that shows bold text, and the user did not say
 * otherwise with NO_COLOR (https://no-color.org).
 */
bool terminal_has_colour(FILE *file);

#endif
