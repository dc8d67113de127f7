// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"
#include "walk/complete.h"
#include "walk/query.h"
#include "walk/recipe.h"

DEFINE_CLEANUP(recipe, struct recipe, recipe_free)

struct prefix {
	FILE *file; /* where candidates go */
	const char *text; /* what the candidate begins with */
	size_t length;
	size_t kept; /* bytes before the word that is completed */
};

static bool begins(const struct prefix *prefix, const char *name)
{
	return !strncmp(name, prefix->text + prefix->kept,
			prefix->length - prefix->kept);
}

static void print(const struct prefix *prefix, const char *name,
		  const char *after)
{
	fprintf(prefix->file, "%.*s%s%s\n", (int)prefix->kept, prefix->text,
		name, after);
}

static void try_symbol(void *data, const char *name)
{
	if (begins(data, name))
		print(data, name, "");
}

static void try_type(void *data, const char *name, struct type type)
{
	(void)type;
	if (begins(data, name))
		print(data, name, ".");
}

/* A member; and what it has in it, or points at. */
static void try_member(void *data, const char *name, struct type type)
{
	if (!begins(data, name))
		return;
	print(data, name, "");
	if (type_is_composite(type) ||
	    (type_is_pointer(type) && type_is_composite(type_target(type))))
		print(data, name, ".");
}

/* A member that links, or a struct that may have one. */
static void try_link(void *data, const char *name, struct type type)
{
	if (!begins(data, name))
		return;
	if (query_links(type) ||
	    (type_is_pointer(type) && type_is_composite(type_target(type))))
		print(data, name, "");
	else if (type_is_composite(type))
		print(data, name, ".");
}

/* There are no candidates for what is not found: it is no failure. */
static int only_memory(int r)
{
	return r == -ENOMEM ? r : 0;
}

/* Members of what a path leads to, which begins in a @type. */
static int complete_path(FILE *file, struct types *types, struct type type,
			 const char *text, size_t kept,
			 void (*each)(void *data, const char *name,
				      struct type type))
{
	_cleanup_free_ char *before = NULL;
	const char *dot = strrchr(text + kept, '.'), *at;
	struct place place = place_of(type);
	struct dmabuf_error error;
	struct prefix prefix = {
		.file = file,
		.text = text,
		.length = strlen(text),
		.kept = dot ? (size_t)(dot + 1 - text) : kept,
	};
	int r;

	if (dot) {
		before = strndup(text + kept, dot - text - kept);
		if (!before)
			return -ENOMEM;
		at = before;
		r = place_follow(&place, types, &at, &error);
		if (r || *at)
			return only_memory(r);
		type = place.type;
	}
	if (type_is_pointer(type))
		type = type_target(type);
	r = types_complete(types, &type, &error);
	if (!r)
		type_each_member(type, each, &prefix);
	return only_memory(r);
}

static int complete_link(FILE *file, struct types *types, const char *text)
{
	const char *dot = strchr(text, '.');
	struct prefix prefix = { .file = file,
				 .text = text,
				 .length = strlen(text) };
	struct dmabuf_error error;
	struct type type;
	int r;

	if (*text == '*')
		prefix.kept = 1;
	if (!dot)
		return types_each(types, try_type, &prefix);
	r = types_find(types, text, dot - text, NULL, &type, &error);
	if (r)
		return only_memory(r);
	return complete_path(file, types, type, text, dot + 1 - text, try_link);
}

/* A path in the objects that the last link operand names. */
static int complete_field(FILE *file, struct types *types, const char *link,
			  const char *text)
{
	struct dmabuf_error error;
	struct type type;
	int r;

	link += *link == '*';
	r = types_find(types, link, strcspn(link, "."),
		       strchr(link, '.') ? strchr(link, '.') + 1 : NULL, &type,
		       &error);
	if (r)
		return only_memory(r);
	return complete_path(file, types, type, text, 0, try_member);
}

/* The last walk of a recipe is as good as any: its types are the newest. */
static const char *recipe_link(const struct recipe *recipe)
{
	const struct recipe_walk *walk =
		vec_at(&recipe->walks, recipe->walks.n - 1);
	char **operand = walk->operands, *link = operand[1];

	for (; *operand; operand++)
		if (!strcmp(*operand, "/") && operand[1] && operand[2])
			link = operand[2];
	return link;
}

int complete(struct types *types, struct symbols *symbols, const char *name,
	     char *const *operands, int n, FILE *file)
{
	_cleanup_(recipe_cleanup) struct recipe *recipe = NULL;
	const char *text = operands[n - 1], *link = NULL;
	struct prefix prefix = { .file = file,
				 .text = text,
				 .length = strlen(text) };
	struct dmabuf_error error;
	int i, place = 0; /* of the word, since the start or a slash */
	int r;

	if (name) {
		r = recipe_open(name, &recipe, &error);
		if (r)
			return only_memory(r);
		link = recipe_link(recipe);
		place = 2;
	}
	for (i = 0; !name && i < n - 1; i++) {
		if (!strcmp(operands[i], "/")) {
			place = 0;
			continue;
		}
		if (place++ == 1)
			link = operands[i];
	}
	if (place == 1)
		return complete_link(file, types, text);
	if (link)
		return complete_field(file, types, link, text);
	/* All of them are too many to be shown. */
	return *text ? only_memory(symbols_each(symbols, try_symbol, &prefix))
		     : 0;
}
