/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of --help. */
#ifndef UI_HELP_H
#define UI_HELP_H

#include <stdio.h>

#include "ui/options.h"

/* Prints a name and what it is, side by side. */
void help_line(FILE *out, const char *name, const char *text);

/* Prints such a line for each option. */
void help_options(FILE *out, const struct option_spec *options);

#endif
