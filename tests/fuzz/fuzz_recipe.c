// SPDX-License-Identifier: GPL-2.0-or-later
/* Recipes: the walks and conditions in them, on types that are good. */
#include <bpf/libbpf.h>

#include "core/context.h"
#include "tree.h"
#include "walk/complete.h"
#include "walk/condition.h"
#include "walk/explain.h"
#include "walk/recipe.h"
#include "walk/value.h"

/* What is the same in each run. */
static struct types *types;
static struct symbols *symbols;
static FILE *null;

static void add_file(const char *name, const char *from)
{
	static char bytes[64 * 1024];
	FILE *file = fopen(from, "r");
	size_t n;

	if (!file)
		fprintf(stderr, "%s is not there: run make check-needs\n",
			from);
	must(file);
	n = fread(bytes, 1, sizeof(bytes), file);
	tree_add(name, bytes, n);
	fclose(file);
}

static void begin(void)
{
	static const struct sysroot sysroot = { tree };
	struct dmabuf_error error = {};

	if (types)
		return;
	libbpf_set_print(NULL);
	tree_begin();
	add_file("sys/kernel/btf/vmlinux",
		 getenv("FUZZ_TYPES") ?: "build/tests/walk/types.btf");
	add_file("proc/kallsyms", "tests/walk/kallsyms");
	null = fopen("/dev/null", "w");
	symbols = symbols_new(&sysroot);
	must(null && symbols && !symbols_open(symbols));
	must(!types_open(&sysroot, NULL, &types, &error));
}

/* Reads values and conditions from an object whose fields are @data. */
static void look_at_object(const struct query *query, const uint8_t *data,
			   size_t size)
{
	static struct {
		struct walk_record record;
		uint8_t data[WALK_DATA_BYTES];
	} object;
	const struct condition *condition = NULL;
	const struct path *path = NULL;
	const struct level *level;
	struct walk_value value;

	size = size < sizeof(object.data) ? size : sizeof(object.data);
	memset(&object, 0, sizeof(object));
	memcpy(object.data, data, size);
	while ((condition = vec_next(&query->conditions, condition))) {
		level = query_level(query, condition->level);
		(void)condition_holds(condition,
				      vec_at(&level->paths, condition->path),
				      &object.record);
	}
	level = query_level(query, query->levels.n - 1);
	while ((path = vec_next(&level->paths, path))) {
		value = walk_value_of(path, vec_index(&level->paths, path),
				      &object.record);
		must(value.length <= WALK_FIELD_BYTES);
		if (path->show == SHOW_ENUM)
			(void)enum_name(path->type, value.number);
	}
}

static void ask(const struct recipe *recipe, char *const *operands,
		const uint8_t *data, size_t size)
{
	struct dmabuf_error error = {};
	struct query query;
	size_t n = 0;
	int r;

	query_init(&query, types, symbols);
	r = query_parse(&query, operands, &error);
	if (!r && recipe->where)
		r = condition_parse(&query, recipe->where, false, &error);
	if (!r && recipe->check)
		r = condition_parse(&query, recipe->check, true, &error);
	must(!r || (error.err == r && error.text[0]));
	if (!r) {
		explain(&query, null);
		look_at_object(&query, data, size);
	}
	query_fini(&query);

	while (operands[n])
		n++;
	complete(types, symbols, NULL, operands, n, null);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dmabuf_error error = {};
	struct recipe_walk *walk = NULL;
	struct recipe *recipe;
	char path[32];
	int fd;

	begin();
	fd = fuzz_file(data, size, "", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (recipe_open(path, &recipe, &error)) {
		must(error.err && error.text[0]);
	} else {
		while ((walk = vec_next(&recipe->walks, walk)))
			ask(recipe, walk->operands, data, size);
		recipe_free(recipe);
	}
	close(fd);
	return 0;
}
