/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths from an object to what is to be shown, as dmabuf(1)'s users know them
 * from C:
 *
 *	MEMBER.MEMBER	a member; of a pointer, of what it points at
 *	[N]		an element of an array, or behind a pointer
 *	{TYPE}		what is here, or is pointed at, is a TYPE
 *	{*TYPE}		the same, a pointer to a TYPE
 *	{TYPE.MEMBER}	the same, this MEMBER of a TYPE: go on from the TYPE
 *	.		the object itself
 *	@		its index
 *	:FORMAT		str, hex, sym, dec or addr, at the end
 */
#ifndef WALK_PATH_H
#define WALK_PATH_H

#include "abi/walk.h"
#include "walk/types.h"

/* A place that a path leads to: as walk_field, and the type of what is there.
 */
struct place {
	struct type type;
	int32_t offset[WALK_HOPS];
	uint32_t offsets;
	uint32_t bit_offset; /* of a bit field, from the place */
	uint32_t bits; /* of it, or 0 */
	uint32_t casts; /* that the path is inside of */
};

/* How a value is shown. */
enum show {
	SHOW_SIGNED,
	SHOW_UNSIGNED,
	SHOW_BOOL,
	SHOW_ENUM, /* by the name of its number */
	SHOW_HEX,
	SHOW_SYMBOL, /* of an address */
	SHOW_STRING,
	SHOW_NUMBERS, /* an array of integers */
	SHOW_BYTES, /* an array, in hex */
	SHOW_INDEX, /* of the object */
};

struct path {
	char *text; /* as the user wrote it */
	struct type type; /* of an enum; of an array, its element */
	struct walk_field field; /* unused for SHOW_INDEX */
	enum show show;
	bool is_signed; /* SHOW_NUMBERS */
	uint32_t bit_offset, bits; /* of a bit field */
	uint32_t each; /* bytes of an element */
};

/* The place where an object of @type begins. */
struct place place_of(struct type type);

/*
 * Follows elements of a path from *@text, moving it, up to the end, a ':' or a
 * "[:". Return: 0, or -errno with the reason in @error.
 */
int place_follow(struct place *place, struct types *types, const char **text,
		 struct dmabuf_error *error);

/* Goes on to what the pointer here points at. Return: 0 or -errno. */
int place_dereference(struct place *place, struct dmabuf_error *error);

/* A field that takes the address of a place. */
struct walk_field place_address(const struct place *place);

/*
 * Resolves a path of objects of @type. Return: 0, or -errno with the reason in
 * @error.
 *
 * Ownership: the caller frees @ret->text.
 */
int path_resolve(struct types *types, struct type type, const char *text,
		 struct path *ret, struct dmabuf_error *error);

#endif
