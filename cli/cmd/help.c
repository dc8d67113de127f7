// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf help: the same as --help. */
#include "cli/options.h"

static int run(struct cmd_env *env, int argc, char **argv)
{
	const struct cmd *cmd = NULL;

	if (argc > 1)
		return cmd_usage(env, "unexpected '%s'", argv[1]);
	if (argc) {
		cmd = cmd_find(argv[0]);
		if (!cmd)
			return STATUS_USAGE;
	}
	options_print_help(env->out, cmd);
	return STATUS_WHOLE;
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "show the help of the program or of a command",
	.run = run,
};
