/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes frames of the stacks of births; births with equal stacks share them. */
#ifndef BIRTHS_STACKS_H
#define BIRTHS_STACKS_H

#include <stdint.h>

#include "abi/births.h"
#include "util/vec.h"

/**
 * struct stacks - the stacks that were added
 * @frames: takes struct dmabuf_rec_frame
 * @depth: as struct track_state has it
 * @own: the same of own_frames
 * @function: the same
 * @known: a tree of tsearch(3), by frames
 * @numbers: the same stacks, by number
 */
struct stacks {
	struct vec *frames;
	uint32_t depth, own;
	uint64_t function;
	void *known, *numbers;
};

void stacks_fini(struct stacks *stacks);

/*
 * Adds the stacks of a birth, which are behind it. @ret takes their number, 0
 * when none was noted. The number is the same in all processes that run the
 * same files, and in later looks, unless two stacks would have the same: then
 * one of them gets another. It tells no address. Return: 0 or -ENOMEM.
 */
int stacks_add(struct stacks *stacks, const struct birth *birth, uint32_t *ret);

#endif
