/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value at the end of a path, out of an object's record. */
#ifndef WALK_VALUE_H
#define WALK_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "walk/path.h"

struct walk_value {
	bool null; /* a pointer on the path is NULL */
	bool fault; /* or leads nowhere */
	uint64_t number; /* sign extended where it has one */
	/* SHOW_STRING, SHOW_NUMBERS, SHOW_BYTES: in the record. */
	const unsigned char *bytes;
	size_t length;
	bool cut; /* a string that is longer */
};

/* @i is the number of the path in its level. */
struct walk_value walk_value_of(const struct path *path, size_t i,
				const struct walk_record *record);

/* The name of an enum's number, or NULL. */
const char *enum_name(struct type type, uint64_t number);

/* Finds the number of an enum's name. Return: whether there is one. */
bool enum_number(struct type type, const char *name, uint64_t *ret);

#endif
