// SPDX-License-Identifier: GPL-2.0-or-later
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ui/message.h"
#include "ui/option_value.h"
#include "ui/options.h"
#include "ui/suggest.h"

/* getopt_long() returns a letter, or this plus an index into struct lookup. */
enum { FIRST_LONG = 256, OPTIONS_MAX = 64 };

const struct option_spec options_standard[] = {
	{ "help", 'h', NULL, "show this help", .kind = OPTION_HELP },
	{ "version", 'V', NULL, "show the version", .kind = OPTION_VERSION },
	{},
};

/* All options of all groups, as getopt_long() wants them. */
struct lookup {
	const struct command_line *line;
	struct found {
		const struct option_spec *spec;
		struct option_group *group;
	} all[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 3];
	size_t n;
};

static bool has_name(const struct lookup *lookup, const char *name)
{
	size_t i;

	for (i = 0; i < lookup->n; i++)
		if (!strcmp(lookup->longs[i].name, name))
			return true;
	return false;
}

static char *add_option(struct lookup *lookup, struct option_group *group,
			const struct option_spec *spec, char *letters)
{
	assert(lookup->n < OPTIONS_MAX);
	lookup->all[lookup->n] = (struct found){ spec, group };
	lookup->longs[lookup->n] = (struct option){
		.name = spec->name,
		.has_arg = spec->arg ? required_argument : no_argument,
		.val = FIRST_LONG + lookup->n,
	};
	lookup->n++;
	if (spec->letter)
		*letters++ = spec->letter;
	if (spec->letter && spec->arg)
		*letters++ = ':';
	return letters;
}

static void make_lookup(struct lookup *lookup, const struct command_line *line)
{
	char *letters = lookup->letters;
	const struct option_spec *spec;
	struct option_group *group;

	*lookup = (struct lookup){ .line = line };
	if (line->stop_at_operand)
		*letters++ = '+';
	*letters++ = ':';
	for (group = line->groups; group < line->groups + line->n; group++)
		for (spec = group->options; spec->name; spec++)
			if (!has_name(lookup, spec->name))
				letters = add_option(lookup, group, spec,
						     letters);
}

/* Return: the option that getopt_long() means by @id, or NULL. */
static const struct found *find(const struct lookup *lookup, int id)
{
	size_t i;

	if (id >= FIRST_LONG)
		return &lookup->all[id - FIRST_LONG];
	for (i = 0; id && i < lookup->n; i++)
		if (lookup->all[i].spec->letter == id)
			return &lookup->all[i];
	return NULL;
}

/* An option as it was written: by its letter or by its name. */
static const char *written(const struct found *found, int id, char to[64])
{
	if (id < FIRST_LONG)
		snprintf(to, 64, "-%c", id);
	else
		snprintf(to, 64, "--%s", found->spec->name);
	return to;
}

static void unknown_name(const struct lookup *lookup, const char *arg)
{
	char hint[SUGGEST_HINT];
	struct suggestion near;
	size_t i;

	suggest_begin(&near, arg + 2, strcspn(arg + 2, "="));
	for (i = 0; i < lookup->n; i++)
		if (lookup->all[i].spec->help && !lookup->all[i].group->refused)
			suggest_try(&near, lookup->all[i].spec->name);
	message_unknown(lookup->line->command, suggest_hint(&near, "--", hint),
			"unknown option '%s'", arg);
}

/* Says what getopt_long() returned '?' for; @arg is where it stopped. */
static void wrong_option(const struct lookup *lookup, const char *arg)
{
	const struct found *found = find(lookup, optopt);
	const char *command = lookup->line->command;

	if (optopt >= FIRST_LONG)
		message_usage(command, "'--%s' takes no argument",
			      found->spec->name);
	else if (optopt)
		message_usage(command, "unknown option '-%c'", optopt);
	else
		unknown_name(lookup, arg);
}

static int refuse(const struct command_line *line, const char *name)
{
	message_usage(line->command, "'%s' does not take '%s'", line->command,
		      name);
	return OPTIONS_WRONG;
}

/* Does what one result of getopt_long() says. Return: enum options_result. */
static int take(const struct lookup *lookup, int id, const char *arg)
{
	const struct found *found;
	char name[64];
	int r;

	if (id == '?') {
		wrong_option(lookup, arg);
		return OPTIONS_WRONG;
	}
	if (id == ':') {
		message_usage(lookup->line->command, "'%s' needs an argument",
			      written(find(lookup, optopt), optopt, name));
		return OPTIONS_WRONG;
	}
	found = find(lookup, id);
	written(found, id, name);
	if (found->group->refused)
		return refuse(lookup->line, name);
	found->group->given |= 1ULL << (found->spec - found->group->options);
	if (found->spec->kind == OPTION_HELP)
		return OPTIONS_HELP;
	if (found->spec->kind == OPTION_VERSION)
		return OPTIONS_VERSION;
	r = option_value_read(lookup->line->command, name, found->spec, optarg,
			      (char *)found->group->values +
				      found->spec->offset);
	if (r == -ENOMEM)
		return OPTIONS_FAILED;
	return r ? OPTIONS_WRONG : OPTIONS_PARSED;
}

enum options_result options_parse(struct command_line *line, int *argc,
				  char ***argv)
{
	int id, result = OPTIONS_PARSED;
	struct lookup lookup;

	make_lookup(&lookup, line);
	opterr = 0;
	optind = 0; /* begin anew */
	while (result == OPTIONS_PARSED &&
	       (id = getopt_long(*argc, *argv, lookup.letters, lookup.longs,
				 NULL)) != -1)
		result = take(&lookup, id, (*argv)[optind - 1]);
	if (result != OPTIONS_PARSED)
		return result;
	*argc -= optind;
	*argv += optind;
	return result;
}

int options_check_given(const struct command_line *line)
{
	const struct option_group *group = line->groups;
	char name[64];

	for (; group < line->groups + line->n; group++) {
		if (!group->refused || !group->given)
			continue;
		snprintf(name, sizeof(name), "--%s",
			 group->options[__builtin_ctzll(group->given)].name);
		return refuse(line, name);
	}
	return 0;
}
