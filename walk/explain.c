// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "walk/condition.h"
#include "walk/explain.h"

static const char *const shows[] = {
	[SHOW_SIGNED] = "signed", [SHOW_UNSIGNED] = "unsigned",
	[SHOW_BOOL] = "bool",	  [SHOW_ENUM] = "enum",
	[SHOW_HEX] = "hex",	  [SHOW_SYMBOL] = "symbol",
	[SHOW_STRING] = "string", [SHOW_NUMBERS] = "numbers",
	[SHOW_BYTES] = "bytes",	  [SHOW_INDEX] = "index",
};

/* +OFFSET, and [+OFFSET] for each pointer followed: where a field lies. */
static void print_place(const struct walk_field *field)
{
	uint32_t i;

	for (i = 0; i < field->offsets; i++)
		printf("%s%+d", i ? " -> " : "", field->offset[i]);
}

static void explain_path(const struct path *path)
{
	printf("  %-32s %-8s ", path->text, shows[path->show]);
	if (path->show == SHOW_INDEX) {
		printf("\n");
		return;
	}
	print_place(&path->field);
	if (path->bits)
		printf(" bits %u to %u", path->bit_offset,
		       path->bit_offset + path->bits - 1);
	else if (path->field.take != WALK_TAKE_ADDRESS)
		printf(", %u bytes", path->field.bytes);
	printf("\n");
}

static void explain_level(const struct query *query, size_t i)
{
	const struct level *level = query_level(query, i);
	const struct path *path = NULL;
	char is[128];

	if (i) {
		type_describe(level->type, is, sizeof(is));
		printf("%s of %s", level->walk, is);
		if (level->kind == WALK_ARRAY && level->count_at)
			printf(", as many as the int at 0x%" PRIx64,
			       level->count_at);
		else if (level->kind == WALK_ARRAY)
			printf(", %u", level->count);
		else if (level->kind != WALK_XARRAY)
			printf(", linked at %+d", level->link);
		printf("\n");
		while ((path = vec_next(&level->paths, path)))
			explain_path(path);
	}
	if (i + 1 < query->levels.n) {
		printf("from ");
		if (!i)
			printf("0x%" PRIx64 " ", query->start);
		print_place(&level->head);
		printf(": ");
	}
}

void explain(const struct query *query)
{
	size_t i;

	for (i = 0; i < query->levels.n; i++)
		explain_level(query, i);
}
