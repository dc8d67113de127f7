/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands. Each is a file that makes rows; it does not print them. What stands
 * around it (options, columns, order, format, exit status) is here.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/fields.h"
#include "cli/format.h"
#include "ui/options.h"
#include "ui/suggest.h"

enum exit_status {
	STATUS_WHOLE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_GAPS = 3,
	STATUS_CONDITION = 4,
};

/* Options that several commands take; those of one are in its file. */
struct options {
	bool json, bytes, no_headings;
	const char *columns, *sort, *collector, *root, *input, *btf;
	const char *exporter, *name, *fail_if, *format;
	const char *older_than, *born_by;
	uint64_t least_age; /* @older_than in nanoseconds */
};

struct cmd;

enum { COLUMNS_MAX = 32 };

struct cmd_env {
	const struct cmd *cmd;
	struct dmabuf_ctx *ctx;
	struct options options;
	void *own; /* options of the command: its own struct */
	FILE *out; /* stdout */
	const struct format *format;
	/* What cmd_choose() makes of the options. */
	const struct column *columns[COLUMNS_MAX];
	struct rows_view view; /* with these columns */
	/* Why @out took no more, for main() to say; later writes may work. */
	int out_err;
};

enum cmd_flags {
	CMD_ROWS = 1 << 0, /* gives rows: --json, --columns, --sort, … */
	CMD_SNAPSHOT = 1 << 1, /* looks at one: --collector, --input */
	CMD_ROOT = 1 << 2, /* may look at a recorded tree */
	CMD_HOLDERS = 1 << 3, /* looks for holders, whatever the columns */
	CMD_FILTER = 1 << 4, /* of some buffers: --exporter, --name */
	CMD_FORMAT = 1 << 5, /* --format: sets envelope::dump */
	CMD_CGROUPS = 1 << 6, /* keeps cgroups, whatever the columns */
	CMD_BIRTHS = 1 << 7, /* keeps births, whatever the columns */
	CMD_BTF = 1 << 8, /* may read the kernel's types from a file */
	CMD_STACKS = 1 << 9, /* births too; calls cmd_name_stacks() */
};

/**
 * struct cmd - a command
 * @name: what one types
 * @args: its operands, for the usage line; NULL when it has none
 * @summary: one line for --help
 * @flags: enum cmd_flags
 * @options: its own, ends with a name of NULL; or NULL
 * @options_size: of the struct that their values go to, env->own, which
 *	begins as zeros
 * @array: name of its rows in JSON
 * @columns: all it can show; NULL without CMD_ROWS
 * @sort: its default order, as --sort has it
 * @run: do it. Return: enum exit_status
 */
struct cmd {
	const char *name, *args, *summary;
	unsigned int flags;
	const struct option_spec *options;
	size_t options_size;
	const char *array;
	const struct column *columns;
	const char *sort;
	int (*run)(struct cmd_env *env, int argc, char **argv);
};

/* All commands, in the order of help. A command is a file, and a line here. */
#define COMMANDS(X)                                                            \
	X(summary)                                                             \
	X(list)                                                                \
	X(ps)                                                                  \
	X(show)                                                                \
	X(shared)                                                              \
	X(leaks)                                                               \
	X(heaps)                                                               \
	X(alloc)                                                               \
	X(doctor)                                                              \
	X(track)                                                               \
	X(trace)                                                               \
	X(pin)                                                                 \
	X(unpin)                                                               \
	X(save)                                                                \
	X(help)

#define DECLARE_COMMAND(name) extern const struct cmd cmd_##name;
COMMANDS(DECLARE_COMMAND)

/* All of them; ends with NULL. */
extern const struct cmd *const commands[];

/* Finds a command. Return: it, or NULL after a message. */
const struct cmd *cmd_find(const char *name);

/*
 * Finds the columns and the order that the options ask for. Return: 0, or
 * STATUS_USAGE when there are no such columns, which is then said.
 */
int cmd_choose(struct cmd_env *env);

/* Whether the totals of an envelope are written, or compared by --fail-if. */
bool cmd_needs_totals(const struct cmd_env *env);

/*
 * Writes rows in the order, columns and format that the options ask for. Says
 * what could not be seen, unless JSON did, and which condition of --fail-if
 * holds. Return: enum exit_status.
 */
int cmd_rows(struct cmd_env *env, const struct rows *rows,
	     const struct envelope *envelope);

/*
 * Whether a column that is shown, sorted by or in a condition has a bit of enum
 * column_needs.
 */
bool cmd_needs(const struct cmd_env *env, unsigned int needs);

/* Whether who made buffers, and when, is shown, or picks them. */
bool cmd_wants_births(const struct cmd_env *env);

/*
 * Takes a snapshot, or loads that of --input; with holders where the command,
 * a column or a condition is of them. Drops the capabilities that were needed
 * for it, but those for cmd_name_stacks() stay with CMD_STACKS. Return: it, or
 * NULL when that failed and was said.
 */
struct dmabuf_snapshot *cmd_snapshot(struct cmd_env *env);

/* The same for a command that can do without, and says nothing. */
struct dmabuf_snapshot *cmd_try_snapshot(struct cmd_env *env);

/*
 * Finds the names of calls that made buffers of a snapshot: of @n stacks, or of
 * all when @stacks is NULL. A saved snapshot has them already. Drops the
 * capabilities that were needed for it. Return: 0, or STATUS_FAILED when that
 * failed and was said.
 */
int cmd_name_stacks(struct cmd_env *env, struct dmabuf_snapshot *snapshot,
		    const uint32_t *stacks, size_t n);

/* Says why the last call of the library failed. Return: STATUS_FAILED. */
int cmd_failed(struct cmd_env *env);

/* Says that something failed and why; @hint may be "". Return: STATUS_FAILED.
 */
int cmd_failed_at(const char *what, const char *why, const char *hint);

/* Says that there is no memory. Return: STATUS_FAILED. */
int cmd_no_memory(void);

/*
 * Says that a name is not known, and which one is near it. Return:
 * STATUS_USAGE.
 */
int cmd_unknown(struct cmd_env *env, const struct suggestion *near,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Says what is wrong with the command line. Return: STATUS_USAGE. */
int cmd_usage(struct cmd_env *env, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
