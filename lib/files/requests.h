/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_REQUESTS_H
#define FILES_REQUESTS_H

#include "files/reach.h"

/* Finds the files that the requests of an io_uring wait for. */
void requests_read(struct reach *reach, const struct keeper *ring);

#endif
