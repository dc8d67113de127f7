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
static void print_place(FILE *file, const struct walk_field *field)
{
	uint32_t i;

	for (i = 0; i < field->offsets; i++)
		fprintf(file, "%s%+d", i ? " -> " : "", field->offset[i]);
}

static void explain_path(FILE *file, const struct path *path)
{
	fprintf(file, "  %-32s %-8s ", path->text, shows[path->show]);
	if (path->show == SHOW_INDEX) {
		fprintf(file, "\n");
		return;
	}
	print_place(file, &path->field);
	if (path->bits)
		fprintf(file, " bits %u to %u", path->bit_offset,
			path->bit_offset + path->bits - 1);
	else if (path->field.take != WALK_TAKE_ADDRESS)
		fprintf(file, ", %u bytes", path->field.bytes);
	fprintf(file, "\n");
}

static void explain_level(FILE *file, const struct query *query, size_t i)
{
	const struct level *level = query_level(query, i);
	const struct path *path = NULL;
	char is[128];

	if (i) {
		type_describe(level->type, is, sizeof(is));
		fprintf(file, "%s of %s", level->walk, is);
		if (level->kind == WALK_ARRAY && level->count_at)
			fprintf(file, ", as many as the int at 0x%" PRIx64,
				level->count_at);
		else if (level->kind == WALK_ARRAY)
			fprintf(file, ", %u", level->count);
		else if (level->kind != WALK_XARRAY)
			fprintf(file, ", linked at %+d", level->link);
		fprintf(file, "\n");
		while ((path = vec_next(&level->paths, path)))
			explain_path(file, path);
	}
	if (i + 1 < query->levels.n) {
		fprintf(file, "from ");
		if (!i)
			fprintf(file, "0x%" PRIx64 " ", query->start);
		print_place(file, &level->head);
		fprintf(file, ": ");
	}
}

void explain(const struct query *query, FILE *file)
{
	size_t i;

	for (i = 0; i < query->levels.n; i++)
		explain_level(file, query, i);
}
