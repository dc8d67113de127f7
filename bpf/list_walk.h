/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef LIST_WALK_H
#define LIST_WALK_H

/* How a run of the walk ended. */
enum list_walk_end {
	WALK_MORE, /* the run was long enough: run it again */
	WALK_DONE, /* closed on the head of the list */
	WALK_FULL, /* the ring has no room: drain it and run again */
	WALK_TORN, /* the list changed at this place: try it again */
	WALK_BLIND, /* the kernel gave no address of its list */
};

#endif
