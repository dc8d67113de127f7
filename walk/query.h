/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked: where the walk starts, how objects hang together, what is
 * shown of them, and which count. All resolved: only offsets are left.
 *
 *	START LINK FIELD... [/ PATH LINK FIELD...]...
 *
 * START is a symbol or an address, and a path from there; after a slash, a path
 * from each object of the walk before. LINK is TYPE.MEMBER, the member that
 * links the objects; TYPE for those of an xarray or IDR, and for the elements
 * of an array, START[:N]; *TYPE when these are pointers.
 */
#ifndef WALK_QUERY_H
#define WALK_QUERY_H

#include "util/vec.h"
#include "walk/path.h"
#include "walk/symbols.h"

/* Objects of one walk. Those of some levels only lead to the next. */
struct level {
	enum walk_kind kind;
	struct type type;
	bool shown;
	uint32_t link, back;
	uint32_t count; /* arrays: objects; */
	uint64_t count_at; /* or the address of an unsigned int with that */
	struct vec paths; /* struct path */
	struct walk_field head; /* of the next level, from an object of this */
	const char *walk; /* what it is called: "list", ... */
};

struct query_column {
	uint32_t level, path;
};

/* struct xa_node, zero where no level needs it. */
struct xa_layout {
	uint32_t head, slots, chunk, shift, offset, parent, array;
};

struct query {
	struct types *types;
	struct symbols *symbols;
	uint64_t start; /* the address of the first level's one object */
	struct xa_layout xa;
	struct vec levels; /* struct level */
	struct vec columns; /* struct query_column */
	struct vec conditions; /* struct condition; see condition.h */
};

void query_init(struct query *query, struct types *types,
		struct symbols *symbols);
void query_fini(struct query *query);

/*
 * Resolves operands, of which there are at least two, with NULL after the last.
 * Return: 0, or -errno with the reason in @error.
 */
int query_parse(struct query *query, char *const *operands,
		struct dmabuf_error *error);

/* Whether members of this type link objects, pointers to the next left aside.
 */
bool query_links(struct type member);

struct level *query_level(const struct query *query, size_t i);

/*
 * Writes what a column is called: its path, after its type where another level
 * has the same path.
 */
void query_column_name(const struct query *query,
		       const struct query_column *column, char *to,
		       size_t size);

const struct path *query_column_path(const struct query *query,
				     const struct query_column *column);

/*
 * Adds a path to a level, of what is there already the same one. Return: its
 * number, or -errno with the reason in @error.
 */
int query_add_path(struct query *query, size_t level, const char *text,
		   struct dmabuf_error *error);

#endif
