/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Variables that clean up at the end of their scope. Declare a variable that
 * owns something with one of these, and initialise it. take_ptr() and take_fd()
 * give the ownership away.
 */
#ifndef UTIL_CLEANUP_H
#define UTIL_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn) __attribute__((cleanup(fn)))

/* Defines NAME_cleanup(), which calls FREE on a pointer of TYPE. */
#define DEFINE_CLEANUP(name, type, free)                                       \
	static inline void name##_cleanup(type **p)                            \
	{                                                                      \
		if (*p)                                                        \
			free(*p);                                              \
	}

static inline void free_cleanup(void *p)
{
	free(*(void **)p);
}

static inline void close_cleanup(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

DEFINE_CLEANUP(fclose, FILE, fclose)

#define _cleanup_free_	 _cleanup_(free_cleanup)
#define _cleanup_close_	 _cleanup_(close_cleanup)
#define _cleanup_fclose_ _cleanup_(fclose_cleanup)

#define take_ptr(p)                                                            \
	({                                                                     \
		__typeof__(p) *__p = &(p);                                     \
		__typeof__(p) __taken = *__p;                                  \
		*__p = NULL;                                                   \
		__taken;                                                       \
	})

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
