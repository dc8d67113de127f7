/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The argument of an option, read as its kind says. */
#ifndef UI_OPTION_VALUE_H
#define UI_OPTION_VALUE_H

#include "ui/options.h"

/*
 * Reads @text into @to, which has the type of the kind. @name is the option as
 * it was written. Return: 0, or -EINVAL or -ENOMEM, which was said.
 */
int option_value_read(const char *command, const char *name,
		      const struct option_spec *spec, const char *text,
		      void *to);

#endif
