// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/help.h"
#include "ui/message.h"
#include "ui/options.h"
#include "tests/unit/unit.h"
#include "util/vec.h"

#include "tests/unit/ui/stderr.h"

struct own {
	const char *mode;
	uint64_t count, size;
	double seconds;
	bool hold;
	struct vec where;
};

struct common {
	bool json, bytes;
	const char *columns, *format;
};

static const struct option_spec own_options[] = {
	{ "mode", 0, "MODE", "permissions", TO_TEXT(struct own, mode) },
	{ "count", 0, "N", "how many", TO_NUMBER(struct own, count), .min = 1,
	  .max = 100 },
	{ "size", 0, "SIZE", "how large", TO_SIZE(struct own, size) },
	{ "timeout", 't', "SECONDS", "how long",
	  TO_SECONDS(struct own, seconds) },
	{ "hold", 0, NULL, "wait", TO_FLAG(struct own, hold) },
	{ "where", 'w', "CONDITION", "which", TO_TEXTS(struct own, where) },
	{ "secret", 0, NULL, NULL, TO_FLAG(struct own, hold) },
	{},
};

static const struct option_spec common_options[] = {
	{ "json", 'J', NULL, "as JSON", TO_FLAG(struct common, json) },
	{ "bytes", 'b', NULL, "in bytes", TO_FLAG(struct common, bytes) },
	{ "columns", 'o', "A,B", "these", TO_TEXT(struct common, columns) },
	{ "format", 0, "FORMAT", "table, json or dump",
	  TO_TEXT(struct common, format) },
	/* hidden by the first group, where both are */
	{ "mode", 0, NULL, "another", TO_FLAG(struct common, bytes) },
	{},
};

static struct own own;
static struct common common;
static struct option_group groups[3];
static struct command_line options;
static char *words[16], **operands;
static int n_operands;

static int setup(void **state)
{
	(void)state;
	own = (struct own){ .where = VEC_OF(const char *) };
	common = (struct common){};
	groups[0] =
		(struct option_group){ .options = own_options, .values = &own };
	groups[1] = (struct option_group){ .options = common_options,
					   .values = &common };
	groups[2] = (struct option_group){ .options = options_standard };
	options = (struct command_line){ .command = "make",
					 .groups = groups,
					 .n = 3 };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	vec_fini(&own.where);
	return 0;
}

/* Parses words, the last of which is NULL. */
static enum options_result parse(const char *first, ...)
{
	va_list args;
	const char *word;

	operands = words;
	words[0] = (char *)"make";
	n_operands = 1;
	va_start(args, first);
	for (word = first; word; word = va_arg(args, const char *))
		words[n_operands++] = (char *)word;
	va_end(args);
	words[n_operands] = NULL;
	return options_parse(&options, &n_operands, &operands);
}

#define assert_wrong(says, ...)                                                \
	assert_says("prog: " says "\n",                                        \
		    assert_int_equal(parse(__VA_ARGS__, NULL), OPTIONS_WRONG))

static void test_kinds(void **state)
{
	(void)state;
	assert_int_equal(parse("--mode", "x", "--count=7", "--size", "4KiB",
			       "-t", "1.5", "--hold", "--json", "-o", "a,b",
			       "--format", "dump", NULL),
			 OPTIONS_PARSED);
	assert_string_equal(own.mode, "x");
	assert_int_equal(own.count, 7);
	assert_int_equal(own.size, 4096);
	assert_true(own.seconds == 1.5);
	assert_true(own.hold);
	assert_true(common.json);
	assert_false(common.bytes);
	assert_string_equal(common.columns, "a,b");
	assert_string_equal(common.format, "dump");
	assert_int_equal(n_operands, 0);
}

static void test_letters_together(void **state)
{
	(void)state;
	assert_int_equal(parse("-Jboa,b", NULL), OPTIONS_PARSED);
	assert_true(common.json && common.bytes);
	assert_string_equal(common.columns, "a,b");
}

static void test_beginnings(void **state)
{
	(void)state;
	assert_wrong("unknown option '--co=7'; see 'prog make --help'",
		     "--co=7");
	assert_int_equal(parse("--mod", "x", "--cou=7", NULL), OPTIONS_PARSED);
	assert_string_equal(own.mode, "x");
	assert_int_equal(own.count, 7);
}

static void test_repeated(void **state)
{
	(void)state;
	assert_int_equal(parse("--where", "a", "-w", "b", "-wc", NULL),
			 OPTIONS_PARSED);
	assert_int_equal(own.where.n, 3);
	assert_string_equal(*(const char **)vec_at(&own.where, 2), "c");
	/* Of others the last one counts. */
	assert_int_equal(parse("--mode", "a", "--mode", "b", NULL),
			 OPTIONS_PARSED);
	assert_string_equal(own.mode, "b");
}

static void test_operands(void **state)
{
	(void)state;
	assert_int_equal(parse("a", "--json", "b", "--", "--hold", NULL),
			 OPTIONS_PARSED);
	assert_int_equal(n_operands, 3);
	assert_string_equal(operands[0], "a");
	assert_string_equal(operands[1], "b");
	assert_string_equal(operands[2], "--hold");
	assert_true(common.json);
	assert_false(own.hold);
}

static void test_stop_at_operand(void **state)
{
	(void)state;
	options.stop_at_operand = true;
	assert_int_equal(parse("--json", "a", "--bytes", NULL), OPTIONS_PARSED);
	assert_int_equal(n_operands, 2);
	assert_true(common.json);
	assert_false(common.bytes);
}

static void test_help_and_version(void **state)
{
	(void)state;
	assert_int_equal(parse("-h", "--frob", NULL), OPTIONS_HELP);
	assert_int_equal(parse("--help", NULL), OPTIONS_HELP);
	assert_int_equal(parse("--json", "-V", NULL), OPTIONS_VERSION);
	assert_int_equal(parse("--version", NULL), OPTIONS_VERSION);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_wrong("unknown option '--jsno'; did you mean '--json'?",
		     "--jsno");
	assert_wrong("unknown option '--colums=x'; did you mean '--columns'?",
		     "--colums=x");
	assert_wrong("unknown option '--frob'; see 'prog make --help'",
		     "--frob");
	assert_wrong("unknown option '-j'; see 'prog make --help'", "-j");
	assert_wrong("unknown option '-x'; see 'prog make --help'", "-bxJ");
	assert_wrong("unknown option '-\\xff'; see 'prog make --help'",
		     "-\xff");
	/* A hidden one is not suggested. */
	assert_wrong("unknown option '--secert'; see 'prog make --help'",
		     "--secert");
	/* It may be --hold or --help. */
	assert_wrong("unknown option '--h'; see 'prog make --help'", "--h");
	options.command = NULL;
	assert_wrong("unknown option '--frob'; see 'prog --help'", "--frob");
}

static void test_arguments(void **state)
{
	(void)state;
	assert_wrong("'--mode' needs an argument; see 'prog make --help'",
		     "--mode");
	assert_wrong("'-o' needs an argument; see 'prog make --help'", "-Jo");
	assert_wrong("'--json' takes no argument; see 'prog make --help'",
		     "--json=yes");
}

static void test_wrong_values(void **state)
{
	(void)state;
	assert_wrong("invalid --count '0': must be from 1 to 100; see 'prog "
		     "make --help'",
		     "--count", "0");
	assert_wrong("invalid --count '101': must be from 1 to 100; see 'prog "
		     "make --help'",
		     "--count", "101");
	assert_wrong("invalid --count '1K': not a number; see 'prog make "
		     "--help'",
		     "--count", "1K");
	assert_wrong("invalid --size '4MB': not a size such as 4096, 64K or "
		     "4M; see 'prog make --help'",
		     "--size", "4MB");
	assert_wrong("invalid -t '0': not a number of seconds above 0; see "
		     "'prog make --help'",
		     "-t0");
	assert_wrong("invalid -t 'nan': not a number of seconds above 0; see "
		     "'prog make --help'",
		     "-t", "nan");
	assert_int_equal(own.count, 0);
}

static void test_refused(void **state)
{
	(void)state;
	groups[1].refused = true;
	assert_wrong("'make' does not take '--json'; see 'prog make --help'",
		     "--json");
	assert_wrong("'make' does not take '-J'; see 'prog make --help'", "-J");
	assert_wrong("unknown option '--jsno'; see 'prog make --help'",
		     "--jsno");
	assert_int_equal(options_check_given(&options), 0);
}

/* Options before a command are read when it is not known yet. */
static void test_refused_later(void **state)
{
	(void)state;
	assert_int_equal(parse("--hold", "--columns", "x", NULL),
			 OPTIONS_PARSED);
	assert_int_equal(options_check_given(&options), 0);
	groups[1].refused = true;
	assert_says(
		"prog: 'make' does not take '--columns'; see 'prog make "
		"--help'\n",
		assert_int_equal(options_check_given(&options), OPTIONS_WRONG));
}

static void test_help_lines(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	help_options(out, common_options);
	help_options(out, own_options + 5);
	help_line(out, "name", "what it is");
	fclose(out);
	assert_string_equal(text,
			    "  -J, --json               as JSON\n"
			    "  -b, --bytes              in bytes\n"
			    "  -o, --columns A,B        these\n"
			    "      --format FORMAT      table, json or dump\n"
			    "      --mode               another\n"
			    "  -w, --where CONDITION    which\n"
			    "  name                     what it is\n");
	free(text);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(test_kinds),
		TEST(test_letters_together),
		TEST(test_beginnings),
		TEST(test_repeated),
		TEST(test_operands),
		TEST(test_stop_at_operand),
		TEST(test_help_and_version),
		TEST(test_unknown),
		TEST(test_arguments),
		TEST(test_wrong_values),
		TEST(test_refused),
		TEST(test_refused_later),
		TEST(test_help_lines),
	};

	message_set_program("prog");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
