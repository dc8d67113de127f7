// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ui/message.h"
#include "ui/option_value.h"
#include "ui/quantity.h"
#include "util/vec.h"

/* An option with its argument, as it was written. */
struct given {
	const char *command, *name, *text;
	const struct option_spec *spec;
};

static int wrong(const struct given *given, const char *why)
{
	message_usage(given->command, "invalid %s '%s': %s", given->name,
		      given->text, why);
	return -EINVAL;
}

static int out_of_range(const struct given *given)
{
	const struct option_spec *spec = given->spec;
	char why[64];

	if (spec->max)
		snprintf(why, sizeof(why),
			 "must be from %" PRIu64 " to %" PRIu64, spec->min,
			 spec->max);
	else
		snprintf(why, sizeof(why), "must be at least %" PRIu64,
			 spec->min);
	return wrong(given, why);
}

static int read_number(const struct given *given, uint64_t *ret)
{
	uint64_t number;
	int r = number_parse(given->text, &number);

	if (r == -ERANGE)
		return out_of_range(given);
	if (r)
		return wrong(given, "not a number");
	if (number < given->spec->min ||
	    number > (given->spec->max ?: UINT64_MAX))
		return out_of_range(given);
	*ret = number;
	return 0;
}

static int read_size(const struct given *given, uint64_t *ret)
{
	uint64_t number;
	size_t n = quantity_parse(given->text, &number);

	if (!n || given->text[n])
		return wrong(given, "not a size such as " QUANTITY_EXAMPLES);
	*ret = number;
	return 0;
}

static int read_seconds(const struct given *given, double *ret)
{
	double seconds;
	char *end;

	seconds = strtod(given->text, &end);
	if (end == given->text || *end || !(seconds > 0))
		return wrong(given, "not a number of seconds above 0");
	*ret = seconds;
	return 0;
}

int option_value_read(const char *command, const char *name,
		      const struct option_spec *spec, const char *text,
		      void *to)
{
	const struct given given = { command, name, text, spec };

	switch (spec->kind) {
	case OPTION_FLAG:
		*(bool *)to = true;
		break;
	case OPTION_TEXT:
		*(const char **)to = text;
		break;
	case OPTION_TEXTS:
		if (!vec_push(to, &text))
			break;
		message_no_memory();
		return -ENOMEM;
	case OPTION_NUMBER:
		return read_number(&given, to);
	case OPTION_SIZE:
		return read_size(&given, to);
	case OPTION_SECONDS:
		return read_seconds(&given, to);
	case OPTION_HELP:
	case OPTION_VERSION:
		break;
	}
	return 0;
}
