/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes all rights from a child that reads what anybody may have written. */
#ifndef SYMBOLS_CONFINE_H
#define SYMBOLS_CONFINE_H

#include <stddef.h>

/*
 * Leaves the process the file descriptors @keep, of which those below 0 do not
 * count, and neither a user nor capabilities that give it more. It ends with
 * its parent, and is the first to go when memory is short.
 */
void confine(const int *keep, size_t n);

#endif
