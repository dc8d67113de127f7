// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf pin, unpin: iterators as files, for readers without capabilities. */
#include <errno.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/operand.h"
#include "ui/privileges.h"

static int parse_mode(struct cmd_env *env, const char *text, uint32_t *ret)
{
	unsigned long mode;
	char *end;

	errno = 0;
	mode = strtoul(text, &end, 8);
	if (errno || end == text || *end || *text == '-' || mode > 0777 ||
	    !mode)
		return cmd_usage(
			env, "invalid mode '%s': give one such as 0440", text);
	*ret = mode;
	return 0;
}

struct pin_options {
	const char *mode, *group;
};

static const struct option_spec pin_options[] = {
	{ "mode", 0, "MODE",
	  "their permissions, in octal (0400; 0440 with --group)",
	  TO_TEXT(struct pin_options, mode) },
	{ "group", 0, "GROUP", "their group, a name or a number",
	  TO_TEXT(struct pin_options, group) },
	{},
};

static int run_pin(struct cmd_env *env, int argc, char **argv)
{
	struct dmabuf_pin_opts opts = { .size = sizeof(opts) };
	const struct pin_options *options = env->own;

	(void)argc;
	(void)argv;
	if ((options->mode && parse_mode(env, options->mode, &opts.mode)) ||
	    (options->group && operand_group(env, options->group, &opts.gid)))
		return STATUS_USAGE;
	opts.set_group = options->group;
	privileges_raise(PRIVILEGES_LOOK | PRIVILEGES_PIN);
	return dmabuf_pin(env->ctx, &opts) ? cmd_failed(env) : STATUS_WHOLE;
}

static int run_unpin(struct cmd_env *env, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	privileges_raise(PRIVILEGES_PIN);
	return dmabuf_unpin(env->ctx) ? cmd_failed(env) : STATUS_WHOLE;
}

const struct cmd cmd_pin = {
	.name = "pin",
	.summary = "pin the iterators as files, for unprivileged readers",
	.options = pin_options,
	.options_size = sizeof(struct pin_options),
	.run = run_pin,
};

const struct cmd cmd_unpin = {
	.name = "unpin",
	.summary = "remove the pinned iterators",
	.run = run_unpin,
};
