// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf track: begins to note who makes each buffer, ends it, tells of it. */
#include <dmabuf/track.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/operand.h"
#include "ui/privileges.h"
#include "ui/quantity.h"
#include "util/array.h"
#include "util/sysroot.h"

struct track_options {
	uint64_t max;
	const char *stacks, *exporter, *group;
};

static const struct option_spec options[] = {
	{ "max", 0, "N", "on: room for so many births (default 65536)",
	  TO_NUMBER(struct track_options, max), .min = 1, .max = 1 << 24 },
	{ "stacks", 0, "N|off",
	  "on: frames kept of each stack, 1 to 64 (default 20)",
	  TO_TEXT(struct track_options, stacks) },
	{ "exporter", 0, "GLOB", "on: only births of matching exporters",
	  TO_TEXT(struct track_options, exporter) },
	{ "group", 0, "GROUP",
	  "on: a group that may read births, a name or a number",
	  TO_TEXT(struct track_options, group) },
	{},
};

static void get_since(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->since_ns);
}

static void get_births(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->births);
}

static void get_noted(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->noted);
}

static void get_lost(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->lost);
}

static void get_max(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->max);
}

static void get_memory(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value->known = status->memory;
	value->number = status->memory;
}

static void get_frames(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->frames);
}

/* It is not known while births of all are noted. */
static void get_exporter(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_text(value, status->exporter[0] ? status->exporter : NULL);
}

static void get_others(const struct cell *cell, struct value *value)
{
	const struct dmabuf_track_status *status = cell->row;

	value_set_number(value, status->others);
}

static const struct column columns[] = {
	COLUMN(SINCE, COLUMN_BOTH, get_since),
	COLUMN(BIRTHS, COLUMN_BOTH, get_births),
	COLUMN(NOTED, COLUMN_BOTH, get_noted),
	COLUMN(LOST, COLUMN_BOTH, get_lost),
	COLUMN(MAX, COLUMN_BOTH, get_max),
	COLUMN(FRAMES, COLUMN_BOTH, get_frames),
	COLUMN(MEMORY, COLUMN_BOTH, get_memory),
	COLUMN(EXPORTER, COLUMN_BOTH, get_exporter),
	COLUMN(OTHERS, COLUMN_BOTH, get_others),
	{},
};

/* Reads --stacks. Return: 0, or STATUS_USAGE when it is neither, and said. */
static int read_stacks(struct cmd_env *env, struct dmabuf_track_opts *opts)
{
	const struct track_options *own = env->own;
	uint64_t frames;

	opts->no_stacks = own->stacks && !strcmp(own->stacks, "off");
	if (!own->stacks || opts->no_stacks)
		return 0;
	if (number_parse(own->stacks, &frames) || !frames ||
	    frames > DMABUF_TRACK_FRAMES_MAX)
		return cmd_usage(env,
				 "--stacks takes 1 to %d, or 'off', not '%s'",
				 DMABUF_TRACK_FRAMES_MAX, own->stacks);
	opts->frames = frames;
	return 0;
}

static int run_on(struct cmd_env *env)
{
	const struct track_options *own = env->own;
	struct dmabuf_track_opts opts = {
		.size = sizeof(opts),
		.max = own->max,
		.exporter = own->exporter,
	};
	int status = read_stacks(env, &opts);

	if (!status && own->group) {
		opts.set_group = true;
		status = operand_group(env, own->group, &opts.gid);
	}
	if (status)
		return status;
	privileges_raise(PRIVILEGES_LOAD | PRIVILEGES_RUN | PRIVILEGES_PIN);
	return dmabuf_track_on(env->ctx, &opts) ? cmd_failed(env)
						: STATUS_WHOLE;
}

static int run_off(struct cmd_env *env)
{
	privileges_raise(PRIVILEGES_PIN);
	return dmabuf_track_off(env->ctx) ? cmd_failed(env) : STATUS_WHOLE;
}

static const void *status_at(const void *of, size_t i)
{
	(void)i;
	return of;
}

static int run_status(struct cmd_env *env)
{
	struct dmabuf_track_status status = { .size = sizeof(status) };
	char kernel[64];
	struct envelope envelope = { .command = "track",
				     .array = "tracks",
				     .kernel = kernel };
	const struct rows rows = { .of = &status, .n = 1, .at = status_at };

	privileges_raise(PRIVILEGES_RUN | PRIVILEGES_PIN);
	if (dmabuf_track_status(env->ctx, &status))
		return cmd_failed(env);
	privileges_drop(0);
	sysroot_kernel_release(&(struct sysroot){ "/" }, kernel,
			       sizeof(kernel));
	return cmd_rows(env, &rows, &envelope);
}

static const struct action {
	const char *name;
	int (*run)(struct cmd_env *env);
	bool has_options;
} actions[] = {
	{ "on", run_on, true },
	{ "off", run_off, false },
	{ "status", run_status, false },
};

static int run_action(struct cmd_env *env, const struct action *action)
{
	const struct track_options *own = env->own;

	if (!action->has_options &&
	    (own->max || own->stacks || own->exporter || own->group))
		return cmd_usage(env,
				 "--max, --stacks, --exporter and --group "
				 "go with 'on', not '%s'",
				 action->name);
	return action->run(env);
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	struct suggestion near;
	size_t i;

	if (argc != 1)
		return cmd_usage(env, "say one of: on, off, status");
	suggest_begin(&near, argv[0], strlen(argv[0]));
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		if (!strcmp(actions[i].name, argv[0]))
			return run_action(env, &actions[i]);
		suggest_try(&near, actions[i].name);
	}
	return cmd_unknown(env, &near, "'track' does not know '%s'", argv[0]);
}

const struct cmd cmd_track = {
	.name = "track",
	.args = "on|off|status",
	.summary = "note who makes each buffer, and when",
	.flags = CMD_ROWS | CMD_BTF,
	.options = options,
	.options_size = sizeof(struct track_options),
	.array = "tracks",
	.columns = columns,
	.run = run,
};
