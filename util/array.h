/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UTIL_ARRAY_H
#define UTIL_ARRAY_H

/* The number of elements; compilers warn when @array is a pointer. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
