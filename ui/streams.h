/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three standard streams of a program. */
#ifndef UI_STREAMS_H
#define UI_STREAMS_H

/*
 * Opens /dev/null for the standard streams that are closed: a file that is
 * opened later must not get the number of one, because what is meant for the
 * stream would be written into the file. Return: 0, or -1 after a message if
 * stdout is closed.
 */
int streams_hold(void);

#endif
