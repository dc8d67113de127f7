// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/fail_if.h"
#include "ui/message.h"
#include "ui/privileges.h"
#include "util/cleanup.h"

int cmd_failed(struct cmd_env *env)
{
	const struct dmabuf_error *error = dmabuf_ctx_error(env->ctx);

	message_failure(error->text, NULL, error->hint);
	return STATUS_FAILED;
}

int cmd_failed_at(const char *what, const char *why, const char *hint)
{
	/* A variable of a script was empty. */
	message_failure(*what ? what : "''", why, hint);
	return STATUS_FAILED;
}

int cmd_no_memory(void)
{
	message_no_memory();
	return STATUS_FAILED;
}

int cmd_usage(struct cmd_env *env, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_usage_args(env->cmd ? env->cmd->name : NULL, "", format, args);
	va_end(args);
	return STATUS_USAGE;
}

int cmd_unknown(struct cmd_env *env, const struct suggestion *near,
		const char *format, ...)
{
	char hint[SUGGEST_HINT];
	va_list args;

	va_start(args, format);
	message_usage_args(env->cmd->name, suggest_hint(near, "", hint), format,
			   args);
	va_end(args);
	return STATUS_USAGE;
}

static struct dmabuf_snapshot *load_input(struct cmd_env *env, const char *path)
{
	struct dmabuf_snapshot *snapshot = NULL;
	_cleanup_close_ int fd = -1;

	fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC)
			       : dup(STDIN_FILENO);
	if (fd < 0)
		cmd_failed_at(path, strerror(errno), "");
	else if (dmabuf_snapshot_load(env->ctx, fd, &snapshot))
		cmd_failed_at(path, dmabuf_ctx_error(env->ctx)->text,
			      dmabuf_ctx_error(env->ctx)->hint);
	return snapshot;
}

bool cmd_needs(const struct cmd_env *env, unsigned int needs)
{
	size_t i;

	for (i = 0; i < env->view.n; i++)
		if (env->columns[i]->flags & needs)
			return true;
	if (env->view.sort && env->view.sort->flags & needs)
		return true;
	return fail_if_needs(env->options.fail_if, env->cmd->columns) & needs;
}

static bool wants_holders(const struct cmd_env *env)
{
	return env->cmd->flags & CMD_HOLDERS || cmd_needs(env, NEEDS_HOLDERS);
}

bool cmd_wants_births(const struct cmd_env *env)
{
	return env->cmd->flags & (CMD_BIRTHS | CMD_STACKS) ||
	       cmd_needs(env, NEEDS_BIRTHS) || env->options.older_than ||
	       env->options.born_by;
}

struct dmabuf_snapshot *cmd_try_snapshot(struct cmd_env *env)
{
	struct dmabuf_snapshot_opts opts = {
		.size = sizeof(opts),
		.collector = env->options.collector,
		.holders = wants_holders(env),
		.no_cgroups = !(env->cmd->flags & CMD_CGROUPS) &&
			      !cmd_needs(env, NEEDS_CGROUPS),
		.births = cmd_wants_births(env),
	};
	struct dmabuf_snapshot *snapshot = NULL;

	privileges_raise(PRIVILEGES_LOOK);
	if (!dmabuf_snapshot_take(env->ctx, &opts, &snapshot) &&
	    dmabuf_snapshot_compare_memory(env->ctx, snapshot)) {
		dmabuf_snapshot_free(snapshot);
		snapshot = NULL;
	}
	privileges_drop(env->cmd->flags & CMD_STACKS ? PRIVILEGES_NAME : 0);
	return snapshot;
}

int cmd_name_stacks(struct cmd_env *env, struct dmabuf_snapshot *snapshot,
		    const uint32_t *stacks, size_t n)
{
	int r;

	if (env->options.input)
		return 0;
	privileges_raise(PRIVILEGES_NAME);
	r = dmabuf_snapshot_name_frames(env->ctx, snapshot, stacks, n);
	privileges_drop(0);
	return r ? cmd_failed(env) : 0;
}

struct dmabuf_snapshot *cmd_snapshot(struct cmd_env *env)
{
	struct dmabuf_snapshot *snapshot;

	if (env->options.input)
		return load_input(env, env->options.input);
	snapshot = cmd_try_snapshot(env);
	if (!snapshot)
		cmd_failed(env);
	return snapshot;
}

static void choose_default_columns(struct cmd_env *env)
{
	const struct column *column;

	for (column = env->cmd->columns; column->field; column++)
		if (column->flags & env->format->columns)
			env->columns[env->view.n++] = column;
}

/* Says that the command has no column of this name. */
static int unknown_column(struct cmd_env *env, const char *name, size_t length,
			  const char *what_for)
{
	const struct column *column;
	struct suggestion near;

	suggest_begin(&near, name, length);
	for (column = env->cmd->columns; column->field; column++)
		suggest_try(&near, column->field->name);
	return cmd_unknown(env, &near, "'%s' has no column '%.*s'%s",
			   env->cmd->name, (int)length, name, what_for);
}

static int choose_columns(struct cmd_env *env)
{
	const struct cmd *cmd = env->cmd;
	const char *name = env->options.columns, *next;
	const struct column *column;

	env->view.columns = env->columns;
	if (!name) {
		choose_default_columns(env);
		return 0;
	}
	for (;; name = next + 1) {
		next = name + strcspn(name, ",");
		if (env->view.n == COLUMNS_MAX)
			return cmd_usage(env, "more than %d columns",
					 COLUMNS_MAX);
		column = column_find(cmd->columns, name, next - name);
		if (!column)
			return unknown_column(env, name, next - name, "");
		env->columns[env->view.n++] = column;
		if (!*next)
			return 0;
	}
}

static int choose_order(struct cmd_env *env)
{
	const char *name = env->options.sort ?: env->cmd->sort;

	if (!name)
		return 0;
	if (*name == '-') {
		env->view.descending = true;
		name++;
	}
	env->view.sort = column_find(env->cmd->columns, name, strlen(name));
	if (env->view.sort)
		return 0;
	return unknown_column(env, name, strlen(name), " to sort by");
}

static int check_conditions(struct cmd_env *env)
{
	const char *text = env->options.fail_if;
	char wrong[FAIL_IF_WRONG];
	struct fail_if condition;

	if (text && !*text)
		return cmd_usage(env, "--fail-if needs a condition, such as "
				      "'kernel_only>64M'");
	while (text && *text)
		if (fail_if_parse(&text, env->cmd->columns, &condition,
				  wrong)) {
			message_failure("--fail-if", wrong, NULL);
			return STATUS_USAGE;
		}
	return 0;
}

bool cmd_needs_totals(const struct cmd_env *env)
{
	return env->format->has_envelope || env->options.fail_if;
}

int cmd_choose(struct cmd_env *env)
{
	env->view.bytes = env->options.bytes;
	env->view.headings = !env->options.no_headings;
	return choose_columns(env) ?: choose_order(env) ?:
	       check_conditions(env);
}

/*
 * Says what could not be seen, and which condition of --fail-if is true. With a
 * condition, the status tells about that: what could not be seen may not matter
 * to it.
 */
static int end(struct cmd_env *env, const struct answer *answer)
{
	bool whole = envelope_is_whole(answer->envelope);

	if (!whole && !env->format->has_envelope)
		envelope_print_gaps(answer->envelope);
	if (env->options.fail_if)
		return fail_if_judge(env->options.fail_if, env->cmd->columns,
				     answer);
	return whole ? STATUS_WHOLE : STATUS_GAPS;
}

int cmd_rows(struct cmd_env *env, const struct rows *rows,
	     const struct envelope *envelope)
{
	_cleanup_free_ size_t *order = NULL;
	struct answer answer = { envelope, rows, &env->view, NULL };
	int r;

	r = rows_sort(rows, &env->view, &order);
	answer.order = order;
	r = r ?: env->format->write(&answer, env->out);
	if (r == -ENOMEM)
		return cmd_no_memory();
	if (r || ferror(env->out) || fflush(env->out)) {
		env->out_err = r ? -r : errno;
		return STATUS_FAILED;
	}
	return end(env, &answer);
}
