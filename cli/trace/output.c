// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/trace/output.h"

#include <errno.h>
#include <string.h>

#include "ui/streams.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/now.h"

static const struct trace_format *const trace_formats[] = {
#define TRACE_FORMAT(name) &trace_format_##name,
	TRACE_FORMATS(TRACE_FORMAT)
};

static int find_format(struct trace_output *output, struct cmd_env *env,
		       const char *name)
{
	struct suggestion near;
	size_t i;

	if (!name)
		name = env->options.json ? "json" : "table";
	else if (env->options.json && strcmp(name, "json"))
		return cmd_usage(env, "--json goes with no other --format");
	suggest_begin(&near, name, strlen(name));
	for (i = 0; i < ARRAY_SIZE(trace_formats); i++) {
		suggest_try(&near, trace_formats[i]->name);
		if (!strcmp(trace_formats[i]->name, name))
			output->format = trace_formats[i];
	}
	return output->format ? 0
			      : cmd_unknown(env, &near,
					    "no format is called '%s'", name);
}

/* Columns were chosen for a table, unless there was --json. */
static int choose_columns(const struct trace_format *format,
			  struct cmd_env *env)
{
	if (!format->columns && env->options.columns)
		return cmd_usage(env, "--columns goes with no --format %s",
				 format->name);
	if (format->columns != COLUMN_JSON || env->options.json)
		return 0;
	env->format = format_find("json");
	env->view.n = 0;
	return cmd_choose(env);
}

int trace_output_choose(struct trace_output *output, struct cmd_env *env,
			const char *format)
{
	return find_format(output, env, format)
		       ?: choose_columns(output->format, env);
}

int trace_output_open(struct trace_output *output, const struct cmd_env *env,
		      const char *path)
{
	output->file = env->out;
	if (!path || !strcmp(path, "-"))
		return 0;
	output->file = fopen(path, "we");
	if (!output->file)
		return cmd_failed_at(path, strerror(errno), NULL);
	output->path = path;
	return 0;
}

int trace_output_begin(struct trace_output *output,
		       const struct trace_setup *setup)
{
	output->writer = output->format->begin(output->file, setup);
	return output->writer ? 0 : cmd_no_memory();
}

/* The first failure tells the cause. */
static void keep_error(struct trace_output *output, int err)
{
	if (!output->err)
		output->err = err;
}

void trace_output_put(struct trace_output *output,
		      const struct dmabuf_event *event)
{
	if (!output->err)
		keep_error(output, output->format->put(output->writer, event));
}

static void flush_stream(struct trace_output *output)
{
	if (!output->err && (fflush(output->file) || ferror(output->file)))
		keep_error(output, errno ? -errno : -EIO);
}

void trace_output_flush(struct trace_output *output)
{
	if (!output->err)
		keep_error(output, output->format->flush(output->writer));
	flush_stream(output);
}

/* Some file systems tell only now what they could not write. */
static int close_file(struct trace_output *output)
{
	return output->path ? stream_close(&output->file) : 0;
}

int trace_output_end(struct trace_output *output, struct cmd_env *env)
{
	if (!output->err)
		keep_error(output, output->format->end(output->writer,
						       now_kernel_ns()));
	flush_stream(output);
	keep_error(output, close_file(output));
	if (output->err == -ENOMEM)
		return cmd_no_memory();
	if (output->err && output->path)
		return cmd_failed_at(output->path, strerror(-output->err),
				     NULL);
	env->out_err = -output->err;
	return output->err ? STATUS_FAILED : 0;
}

void trace_output_fini(struct trace_output *output)
{
	if (output->writer)
		output->format->free(output->writer);
	(void)close_file(output);
}
