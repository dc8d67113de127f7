/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options as data: a row has all that parsing, --help and the messages need. A
 * new option is a member of a struct of values and a row.
 */
#ifndef UI_OPTIONS_H
#define UI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
	OPTION_HELP, /* ends parsing */
	OPTION_VERSION, /* ends parsing */
	OPTION_FLAG, /* bool */
	OPTION_TEXT, /* const char * */
	OPTION_TEXTS, /* struct vec of const char *, one for each time */
	OPTION_NUMBER, /* uint64_t */
	OPTION_SIZE, /* uint64_t, see quantity.h */
	OPTION_SECONDS, /* double, above 0 */
};

/**
 * struct option_spec - an option
 * @name: without its dashes
 * @letter: its short form, or 0
 * @arg: name of its argument, or NULL when it takes none
 * @help: a line; NULL hides the option
 * @kind: how to read the argument; set by the TO_ macros
 * @offset: where the value goes; set by the TO_ macros
 * @min: smallest number
 * @max: largest number; 0 for UINT64_MAX
 */
struct option_spec {
	const char *name;
	char letter;
	const char *arg, *help;
	enum option_kind kind;
	size_t offset;
	uint64_t min, max;
};

/* Does not compile unless the member has the type that the kind writes. */
#define OPTION_OFFSET(type, member, value)                                     \
	(offsetof(type, member) +                                              \
	 0 * sizeof(char[__builtin_types_compatible_p(                         \
				 __typeof__(((type *)0)->member), value)       \
				 ? 1                                           \
				 : -1]))

#define OPTION_TO(kind_, type, member, value)                                  \
	.kind = kind_, .offset = OPTION_OFFSET(type, member, value)

#define TO_FLAG(type, member)	 OPTION_TO(OPTION_FLAG, type, member, bool)
#define TO_TEXT(type, member)	 OPTION_TO(OPTION_TEXT, type, member, const char *)
#define TO_TEXTS(type, member)	 OPTION_TO(OPTION_TEXTS, type, member, struct vec)
#define TO_NUMBER(type, member)	 OPTION_TO(OPTION_NUMBER, type, member, uint64_t)
#define TO_SIZE(type, member)	 OPTION_TO(OPTION_SIZE, type, member, uint64_t)
#define TO_SECONDS(type, member) OPTION_TO(OPTION_SECONDS, type, member, double)

/* --help and --version, the last rows of every program. */
extern const struct option_spec options_standard[];

/**
 * struct option_group - options, and the struct that their values go to
 * @options: ends with a row without a name, as all lists of options
 * @values: what the offsets are into
 * @refused: known to the program, but not for this command
 * @given: set by parsing: a bit for each option that was given, by its row
 */
struct option_group {
	const struct option_spec *options;
	void *values;
	bool refused;
	uint64_t given;
};

/**
 * struct command_line - what a command line may have
 * @command: the command, for messages; NULL before one is known
 * @groups: an option of two groups is that of the first
 * @n: number of groups
 * @stop_at_operand: what follows the first operand is not parsed
 */
struct command_line {
	const char *command;
	struct option_group *groups;
	size_t n;
	bool stop_at_operand;
};

enum options_result {
	OPTIONS_FAILED = -2, /* not enough memory, which was said */
	OPTIONS_WRONG = -1, /* what is wrong was said */
	OPTIONS_PARSED,
	OPTIONS_HELP,
	OPTIONS_VERSION,
};

/*
 * Reads the options of a command line, (*argv)[0] being a name. @argc and @argv
 * become the operands when this returns OPTIONS_PARSED.
 */
enum options_result options_parse(struct command_line *line, int *argc,
				  char ***argv);

/*
 * Finds an option that was given, in another group, before it was known that
 * the command does not take it. Return: 0, or OPTIONS_WRONG, which was said.
 */
int options_check_given(const struct command_line *line);

#endif
