// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/cmd.h"
#include "ui/message.h"

#define ROW(name) &cmd_##name,

const struct cmd *const commands[] = { COMMANDS(ROW) NULL };

const struct cmd *cmd_find(const char *name)
{
	const struct cmd *const *cmd;
	char hint[SUGGEST_HINT];
	struct suggestion near;

	suggest_begin(&near, name, strlen(name));
	for (cmd = commands; *cmd; cmd++) {
		if (!strcmp((*cmd)->name, name))
			return *cmd;
		suggest_try(&near, (*cmd)->name);
	}
	message_unknown(NULL, suggest_hint(&near, "", hint),
			"unknown command '%s'", name);
	return NULL;
}
