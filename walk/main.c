// SPDX-License-Identifier: GPL-2.0-or-later
/* btfwalk: the command line. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "ui/message.h"
#include "ui/options.h"
#include "ui/privileges.h"
#include "ui/streams.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/sysroot.h"
#include "walk/complete.h"
#include "walk/condition.h"
#include "walk/explain.h"
#include "walk/options.h"
#include "walk/output.h"
#include "walk/recipe.h"
#include "walk/walker.h"

enum { STATUS_WHOLE, STATUS_FAILED, STATUS_USAGE, STATUS_GAPS };

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

static int add_all(struct query *query, const struct vec *texts, bool check,
		   struct dmabuf_error *error)
{
	const char *const *text = NULL;
	int r = 0;

	while (!r && (text = vec_next(texts, text)))
		r = condition_parse(query, *text, check, error);
	return r;
}

static int add_conditions(struct query *query, const struct options *options,
			  const struct recipe *recipe,
			  struct dmabuf_error *error)
{
	int r = 0;

	if (recipe && recipe->where)
		r = condition_parse(query, recipe->where, false, error);
	if (!r && recipe && recipe->check)
		r = condition_parse(query, recipe->check, true, error);
	if (!r)
		r = add_all(query, &options->where, false, error);
	if (!r)
		r = add_all(query, &options->check, true, error);
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

static int print(const struct dmabuf_ctx *ctx, const struct query *query,
		 const struct walk_result *result,
		 const struct options *options, char *const *operands)
{
	char iterators[160], walk[1024];
	const struct level *last = query_level(query, query->levels.n - 1);
	char kernel[64];
	struct output output = {
		.query = query,
		.result = result,
		.kernel = kernel,
		.walk = walk,
		.iterators = iterators,
		.file = stdout,
		.json = options->json,
		.headings = !options->no_headings,
		.count = options->count,
	};
	bool whole = !result->gaps.n && !result->checks_failed;
	int r;

	sysroot_kernel_release(&ctx->sysroot, kernel, sizeof(kernel));
	join(operands, walk, sizeof(walk));
	r = types_iterators(query->types, type_name(last->type), iterators,
			    sizeof(iterators));
	r = r ?: output_write(&output);
	if (r)
		/* main() says what is wrong with stdout. */
		return r == -ENOMEM ? no_memory() : STATUS_FAILED;
	return whole ? STATUS_WHOLE : STATUS_GAPS;
}

static int walk(struct dmabuf_ctx *ctx, struct walker *walker,
		const struct query *query, const struct options *options,
		char *const *operands)
{
	struct walk_result result = {};
	int r, status;

	privileges_raise(PRIVILEGES_RUN);
	r = walker_run(walker, query, &options->limits, &result);
	privileges_drop(0);
	status = r ? failed(&ctx->error)
		   : print(ctx, query, &result, options, operands);
	walk_result_fini(&result);
	return status;
}

/*
 * Opens all that needs capabilities, and drops these: a recipe may be a file
 * that the user names.
 */
static int open_kernel(struct dmabuf_ctx *ctx, const struct options *options,
		       struct symbols *symbols, struct walker **walker)
{
	int r = 0;

	/* symbols_find() says why it cannot be opened. */
	(void)symbols_open(symbols);
	if (!options->explain)
		r = walker_open(ctx, walker);
	privileges_drop(options->explain ? 0 : PRIVILEGES_RUN);
	return r;
}

static int run(struct dmabuf_ctx *ctx, const struct options *options,
	       char **operands, int n)
{
	_cleanup_(types_cleanup) struct types *types = NULL;
	_cleanup_(symbols_cleanup) struct symbols *symbols = NULL;
	_cleanup_(walker_cleanup) struct walker *walker = NULL;
	_cleanup_(recipe_cleanup) struct recipe *recipe = NULL;
	struct dmabuf_error error = {};
	struct query query = {};
	int status;

	symbols = symbols_new(&ctx->sysroot);
	if (!symbols)
		return no_memory();
	if (!options->complete && open_kernel(ctx, options, symbols, &walker))
		return failed(&ctx->error);
	if ((options->recipe && !options->complete &&
	     recipe_open(options->recipe, &recipe, &error)) ||
	    types_open(&ctx->sysroot, options->btf, &types, &error))
		return failed(&error);
	if (options->complete)
		return complete(types, symbols, options->recipe, operands, n,
				stdout)
			       ? no_memory()
			       : STATUS_WHOLE;
	if (resolve(&query, options, recipe, operands, types, symbols,
		    &error)) {
		status = failed(&error);
	} else if (options->explain) {
		explain(&query, stdout);
		status = STATUS_WHOLE;
	} else {
		status = walk(ctx, walker, &query, options, operands);
	}
	query_fini(&query);
	return status;
}

/* Does what the options say, with operands that are left of the command line.
 */
static int begin(const struct options *options, int n, char **argv)
{
	_cleanup_(ctx_cleanup) struct dmabuf_ctx *ctx = NULL;
	const struct dmabuf_ctx_opts opts = {
		.size = sizeof(opts),
		.sysroot = options->sysroot,
		.btf = options->btf,
	};
	char *operands[OPERANDS_MAX + 1] = {};

	if (options->list)
		return n ? usage("unexpected '%s'", argv[0]) : list_recipes();
	if (n > OPERANDS_MAX)
		return usage("more than %d operands", OPERANDS_MAX);
	memcpy(operands, argv, n * sizeof(*operands));
	if (options->complete ? !n : !options->recipe && n < 2)
		return usage("%s", n ? "after START comes TYPE.MEMBER, as in "
				       "'dmabuf_list dma_buf.list_node size'"
				     : "nothing to walk: give START, "
				       "TYPE.MEMBER and fields, or -r RECIPE");
	if (options->sysroot && !options->explain && !options->complete)
		return usage(
			"--root goes with --explain: a recorded tree has no "
			"memory");
	if (options->sysroot && options->btf)
		return usage("--btf does not go with --root");
	/* With types of their own, users could read other memory. */
	if (options->complete || (opts.btf && privileges_are_lent()) ||
	    (opts.sysroot &&
	     !sysroot_is_live(&(struct sysroot){ opts.sysroot })))
		privileges_drop(0);
	else
		privileges_raise(PRIVILEGES_LOAD);
	if (dmabuf_ctx_new(&opts, &ctx))
		return no_memory();
	return run(ctx, options, operands, n);
}

static int read_and_begin(int argc, char **argv)
{
	_cleanup_(options_fini) struct options options = OPTIONS_DEFAULT;
	int result = options_read(&options, &argc, &argv, stdout);

	if (result == OPTIONS_PARSED)
		return begin(&options, argc, argv);
	if (result == OPTIONS_FAILED)
		return STATUS_FAILED;
	return result == OPTIONS_WRONG ? STATUS_USAGE : STATUS_WHOLE;
}

int main(int argc, char **argv)
{
	int status, r;

	message_set_program("btfwalk");
	if (privileges_begin() || streams_hold())
		return STATUS_FAILED;
	if (locale_set())
		return no_memory();
	/* Why something fails is told in one line of our own. */
	libbpf_set_print(NULL);
	status = read_and_begin(argc, argv);
	r = stream_close(&stdout);
	if (r) {
		message_failure("cannot write to stdout", strerror(-r), NULL);
		return STATUS_FAILED;
	}
	return status;
}
