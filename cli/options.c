// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "ui/help.h"
#include "ui/message.h"
#include "ui/quantity.h"
#include "util/array.h"

#define TO(kind, member) TO_##kind(struct options, member)

static const struct option_spec rows_options[] = {
	{ "json", 'J', NULL, "JSON instead of a table", TO(FLAG, json) },
	{ "columns", 'o', "A,B", "show these columns", TO(TEXT, columns) },
	{ "sort", 0, "[-]COLUMN", "order by a column, '-' for largest first",
	  TO(TEXT, sort) },
	{ "bytes", 'b', NULL, "sizes in bytes", TO(FLAG, bytes) },
	{ "no-headings", 'n', NULL, "just the rows", TO(FLAG, no_headings) },
	{},
};

static const struct option_spec format_options[] = {
	{ "format", 0, "FORMAT", "table, json, or Android's dmabuf_dump",
	  TO(TEXT, format) },
	{},
};

static const struct option_spec filter_options[] = {
	{ "exporter", 0, "GLOB", "only buffers of matching exporters",
	  TO(TEXT, exporter) },
	{ "name", 0, "GLOB", "only buffers with matching names",
	  TO(TEXT, name) },
	{ "older-than", 0, "TIME", "only buffers made before that: 10m, 1h30m",
	  TO(TEXT, older_than) },
	{ "born-by", 0, "PID|COMM", "only buffers that this process made",
	  TO(TEXT, born_by) },
	{},
};

static const struct option_spec condition_options[] = {
	{ "fail-if", 0, "CONDITION",
	  "exit 4 if it is true: kernel_only>64M, 'any fds>9'",
	  TO(TEXT, fail_if) },
	{},
};

static const struct option_spec snapshot_options[] = {
	{ "collector", 0, "NAME", "read buffers this way; see doctor",
	  TO(TEXT, collector) },
	{ "input", 0, "FILE", "read a saved snapshot, '-' for stdin",
	  TO(TEXT, input) },
	{},
};

static const struct option_spec root_options[] = {
	{ "root", 0, "DIR", "read a recorded tree instead of /",
	  TO(TEXT, root) },
	{},
};

static const struct option_spec btf_options[] = {
	{ "btf", 0, "FILE", "the kernel's types, if it has none itself",
	  TO(TEXT, btf) },
	{},
};

/* Options that several commands take; @needs is flags that those have. */
static const struct {
	const struct option_spec *options;
	unsigned int needs;
} common[] = {
	{ rows_options, CMD_ROWS },
	{ format_options, CMD_FORMAT },
	{ filter_options, CMD_FILTER },
	{ condition_options, CMD_SNAPSHOT | CMD_ROWS },
	{ snapshot_options, CMD_SNAPSHOT },
	{ root_options, CMD_ROOT },
	{ btf_options, CMD_BTF },
	{ options_standard, 0 },
};

enum { COMMON = ARRAY_SIZE(common) };

static bool takes(const struct cmd *cmd, unsigned int needs)
{
	return (cmd->flags & needs) == needs;
}

static void print_columns(FILE *out, const struct cmd *cmd)
{
	const struct column *column;

	fprintf(out, "\nColumns:\n");
	for (column = cmd->columns; column->field; column++)
		help_line(out, column->field->name, column->field->help);
}

static void print_commands(FILE *out)
{
	const struct cmd *const *cmd;

	fprintf(out, "Usage: dmabuf [COMMAND] [OPTION]...\n"
		     "Every dma-buf of the running kernel, listed and "
		     "summed.\n\nCommands:\n");
	for (cmd = commands; *cmd; cmd++)
		help_line(out, (*cmd)->name, (*cmd)->summary);
}

void options_print_help(FILE *out, const struct cmd *cmd)
{
	size_t i;

	if (cmd)
		fprintf(out, "Usage: dmabuf %s [OPTION]...%s%s\n%s\n",
			cmd->name, cmd->args ? " " : "", cmd->args ?: "",
			cmd->summary);
	else
		print_commands(out);
	fprintf(out, "\nOptions:\n");
	if (cmd && cmd->options)
		help_options(out, cmd->options);
	for (i = 0; i < COMMON; i++)
		if (!cmd || takes(cmd, common[i].needs))
			help_options(out, common[i].options);
	if (cmd && cmd->columns)
		print_columns(out, cmd);
	fprintf(out, "\nExit status: 0 whole answer, 1 failed, 2 usage, "
		     "3 answer with gaps,\n"
		     "4 a condition of --fail-if is true.\n");
}

static int check_collector(struct cmd_env *env)
{
	const struct dmabuf_collector *collector = NULL;
	const char *wanted = env->options.collector;
	struct suggestion near;

	if (!wanted)
		return 0;
	suggest_begin(&near, wanted, strlen(wanted));
	while ((collector = dmabuf_collector_next(collector))) {
		if (!strcmp(dmabuf_collector_name(collector), wanted))
			return 0;
		suggest_try(&near, dmabuf_collector_name(collector));
	}
	return cmd_unknown(env, &near, "no collector is called '%s'", wanted);
}

static int unknown_format(struct cmd_env *env, const char *name)
{
	const struct format *const *format;
	struct suggestion near;

	suggest_begin(&near, name, strlen(name));
	for (format = formats; *format; format++)
		suggest_try(&near, (*format)->name);
	return cmd_unknown(env, &near, "no format is called '%s'", name);
}

static int check_format(struct cmd_env *env)
{
	const struct options *options = &env->options;
	const char *format = options->format;

	if (!format)
		format = options->json ? "json" : "table";
	else if (options->json && strcmp(format, "json"))
		return cmd_usage(env, "--json goes with no other --format");
	env->format = format_find(format);
	return env->format ? 0 : unknown_format(env, format);
}

static int check_age(struct cmd_env *env)
{
	const char *text = env->options.older_than;

	if (text && duration_parse(text, &env->options.least_age))
		return cmd_usage(env,
				 "invalid time '%s': give one such as 90s, 10m "
				 "or 1h30m",
				 text);
	return 0;
}

static int check_options(struct cmd_env *env)
{
	const struct options *options = &env->options;

	if (options->input && (options->root || options->collector))
		return cmd_usage(env, "--input goes with neither --root nor "
				      "--collector");
	if (options->btf && (options->input || options->root))
		return cmd_usage(env, "--btf goes with neither --input nor "
				      "--root");
	return check_age(env) ?: check_collector(env) ?: check_format(env);
}

/* Does what ends parsing early. Return: -1 to go on, or the exit status. */
static int finish(struct cmd_env *env, enum options_result result)
{
	switch (result) {
	case OPTIONS_PARSED:
		return -1;
	case OPTIONS_FAILED:
		return STATUS_FAILED;
	case OPTIONS_WRONG:
		break;
	case OPTIONS_HELP:
		options_print_help(env->out, env->cmd);
		return STATUS_WHOLE;
	case OPTIONS_VERSION:
		fprintf(env->out, "dmabuf %s\n", dmabuf_version());
		return STATUS_WHOLE;
	}
	return STATUS_USAGE;
}

/* Options of the command stand before those that it shares with others. */
static int read_groups(struct cmd_env *env, int *argc, char ***argv)
{
	static const struct option_spec none[] = { {} };
	struct option_group groups[COMMON + 1] = {};
	struct command_line line = { .groups = groups, .n = COMMON + 1 };
	int status;
	size_t i;

	groups[0].options = none;
	for (i = 0; i < COMMON; i++) {
		groups[i + 1].options = common[i].options;
		groups[i + 1].values = &env->options;
	}
	line.stop_at_operand = true;
	status = finish(env, options_parse(&line, argc, argv));
	if (status >= 0)
		return status;
	env->cmd = *argc ? cmd_find(**argv) : &cmd_summary;
	if (!env->cmd)
		return STATUS_USAGE;

	env->own = calloc(1, env->cmd->options_size + 1);
	if (!env->own)
		return cmd_no_memory();
	groups[0].options = env->cmd->options ?: none;
	groups[0].values = env->own;
	for (i = 0; i < COMMON; i++)
		groups[i + 1].refused = !takes(env->cmd, common[i].needs);
	line.command = env->cmd->name;
	line.stop_at_operand = false;
	if (options_check_given(&line))
		return STATUS_USAGE;
	/* The command stands where a program's name does. */
	return *argc ? finish(env, options_parse(&line, argc, argv)) : -1;
}

int options_read(struct cmd_env *env, int *argc, char ***argv)
{
	int status = read_groups(env, argc, argv);

	if (status >= 0)
		return status;
	if (*argc && !env->cmd->args)
		return cmd_usage(env, "unexpected '%s'", **argv);
	if (check_options(env))
		return STATUS_USAGE;
	if (env->cmd->flags & CMD_ROWS && cmd_choose(env))
		return STATUS_USAGE;
	return -1;
}
