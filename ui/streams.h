/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three standard streams of a program. */
#ifndef UI_STREAMS_H
#define UI_STREAMS_H

#include <stdio.h>

/*
 * Opens /dev/null for the standard streams that are closed: a file that is
 * opened later must not get the number of one, because what is meant for the
 * stream would be written into the file. Return: 0, or -1 after a message if
 * stdout is closed.
 */
int streams_hold(void);

/*
 * Writes out and closes *@file, which is NULL then; a stream that is NULL was
 * closed before. Return: 0, or -errno when something could not be written, now
 * or earlier.
 */
int stream_close(FILE **file);

#endif
