/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FILES_TASK_H
#define FILES_TASK_H

#include "files/reach.h"

/*
 * Sets the process of a reference to that of the struct task_struct at an
 * address. Leaves it 0 when it is outside the reader's PID namespace, or when
 * the types of tasks are not known.
 */
void task_name(struct reach *reach, uint64_t task, struct dmabuf_rec_ref *ref);

#endif
