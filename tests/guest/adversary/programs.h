/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF programs with the kernel's iterators, loaded. */
#ifndef TESTS_GUEST_ADVERSARY_PROGRAMS_H
#define TESTS_GUEST_ADVERSARY_PROGRAMS_H

#include <stddef.h>

#include "abi/iter_open.h"

enum {
	RECORDS_MAX = 1024,
};

/*
 * struct programs - what is loaded, and its descriptors
 * @open: runs the open-coded iterator
 * @seq: is for a link of the classic iterator
 * @array: the records that the first one writes, RECORDS_MAX
 * @pass: the state of its last run
 */
struct programs {
	int open, seq;
	struct open_buffer *array;
	struct open_pass *pass;
};

/* Gives up if the kernel refuses them. */
void programs_load(struct programs *p);

#endif
