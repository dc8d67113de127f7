// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ui/suggest.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "walk/recipe.h"

/* Made from the files in recipes/. */
extern const char *const recipe_texts[];

enum { OPERANDS_MAX = 64, TEXT_MAX = 64 * 1024 };

DEFINE_CLEANUP(recipe, struct recipe, recipe_free)

void recipe_free(struct recipe *recipe)
{
	struct recipe_walk *walk = NULL;

	if (!recipe)
		return;
	while ((walk = vec_next(&recipe->walks, walk)))
		free(walk->operands);
	vec_fini(&recipe->walks);
	free(recipe->name);
	free(recipe->text);
	free(recipe);
}

static char *read_file(const char *path, struct dmabuf_error *error)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	_cleanup_free_ char *text = malloc(TEXT_MAX + 1);
	size_t n = 0;

	if (file && text)
		n = fread(text, 1, TEXT_MAX + 1, file);
	if (!file || !text || ferror(file)) {
		error_set(error, -errno, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (n > TEXT_MAX) {
		error_set(error, -EFBIG, "%s: longer than %d KiB", path,
			  TEXT_MAX / 1024);
		return NULL;
	}
	text[n] = 0;
	if (strlen(text) < n) {
		error_set(error, -EINVAL, "%s: not a text", path);
		return NULL;
	}
	return take_ptr(text);
}

static char *find_text(const char *name, struct dmabuf_error *error)
{
	char hint[SUGGEST_HINT];
	struct suggestion near;
	char *text;
	size_t i;

	if (strchr(name, '/'))
		return read_file(name, error);
	suggest_begin(&near, name, strlen(name));
	for (i = 0; recipe_names[i]; i++) {
		if (!strcmp(recipe_names[i], name)) {
			text = strdup(recipe_texts[i]);
			if (!text)
				error_no_memory(error);
			return text;
		}
		suggest_try(&near, recipe_names[i]);
	}
	error_set(error, -ENOENT, "no recipe is called '%s'", name);
	if (near.name[0])
		error_hint(error, "%s", suggest_hint(&near, "", hint));
	else
		error_hint(error, "see 'btfwalk --list'");
	return NULL;
}

static int add_walk(struct recipe *recipe, char *range, char *operands,
		    struct dmabuf_error *error)
{
	struct recipe_walk walk = { .range = range };
	char *word, *rest = NULL;
	size_t n = 0;

	walk.operands = calloc(OPERANDS_MAX + 1, sizeof(*walk.operands));
	if (!walk.operands || vec_push(&recipe->walks, &walk)) {
		free(walk.operands);
		return error_no_memory(error);
	}
	for (word = strtok_r(operands, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (n == OPERANDS_MAX)
			return error_set(error, -E2BIG, "more than %d operands",
					 OPERANDS_MAX);
		walk.operands[n++] = word;
	}
	return n < 2 ? error_set(error, -EINVAL,
				 "a walk of less than two operands")
		     : 0;
}

static int parse_line(struct recipe *recipe, char *line,
		      struct dmabuf_error *error)
{
	const struct {
		const char *key;
		char **to;
	} keys[] = {
		{ "what", &recipe->what },   { "lock", &recipe->lock },
		{ "truth", &recipe->truth }, { "check", &recipe->check },
		{ "where", &recipe->where },
	};
	char *value;
	size_t i;

	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return 0;
	value = strstr(line, ": ");
	if (!value)
		return error_set(error, -EINVAL, "'%s' is no KEY: VALUE", line);
	*value = 0;
	value += 2 + strspn(value + 2, " \t");
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(line, keys[i].key)) {
			*keys[i].to = value;
			return 0;
		}
	/* Ranges begin with a version; what does not is a key misspelt. */
	if (*line < '0' || *line > '9')
		return error_set(error, -EINVAL, "no key is called '%s'", line);
	return add_walk(recipe, line, value, error);
}

int recipe_open(const char *name, struct recipe **ret,
		struct dmabuf_error *error)
{
	_cleanup_(recipe_cleanup) struct recipe *recipe = NULL;
	struct dmabuf_error line_why;
	char *line, *next;
	int number = 1;

	recipe = calloc(1, sizeof(*recipe));
	if (!recipe)
		return error_no_memory(error);
	recipe->walks = (struct vec)VEC_OF(struct recipe_walk);
	recipe->name = strdup(name);
	recipe->text = find_text(name, error);
	if (!recipe->text)
		return error->err;
	if (!recipe->name)
		return error_no_memory(error);
	for (line = recipe->text; line; line = next, number++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (parse_line(recipe, line, &line_why))
			return error_set(error, line_why.err, "%s:%d: %s", name,
					 number, line_why.text);
	}
	if (!recipe->what || !recipe->walks.n)
		return error_set(error, -EINVAL,
				 "%s: a recipe has 'what:' and a "
				 "walk at least",
				 name);
	*ret = take_ptr(recipe);
	return 0;
}
