// SPDX-License-Identifier: GPL-2.0-or-later
#include <dmabuf/dmabuf.h>

#include "ui/help.h"
#include "ui/options.h"
#include "walk/options.h"

#define TO(kind, member) TO_##kind(struct options, member)

static const struct option_spec specs[] = {
	{ "recipe", 'r', "NAME",
	  "walk as a recipe says; operands are its fields", TO(TEXT, recipe) },
	{ "list", 0, NULL, "show the recipes", TO(FLAG, list) },
	{ "where", 0, "CONDITION", "only objects for which it is true",
	  TO(TEXTS, where) },
	{ "check", 0, "CONDITION", "mark objects for which it is not true",
	  TO(TEXTS, check) },
	{ "limit", 0, "N", "stop after N objects", TO(NUMBER, limits.objects),
	  .min = 1 },
	{ "count", 0, NULL, "just the number of objects", TO(FLAG, count) },
	{ "json", 'J', NULL, "JSON instead of a table", TO(FLAG, json) },
	{ "no-headings", 'n', NULL, "just the rows", TO(FLAG, no_headings) },
	{ "explain", 0, NULL, "show where fields are, and do not walk",
	  TO(FLAG, explain) },
	{ "timeout", 0, "SECONDS", "stop then (default 10)",
	  TO(SECONDS, limits.seconds) },
	{ "max", 0, "N", "more than N objects are a ring (default 1000000)",
	  TO(NUMBER, limits.objects_max), .min = 1, .max = UINT32_MAX },
	{ "btf", 0, "FILE", "the kernel's types, if it has none itself",
	  TO(TEXT, btf) },
	{ "root", 0, "DIR", "read a recorded tree; only with --explain",
	  TO(TEXT, sysroot) },
	/* For the shell; not shown. */
	{ "complete", 0, NULL, NULL, TO(FLAG, complete) },
	{},
};

void options_fini(struct options *options)
{
	vec_fini(&options->where);
	vec_fini(&options->check);
}

static void print_help(FILE *out)
{
	fprintf(out,
		"Usage: btfwalk [OPTION]... START TYPE.MEMBER FIELD... "
		"[/ PATH TYPE.MEMBER FIELD...]...\n"
		"       btfwalk [OPTION]... -r RECIPE [FIELD]...\n"
		"Walks any list of the kernel, by the type of what is in it.\n"
		"\nOptions:\n");
	help_options(out, specs);
	help_options(out, options_standard);
	fprintf(out,
		"\nSTART is a symbol or an address, and a path from there: "
		"SYMBOL{TYPE}.MEMBER,\nSYMBOL[:N] for the N elements of an "
		"array. TYPE.MEMBER links the objects: a\nlist_head, "
		"hlist_node, llist_node, rb_node or pointer; TYPE alone is for "
		"xarrays,\nIDRs and elements of arrays.\n"
		"FIELD is a path in C: file.f_inode.i_ino, ops->name, "
		"flags[0], priv{TYPE}.x, with\n:str, :hex, :sym, :dec or :addr "
		"after it; . is the object, @ its index.\n"
		"CONDITION is as in 'size > 1M && name ~ x*'; numbers may end "
		"with K, M, G, T, P\nor E, in units of 1024.\n"
		"\nExit status: 0 whole answer, 1 failed, 2 usage, 3 answer "
		"with gaps.\n");
}

int options_read(struct options *options, int *argc, char ***argv, FILE *out)
{
	struct option_group groups[] = {
		{ .options = specs, .values = options },
		{ .options = options_standard },
	};
	struct command_line line = { .groups = groups, .n = 2 };
	int result = options_parse(&line, argc, argv);

	if (result == OPTIONS_HELP)
		print_help(out);
	else if (result == OPTIONS_VERSION)
		fprintf(out, "btfwalk %s\n", dmabuf_version());
	return result;
}
