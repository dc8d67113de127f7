/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where events are written to, and how. */
#ifndef CLI_TRACE_OUTPUT_H
#define CLI_TRACE_OUTPUT_H

#include "cli/cmd.h"
#include "cli/trace/format.h"

/**
 * struct trace_output - where events are written to, and how
 * @format: how
 * @path: a file; NULL: stdout
 * @file: the stream of it
 * @writer: of the format, once that has begun
 * @err: -errno of what could not be written; then nothing more is
 */
struct trace_output {
	const struct trace_format *format;
	const char *path;
	FILE *file;
	void *writer;
	int err;
};

/*
 * Finds the format that options ask for, and chooses its columns. Return: 0, or
 * STATUS_USAGE after a message.
 */
int trace_output_choose(struct trace_output *output, struct cmd_env *env,
			const char *format);

/*
 * Opens the file @path, with the rights that the user has; '-' or NULL is
 * stdout. Return: 0, or STATUS_FAILED after a message.
 */
int trace_output_open(struct trace_output *output, const struct cmd_env *env,
		      const char *path);

/* Return: 0, or STATUS_FAILED after a message. */
int trace_output_begin(struct trace_output *output,
		       const struct trace_setup *setup);

/* Writes an event, some time. */
void trace_output_put(struct trace_output *output,
		      const struct dmabuf_event *event);

/* Writes now what was put. */
void trace_output_flush(struct trace_output *output);

/*
 * Writes the end, and closes the file. Return: 0, or STATUS_FAILED when
 * something could not be written, which is said here or in main().
 */
int trace_output_end(struct trace_output *output, struct cmd_env *env);

void trace_output_fini(struct trace_output *output);

#endif
