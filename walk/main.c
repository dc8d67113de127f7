// SPDX-License-Identifier: GPL-2.0-or-later
/* btfwalk: the command line. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "ui/message.h"
#include "util/cleanup.h"
#include "walk/complete.h"
#include "walk/condition.h"
#include "walk/explain.h"
#include "walk/output.h"
#include "walk/recipe.h"
#include "walk/walker.h"

enum { STATUS_WHOLE, STATUS_FAILED, STATUS_USAGE, STATUS_GAPS };

enum option_id {
	OPTION_RECIPE = 'r',
	OPTION_LIST = 256,
	OPTION_WHERE,
	OPTION_CHECK,
	OPTION_LIMIT,
	OPTION_COUNT,
	OPTION_JSON,
	OPTION_NO_HEADINGS,
	OPTION_EXPLAIN,
	OPTION_TIMEOUT,
	OPTION_MAX,
	OPTION_ROOT,
	OPTION_COMPLETE,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct {
	const char *name, *arg, *help;
	int id;
} specs[] = {
	{ "recipe", "NAME",
	  "walk as the catalogue says; all operands are "
	  "fields",
	  OPTION_RECIPE },
	{ "list", NULL, "show the catalogue", OPTION_LIST },
	{ "where", "CONDITION",
	  "only objects for which it holds, as in "
	  "'size > 1M && name ~ x*'",
	  OPTION_WHERE },
	{ "check", "CONDITION", "mark objects for which it does not",
	  OPTION_CHECK },
	{ "limit", "N", "stop after N objects", OPTION_LIMIT },
	{ "count", NULL, "just their number", OPTION_COUNT },
	{ "json", NULL, "JSON instead of a table", OPTION_JSON },
	{ "no-headings", NULL, "just the rows", OPTION_NO_HEADINGS },
	{ "explain", NULL, "show where it would look, and do not walk",
	  OPTION_EXPLAIN },
	{ "timeout", "SECONDS", "stop then (default 10)", OPTION_TIMEOUT },
	{ "max", "N", "take more than N objects for a ring (default 1000000)",
	  OPTION_MAX },
	{ "root", "DIR", "look into a recorded tree; just with --explain",
	  OPTION_ROOT },
	{ "help", NULL, "show this", OPTION_HELP },
	{ "version", NULL, "show the version", OPTION_VERSION },
	/* For the shell; not shown. */
	{ "complete", NULL, NULL, OPTION_COMPLETE },
};

enum { SPECS = sizeof(specs) / sizeof(specs[0]), CONDITIONS_MAX = 16 };

struct options {
	const char *recipe, *sysroot;
	const char *conditions[CONDITIONS_MAX];
	bool checks[CONDITIONS_MAX];
	size_t n;
	bool list, count, json, no_headings, explain, complete;
	struct walk_limits limits;
};

DEFINE_CLEANUP(ctx, struct dmabuf_ctx, dmabuf_ctx_free)
DEFINE_CLEANUP(types, struct types, types_free)
DEFINE_CLEANUP(symbols, struct symbols, symbols_free)
DEFINE_CLEANUP(walker, struct walker, walker_free)
DEFINE_CLEANUP(recipe, struct recipe, recipe_free)

#define usage(...) (message_usage(NULL, __VA_ARGS__), STATUS_USAGE)

static int failed(const struct dmabuf_error *error)
{
	message_failure(error->text, NULL, error->hint);
	return STATUS_FAILED;
}

static int no_memory(void)
{
	message_no_memory();
	return STATUS_FAILED;
}

static void print_help(void)
{
	char left[64];
	size_t i;

	printf("Usage: btfwalk [OPTION]... START TYPE.MEMBER FIELD... "
	       "[/ PATH TYPE.MEMBER FIELD...]...\n"
	       "       btfwalk [OPTION]... -r RECIPE [FIELD]...\n"
	       "Walks any list of the kernel, by the type of what is in it.\n\n"
	       "Options:\n");
	for (i = 0; i < SPECS && specs[i].help; i++) {
		snprintf(left, sizeof(left), "%s--%s%s%s",
			 specs[i].id == OPTION_RECIPE ? "-r, " : "",
			 specs[i].name, specs[i].arg ? " " : "",
			 specs[i].arg ?: "");
		printf("  %-22s %s\n", left, specs[i].help);
	}
	printf("\nSTART is a symbol or an address, and a path from there: "
	       "SYMBOL{TYPE}.MEMBER,\nSYMBOL[:N] for the N elements of an "
	       "array. TYPE.MEMBER links the objects: a\nlist_head, "
	       "hlist_node, llist_node, rb_node or pointer; TYPE alone is for "
	       "xarrays,\nIDRs and elements of arrays.\n"
	       "FIELD is a path in C: file.f_inode.i_ino, ops->name, "
	       "flags[0], priv{TYPE}.x, with\n:str, :hex, :sym, :dec or :addr "
	       "after it; . is the object, @ its index.\n"
	       "\nExit status: 0 whole answer, 1 failed, 2 usage, 3 answer "
	       "with "
	       "gaps.\n");
}

static bool parse_number(const char *text, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !errno && !*end;
}

static int add_condition(struct options *options, const char *text, bool check)
{
	if (options->n == CONDITIONS_MAX)
		return usage("more than %d conditions", CONDITIONS_MAX);
	options->conditions[options->n] = text;
	options->checks[options->n++] = check;
	return -1;
}

/* Return: -1 to go on, or the exit status. */
static int set_option(struct options *options, int id, const char *value)
{
	struct walk_limits *limits = &options->limits;
	char *end;

	switch (id) {
	case OPTION_RECIPE:
		options->recipe = value;
		break;
	case OPTION_LIST:
		options->list = true;
		break;
	case OPTION_WHERE:
		return add_condition(options, value, false);
	case OPTION_CHECK:
		return add_condition(options, value, true);
	case OPTION_LIMIT:
		if (!parse_number(value, &limits->objects) || !limits->objects)
			return usage("'%s' is no number of objects", value);
		break;
	case OPTION_MAX:
		if (!parse_number(value, &limits->objects_max) ||
		    !limits->objects_max || limits->objects_max > UINT32_MAX)
			return usage("'%s' is no number of objects", value);
		break;
	case OPTION_TIMEOUT:
		limits->seconds = strtod(value, &end);
		if (end == value || *end || !(limits->seconds > 0))
			return usage("'%s' is no number of seconds", value);
		break;
	case OPTION_COUNT:
		options->count = true;
		break;
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_NO_HEADINGS:
		options->no_headings = true;
		break;
	case OPTION_EXPLAIN:
		options->explain = true;
		break;
	case OPTION_COMPLETE:
		options->complete = true;
		break;
	case OPTION_ROOT:
		options->sysroot = value;
		break;
	case OPTION_HELP:
		print_help();
		return STATUS_WHOLE;
	case OPTION_VERSION:
		printf("btfwalk %s\n", dmabuf_version());
		return STATUS_WHOLE;
	}
	return -1;
}

static int parse_options(struct options *options, int argc, char **argv)
{
	struct option getopt[SPECS + 1] = {};
	int id, status = -1;
	size_t i;

	for (i = 0; i < SPECS; i++)
		getopt[i] = (struct option){ specs[i].name, !!specs[i].arg,
					     NULL, specs[i].id };
	opterr = 0;
	while (status < 0 &&
	       (id = getopt_long(argc, argv, ":r:", getopt, NULL)) != -1) {
		if (id == ':')
			return usage("'%s' needs an argument",
				     argv[optind - 1]);
		if (id == '?' && optopt && optopt < 256)
			return usage("unknown option '-%c'", optopt);
		if (id == '?')
			return usage("unknown option '%s'", argv[optind - 1]);
		status = set_option(options, id, optarg);
	}
	return status;
}

static int list_recipes(void)
{
	struct dmabuf_error error;
	struct recipe *recipe;
	size_t i;

	for (i = 0; recipe_names[i]; i++) {
		if (recipe_open(recipe_names[i], &recipe, &error))
			return failed(&error);
		printf("%-20s %s\n", recipe->name, recipe->what);
		recipe_free(recipe);
	}
	return STATUS_WHOLE;
}

/* The operands of a recipe's walk, those of the user for its last fields. */
static void replace_fields(char *const *walk, char **fields, char **to,
			   size_t max)
{
	size_t n, last = 2, i;

	for (n = 0; walk[n] && n < max; n++) {
		to[n] = walk[n];
		if (!strcmp(walk[n], "/"))
			last = n + 3;
	}
	if (*fields)
		for (n = last, i = 0; fields[i] && n < max; i++)
			to[n++] = fields[i];
	to[n] = NULL;
}

enum { OPERANDS_MAX = 256 };

static int add_conditions(struct query *query, const struct options *options,
			  const struct recipe *recipe,
			  struct dmabuf_error *error)
{
	size_t i;
	int r = 0;

	if (recipe && recipe->where)
		r = condition_parse(query, recipe->where, false, error);
	if (!r && recipe && recipe->check)
		r = condition_parse(query, recipe->check, true, error);
	for (i = 0; !r && i < options->n; i++)
		r = condition_parse(query, options->conditions[i],
				    options->checks[i], error);
	return r;
}

/*
 * Resolves what is asked: of a recipe, the first walk that this kernel has.
 * @operands become those of that.
 */
static int resolve(struct query *query, const struct options *options,
		   const struct recipe *recipe, char **operands,
		   struct types *types, struct symbols *symbols,
		   struct dmabuf_error *error)
{
	char *fields[OPERANDS_MAX + 1];
	struct recipe_walk *walk = NULL;
	struct dmabuf_error attempt;
	size_t furthest = 0;
	int r = -ENOENT;

	if (!recipe) {
		query_init(query, types, symbols);
		r = query_parse(query, operands, error);
		return r ?: add_conditions(query, options, recipe, error);
	}
	memcpy(fields, operands, sizeof(fields));
	while ((walk = vec_next(&recipe->walks, walk))) {
		query_fini(query);
		query_init(query, types, symbols);
		replace_fields(walk->operands, fields, operands, OPERANDS_MAX);
		r = query_parse(query, operands, &attempt);
		if (!r)
			return add_conditions(query, options, recipe, error);
		/* What is wrong with the one that is nearly right. */
		if (query->levels.n >= furthest) {
			furthest = query->levels.n + 1;
			*error = attempt;
		}
	}
	return r;
}

/* The operands in one line. */
static void join(char *const *operands, char *to, size_t size)
{
	size_t used = 0;

	to[0] = 0;
	for (; *operands && used < size; operands++)
		used += snprintf(to + used, size - used, "%s%s",
				 used ? " " : "", *operands);
}

static int print(const struct query *query, const struct walk_result *result,
		 const struct options *options, char *const *operands)
{
	char iterators[160], walk[1024];
	const struct level *last = query_level(query, query->levels.n - 1);
	struct utsname name = {};
	struct output output = {
		.query = query,
		.result = result,
		.kernel = name.release,
		.walk = walk,
		.iterators = iterators,
		.file = stdout,
		.json = options->json,
		.headings = !options->no_headings,
		.count = options->count,
	};
	bool whole = !result->gaps.n && !result->checks_failed;
	int r;

	uname(&name);
	join(operands, walk, sizeof(walk));
	types_iterators(query->types, type_name(last->type), iterators,
			sizeof(iterators));
	r = output_write(&output);
	if (r)
		/* main() says what is wrong with stdout. */
		return r == -ENOMEM ? no_memory() : STATUS_FAILED;
	return whole ? STATUS_WHOLE : STATUS_GAPS;
}

static bool shows_symbols(const struct query *query)
{
	const struct query_column *column = NULL;

	while ((column = vec_next(&query->columns, column)))
		if (query_column_path(query, column)->show == SHOW_SYMBOL)
			return true;
	return false;
}

static int walk(struct dmabuf_ctx *ctx, const struct query *query,
		const struct options *options, char *const *operands)
{
	_cleanup_(walker_cleanup) struct walker *walker = NULL;
	struct walk_result result = {};
	int status;

	/* Nobody may read them who has only what walking takes. */
	if (shows_symbols(query))
		(void)symbols_load(query->symbols);
	if (walker_open(ctx, &walker))
		return failed(&ctx->error);
	status = walker_run(walker, query, &options->limits, &result)
			 ? failed(&ctx->error)
			 : print(query, &result, options, operands);
	walk_result_fini(&result);
	return status;
}

static int run(struct dmabuf_ctx *ctx, const struct options *options,
	       char **operands, int n)
{
	_cleanup_(types_cleanup) struct types *types = NULL;
	_cleanup_(symbols_cleanup) struct symbols *symbols = NULL;
	_cleanup_(recipe_cleanup) struct recipe *recipe = NULL;
	struct dmabuf_error error = {};
	struct query query = {};
	int status;

	symbols = symbols_new(&ctx->sysroot);
	if (!symbols)
		return no_memory();
	if ((options->recipe && !options->complete &&
	     recipe_open(options->recipe, &recipe, &error)) ||
	    types_open(&ctx->sysroot, &types, &error))
		return options->complete ? STATUS_FAILED : failed(&error);
	if (options->complete) {
		complete(types, symbols, options->recipe, operands, n, stdout);
		return STATUS_WHOLE;
	}
	if (resolve(&query, options, recipe, operands, types, symbols,
		    &error)) {
		status = failed(&error);
	} else if (options->explain) {
		explain(&query, stdout);
		status = STATUS_WHOLE;
	} else {
		status = walk(ctx, &query, options, operands);
	}
	query_fini(&query);
	return status;
}

static int begin(int argc, char **argv)
{
	_cleanup_(ctx_cleanup) struct dmabuf_ctx *ctx = NULL;
	struct dmabuf_ctx_opts opts = { .size = sizeof(opts) };
	struct options options = {
		.limits = { .objects_max = 1000000, .seconds = 10 },
	};
	char *operands[OPERANDS_MAX + 1] = {};
	int status = parse_options(&options, argc, argv), n;

	if (status >= 0)
		return status;
	n = argc - optind;
	if (options.list)
		return n ? usage("unexpected '%s'", argv[optind])
			 : list_recipes();
	if (n > OPERANDS_MAX)
		return usage("more than %d operands", OPERANDS_MAX);
	memcpy(operands, argv + optind, n * sizeof(*operands));
	if (options.complete ? !n : !options.recipe && n < 2)
		return usage("%s", n ? "after START comes TYPE.MEMBER, as in "
				       "'dmabuf_list dma_buf.list_node size'"
				     : "what is to be walked?");
	if (options.sysroot && !options.explain && !options.complete)
		return usage(
			"--root goes with --explain: a recorded tree has no "
			"memory");
	opts.sysroot = options.sysroot;
	if (dmabuf_ctx_new(&opts, &ctx))
		return no_memory();
	return run(ctx, &options, operands, n);
}

int main(int argc, char **argv)
{
	int status;

	message_set_program("btfwalk");
	setlocale(LC_ALL, "");
	/* Why something fails is told in one line of our own. */
	libbpf_set_print(NULL);
	status = begin(argc, argv);
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		message_failure("cannot write to stdout",
				strerror(errno ?: EIO), NULL);
		return STATUS_FAILED;
	}
	return status;
}
