/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: options that commands share, and which command it is. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/cmd.h"

/*
 * Reads the command line: sets the command, its options and env->own, which
 * the caller frees. @argc and @argv become the operands. Return: -1 to go on,
 * or the exit status when --help, --version or an error ends it here.
 */
int options_read(struct cmd_env *env, int *argc, char ***argv);

/* Prints the help of a command, or with NULL that of the program. */
void options_print_help(FILE *out, const struct cmd *cmd);

#endif
