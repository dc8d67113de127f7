// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf: the command line. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "ui/message.h"
#include "util/cleanup.h"

static const struct cmd *const commands[] = {
	&cmd_summary, &cmd_list,  &cmd_ps,    &cmd_show,
	&cmd_shared,  &cmd_leaks, &cmd_heaps, &cmd_alloc,
	&cmd_doctor,  &cmd_pin,	  &cmd_unpin, &cmd_save,
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

/* Options that several commands take; @needs is flags that those have. */
static const struct common {
	struct option_spec spec;
	unsigned int needs;
} common[] = {
	{ { "json", NULL, "JSON instead of a table", OPTION_JSON }, CMD_ROWS },
	{ { "columns", "A,B", "show these columns", OPTION_COLUMNS },
	  CMD_ROWS },
	{ { "sort", "[-]COLUMN", "order by a column, '-' for largest first",
	    OPTION_SORT },
	  CMD_ROWS },
	{ { "bytes", NULL, "sizes in bytes", OPTION_BYTES }, CMD_ROWS },
	{ { "no-headings", NULL, "just the rows", OPTION_NO_HEADINGS },
	  CMD_ROWS },
	{ { "exporter", "GLOB", "only buffers of such an exporter",
	    OPTION_EXPORTER },
	  CMD_FILTER },
	{ { "name", "GLOB", "only buffers with such a name", OPTION_NAME },
	  CMD_FILTER },
	{ { "fail-if", "CONDITION", "exit 4 if a total is so: kernel_only>64M",
	    OPTION_FAIL_IF },
	  CMD_SNAPSHOT | CMD_ROWS },
	{ { "collector", "NAME", "read buffers this way; see doctor",
	    OPTION_COLLECTOR },
	  CMD_SNAPSHOT },
	{ { "input", "FILE", "read a saved snapshot, '-' for stdin",
	    OPTION_INPUT },
	  CMD_SNAPSHOT },
	{ { "root", "DIR", "read a recorded tree instead of /", OPTION_ROOT },
	  CMD_ROOT },
	{ { "help", NULL, "show this", OPTION_HELP }, 0 },
	{ { "version", NULL, "show the version", OPTION_VERSION }, 0 },
};

enum { COMMON = sizeof(common) / sizeof(common[0]), OWN_MAX = 8 };

static bool takes(const struct cmd *cmd, unsigned int needs)
{
	return (cmd->flags & needs) == needs;
}

static void print_option(const struct option_spec *spec)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", spec->name,
		 spec->arg ? " " : "", spec->arg ?: "");
	printf("  %-22s %s\n", left, spec->help);
}

static void print_columns(const struct cmd *cmd)
{
	const struct column *column;

	printf("\nColumns:\n");
	for (column = cmd->columns; column->field; column++)
		printf("  %-22s %s\n", column->field->name,
		       column->field->help);
}

static void print_help(const struct cmd *cmd)
{
	const struct option_spec *own = cmd ? cmd->options : NULL;
	size_t i;

	if (cmd) {
		printf("Usage: dmabuf %s [OPTION]...%s%s\n%s\n\nOptions:\n",
		       cmd->name, cmd->args ? " " : "", cmd->args ?: "",
		       cmd->summary);
	} else {
		printf("Usage: dmabuf [COMMAND] [OPTION]...\n"
		       "Every dma-buf of the running kernel, listed and "
		       "summed.\n\nCommands:\n");
		for (i = 0; i < COMMANDS; i++)
			printf("  %-22s %s\n", commands[i]->name,
			       commands[i]->summary);
		printf("\nOptions:\n");
	}
	for (; own && own->name; own++)
		print_option(own);
	for (i = 0; i < COMMON; i++)
		if (!cmd || takes(cmd, common[i].needs))
			print_option(&common[i].spec);
	if (cmd && cmd->columns)
		print_columns(cmd);
	printf("\nExit status: 0 whole answer, 1 failed, 2 usage, "
	       "3 answer with gaps,\n"
	       "4 a condition of --fail-if holds.\n");
}

/* Fills what getopt_long() wants, with the options that @cmd may be given. */
static void make_getopt(const struct cmd *cmd, struct option *to)
{
	const struct option_spec *own = cmd->options;
	size_t i;

	for (; own && own->name; own++)
		*to++ = (struct option){ own->name, !!own->arg, NULL, own->id };
	for (i = 0; i < COMMON; i++)
		*to++ = (struct option){ common[i].spec.name,
					 !!common[i].spec.arg, NULL,
					 common[i].spec.id };
	*to = (struct option){};
}

static void set_option(struct options *options, int id, const char *value)
{
	switch (id) {
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_BYTES:
		options->bytes = true;
		break;
	case OPTION_NO_HEADINGS:
		options->no_headings = true;
		break;
	case OPTION_COLUMNS:
		options->columns = value;
		break;
	case OPTION_SORT:
		options->sort = value;
		break;
	case OPTION_COLLECTOR:
		options->collector = value;
		break;
	case OPTION_ROOT:
		options->root = value;
		break;
	case OPTION_INPUT:
		options->input = value;
		break;
	case OPTION_EXPORTER:
		options->exporter = value;
		break;
	case OPTION_NAME:
		options->name = value;
		break;
	case OPTION_FAIL_IF:
		options->fail_if = value;
		break;
	case OPTION_FORMAT:
		options->format = value;
		break;
	case OPTION_MODE:
		options->mode = value;
		break;
	case OPTION_GROUP:
		options->group = value;
		break;
	case OPTION_RESOLVE:
		options->resolve = value;
		break;
	case OPTION_GIVE_NAME:
		options->give_name = value;
		break;
	case OPTION_COUNT:
		options->count = value;
		break;
	case OPTION_HOLD:
		options->hold = true;
		break;
	}
}

static const struct cmd *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* What getopt_long() returned '?' for; @arg is where it stopped. */
static int unknown_option(struct cmd_env *env, const char *arg)
{
	/* A letter, which may be one of several in an argument. */
	if (optopt && optopt < OPTION_JSON)
		return cmd_usage(env, "unknown option '-%c'", optopt);
	if (optopt)
		return cmd_usage(env, "'%.*s' takes no argument",
				 (int)strcspn(arg, "="), arg);
	return cmd_usage(env, "unknown option '%s'", arg);
}

/*
 * Reads the options of the command line. Return: -1 to go on, or the exit
 * status when --help, --version or an error ends it here.
 */
static int parse_options(struct cmd_env *env, const struct cmd *cmd, int argc,
			 char **argv, const char *stop_at)
{
	struct option options[COMMON + OWN_MAX + 1];
	char format[4];
	int id;

	make_getopt(cmd, options);
	snprintf(format, sizeof(format), "%s:", stop_at);
	opterr = 0;
	while ((id = getopt_long(argc, argv, format, options, NULL)) != -1) {
		switch (id) {
		case '?':
			return unknown_option(env, argv[optind - 1]);
		case ':':
			return cmd_usage(env, "'%s' needs an argument",
					 argv[optind - 1]);
		case OPTION_HELP:
			print_help(env->cmd);
			return STATUS_WHOLE;
		case OPTION_VERSION:
			printf("dmabuf %s\n", dmabuf_version());
			return STATUS_WHOLE;
		}
		set_option(&env->options, id, optarg);
		env->options.given |= OPTION_BIT(id);
	}
	return -1;
}

static bool is_collector(const char *name)
{
	const struct dmabuf_collector *collector = NULL;

	while ((collector = dmabuf_collector_next(collector)))
		if (!strcmp(dmabuf_collector_name(collector), name))
			return true;
	return false;
}

static int check_format(struct cmd_env *env)
{
	struct options *options = &env->options;
	const char *format = options->format;

	if (!format)
		format = options->json ? "json" : "table";
	else if (options->json && strcmp(format, "json"))
		return cmd_usage(env, "--json goes with no other --format");
	env->format = format_find(format);
	options->dump = !strcmp(format, "dmabuf_dump");
	if (env->format || options->dump)
		return 0;
	return cmd_usage(env,
			 "no format is called '%s'; there are table, json "
			 "and dmabuf_dump",
			 format);
}

/* Options are read before the command is known; are they for it? */
static int check_options(struct cmd_env *env)
{
	unsigned int given = env->options.given;
	size_t i;

	for (i = 0; i < COMMON; i++)
		if (given & OPTION_BIT(common[i].spec.id) &&
		    !takes(env->cmd, common[i].needs))
			return cmd_usage(env, "'%s' does not take '--%s'",
					 env->cmd->name, common[i].spec.name);
	if (given & OPTION_BIT(OPTION_INPUT) &&
	    given & (OPTION_BIT(OPTION_ROOT) | OPTION_BIT(OPTION_COLLECTOR)))
		return cmd_usage(env, "--input goes with neither --root nor "
				      "--collector");
	if (env->options.collector && !is_collector(env->options.collector))
		return cmd_usage(env, "no collector is called '%s'",
				 env->options.collector);
	return check_format(env);
}

/*
 * Reads the command line; @argc and @argv become the operands. Return: as
 * parse_options().
 */
static int parse(struct cmd_env *env, int *argc, char ***argv)
{
	int status;

	/* Options before the command, then the command, then the rest. */
	status = parse_options(env, &cmd_summary, *argc, *argv, "+");
	if (status >= 0)
		return status;
	*argc -= optind;
	*argv += optind;
	env->cmd = &cmd_summary;
	if (*argc) {
		env->cmd = find_command(**argv);
		if (!env->cmd)
			return cmd_usage(env, "unknown command '%s'", **argv);
		/* The command stands where getopt looks for a program's name.
		 */
		optind = 0;
		status = parse_options(env, env->cmd, *argc, *argv, "");
		if (status >= 0)
			return status;
		*argc -= optind;
		*argv += optind;
	}

	if (*argc && !env->cmd->args)
		return cmd_usage(env, "unexpected '%s'", **argv);
	if (check_options(env))
		return STATUS_USAGE;
	if (env->cmd->flags & CMD_ROWS && cmd_choose(env))
		return STATUS_USAGE;
	return -1;
}

/*
 * A file that we open must not get the number of a stream that was closed: what
 * is meant for the stream would be written into it.
 */
static int hold_streams(void)
{
	bool closed;
	int fd;

	closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	if (fcntl(STDERR_FILENO, F_GETFD) < 0)
		while ((fd = open("/dev/null", O_RDWR)) >= 0 &&
		       fd < STDERR_FILENO)
			;
	if (fcntl(STDIN_FILENO, F_GETFD) < 0)
		(void)open("/dev/null", O_RDONLY);
	if (closed) {
		message("stdout is closed; give it a file, a pipe or a "
			"terminal");
		return -1;
	}
	return 0;
}

static void on_interrupt(int signal)
{
	static const char text[] = "dmabuf: interrupted\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	raise(signal);
}

DEFINE_CLEANUP(ctx, struct dmabuf_ctx, dmabuf_ctx_free)

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(ctx_cleanup) struct dmabuf_ctx *ctx = NULL;
	struct dmabuf_ctx_opts opts = { .size = sizeof(opts) };
	_cleanup_close_ int dir = -1;

	opts.sysroot = env->options.root;
	if (opts.sysroot) {
		dir = open(opts.sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			return cmd_failed_at(opts.sysroot, strerror(errno), "");
	}
	if (dmabuf_ctx_new(&opts, &ctx))
		return cmd_no_memory();
	env->ctx = ctx;
	return env->cmd->run(env, argc, argv);
}

int main(int argc, char **argv)
{
	struct sigaction interrupt = {
		.sa_handler = on_interrupt,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	struct cmd_env env = { .out = stdout };
	int status;

	message_set_program("dmabuf");
	if (hold_streams())
		return STATUS_FAILED;
	setlocale(LC_ALL, "");
	sigaction(SIGINT, &interrupt, NULL);
	/* Why something fails is told by the library, in one line. */
	libbpf_set_print(NULL);

	status = parse(&env, &argc, &argv);
	if (status < 0)
		status = run(&env, argc, argv);

	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		message_failure("cannot write to stdout",
				strerror(env.out_err ?: errno ?: EIO), NULL);
		return STATUS_FAILED;
	}
	return status;
}
