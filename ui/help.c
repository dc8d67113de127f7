// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/help.h"

/* Columns of a terminal for the names. */
enum { WIDTH = 24 };

void help_line(FILE *out, const char *name, const char *text)
{
	fprintf(out, "  %-*s %s\n", WIDTH, name, text);
}

void help_options(FILE *out, const struct option_spec *options)
{
	char name[80], letter[] = "-x, ";

	for (; options->name; options++) {
		if (!options->help)
			continue;
		letter[1] = options->letter;
		snprintf(name, sizeof(name), "%s--%s%s%s",
			 options->letter ? letter : "    ", options->name,
			 options->arg ? " " : "", options->arg ?: "");
		help_line(out, name, options->help);
	}
}
