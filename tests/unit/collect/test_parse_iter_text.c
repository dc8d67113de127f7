// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/parse_iter_text.h"
#include "snapshot/buffers.h"
#include "snapshot/gaps.h"
#include "tests/unit/unit.h"

#define GOOD "11\n4096\nfirst\nsystem\n22\n8192\n\nudmabuf\n"

#define X31 "0123456789012345678901234567890"
#define X47 "01234567890123456789012345678901234567890123456"

/* If set, reading fails with ENOMEM from this line on. */
static int memory_ends_at;

ssize_t __real___getdelim(char **line, size_t *room, int end, FILE *file);
ssize_t __wrap___getdelim(char **line, size_t *room, int end, FILE *file);
ssize_t __wrap_getline(char **line, size_t *room, FILE *file);

/* The compiler may inline getline() as this function. */
ssize_t __wrap___getdelim(char **line, size_t *room, int end, FILE *file)
{
	if (memory_ends_at && !--memory_ends_at) {
		errno = ENOMEM;
		return -1;
	}
	return __real___getdelim(line, room, end, file);
}

ssize_t __wrap_getline(char **line, size_t *room, FILE *file)
{
	return __wrap___getdelim(line, room, '\n', file);
}

static struct dmabuf_error error;

static int parse(const void *data, size_t size, uint64_t *bytes,
		 struct dmabuf_snapshot **snapshot)
{
	FILE *file = fdopen(unit_file(data, size), "r");
	int r;

	assert_non_null(file);
	memset(&error, 0, sizeof(error));
	*snapshot = snapshot_new();
	r = parse_text(file, "NAME", *snapshot, bytes, &error);
	assert_int_equal(r, error.err);
	fclose(file);
	snapshot_join_buffers(*snapshot);
	return r;
}

static void check_bad(const void *data, size_t size, int err, const char *text)
{
	struct dmabuf_snapshot *snapshot;
	uint64_t bytes = UNTOUCHED;

	assert_int_equal(parse(data, size, &bytes, &snapshot), err);
	assert_true(bytes == UNTOUCHED);
	if (text)
		assert_string_equal(error.text, text);
	dmabuf_snapshot_free(snapshot);
}

/* Checks the buffer of these four lines. */
static void check_buffer(const char *text, uint64_t ino, uint64_t size,
			 const char *name, const char *exporter)
{
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *buffer;
	uint64_t bytes, number = 0;

	assert_int_equal(parse(text, strlen(text), &bytes, &snapshot), 0);
	assert_int_equal(bytes, strlen(text));
	assert_int_equal(dmabuf_snapshot_count(snapshot), 1);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_int_equal(dmabuf_buffer_ino(buffer, &number), 0);
	assert_true(number == ino);
	assert_int_equal(dmabuf_buffer_size(buffer, &number), 0);
	assert_true(number == size);
	assert_string_equal(dmabuf_buffer_name(buffer), name);
	assert_string_equal(dmabuf_buffer_exporter(buffer), exporter);
	dmabuf_snapshot_free(snapshot);
}

static void test_good(void **state)
{
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *buffer;
	uint64_t bytes, number = UNTOUCHED;

	(void)state;
	assert_int_equal(parse(GOOD, strlen(GOOD), &bytes, &snapshot), 0);
	assert_int_equal(bytes, strlen(GOOD));
	assert_int_equal(dmabuf_snapshot_count(snapshot), 2);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	assert_string_equal(dmabuf_buffer_name(buffer), "first");
	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_string_equal(dmabuf_buffer_name(buffer), "");
	assert_string_equal(dmabuf_buffer_exporter(buffer), "udmabuf");
	/* Not in the text, therefore unknown. */
	assert_int_equal(dmabuf_buffer_refs(buffer, &number), -ENODATA);
	assert_int_equal(dmabuf_buffer_attachments(buffer, &number), -ENODATA);
	assert_int_equal(dmabuf_buffer_address(buffer, &number), -ENODATA);
	assert_true(number == UNTOUCHED);
	dmabuf_snapshot_free(snapshot);
}

static void test_nothing(void **state)
{
	struct dmabuf_snapshot *snapshot;
	uint64_t bytes = 1;

	(void)state;
	assert_int_equal(parse("", 0, &bytes, &snapshot), 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 0);
	dmabuf_snapshot_free(snapshot);
}

/* On v5.10, two buffers may have the same inode number. */
static void test_one_number_twice(void **state)
{
	static const char text[] = "1\n1\na\nx\n1\n1\na\nx\n";
	struct dmabuf_snapshot *snapshot;
	uint64_t bytes;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &bytes, &snapshot), 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 2);
	dmabuf_snapshot_free(snapshot);
}

static void test_edges_of_fields(void **state)
{
	(void)state;
	check_buffer("0\n0\n\nx\n", 0, 0, "", "x");
	check_buffer("18446744073709551615\n18446744073709551615\nn\nx\n",
		     UINT64_MAX, UINT64_MAX, "n", "x");
	check_buffer("007\n1\n \nx\n", 7, 1, " ", "x");
}

static void test_any_byte_in_names(void **state)
{
	(void)state;
	check_buffer("1\n2\n" X31 "\n" X47 "\n", 1, 2, X31, X47);
	check_buffer("1\n2\n\xff\033[1m\r\t \nex porter \n", 1, 2,
		     "\xff\033[1m\r\t ", "ex porter ");
	/* Longer exporters are cut; snapshot_find_gaps() reports it. */
	check_buffer("1\n2\nn\n" X47 "789\n", 1, 2, "n", X47);
}

static void test_numbers_that_are_none(void **state)
{
	static const char *const numbers[] = {
		"",
		"-1",
		"+1",
		" 1",
		"1 ",
		"1\r",
		"0x1",
		"1a",
		"a",
		"1.5",
		"\xd9\xa1", /* an Arabic-Indic digit */
		"18446744073709551616", /* 2^64 */
		"99999999999999999999999999999999999999999999999999",
	};
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(text, sizeof(text), "%s\n2\nn\nx\n", numbers[i]);
		check_bad(text, strlen(text), -EBADMSG,
			  "NAME: line 1: unexpected text");
		snprintf(text, sizeof(text), "1\n%s\nn\nx\n", numbers[i]);
		check_bad(text, strlen(text), -EBADMSG,
			  "NAME: line 2: unexpected text");
	}
}

static void test_lines_that_are_none(void **state)
{
	static const struct {
		const char *text;
		const char *line;
	} cases[] = {
		{ "1\n2\n" X31 "1\nx\n", "line 3" }, /* a name too long */
		{ "1\n2\nn\n\n", "line 4" }, /* no exporter */
		{ GOOD "3\n4\nn\n\n", "line 12" },
		{ GOOD "\n", "line 9" },
		{ "\n" GOOD, "line 1" },
		/* Lines of a name that is too long with them. */
		{ "1\n2\n" X31 "\n\nx\n3\n4\nn\nx\n", "line 4" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		check_bad(cases[i].text, strlen(cases[i].text), -EBADMSG, NULL);
		assert_non_null(strstr(error.text, cases[i].line));
	}
}

/* A name with newlines is found by what follows it, or there is a gap. */
static void test_names_with_newlines(void **state)
{
	static const struct {
		const char *text, *name;
		int buffers, doubtful;
	} cases[] = {
		{ "1\n2\nna\nme\nx\n3\n4\n" X31 "\nx\n", "na\nme", 2, 0 },
		{ "1\n2\n\n\n\nx\n3\n4\n" X31 "\nx\n", "\n\n", 2, 0 },
		{ "1\n2\na\n\nx\n", "a\n", 1, 0 },
		{ "1\n2\n" X31 "\nx\n3\n4\nn\nx\n", X31, 2, 0 },
		/* One of two that could be one, or the other way. */
		{ "1\n2\na\nsystem\n3\n4\nb\nsystem\n", "a", 2, 1 },
		{ "1\n2\na\nsystem\n3\n4\nb\n", "a\nsystem\n3\n4", 1, 1 },
		{ "1\n2\na\n3\nx\n", "a\n3", 1, 1 },
	};
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_gap *gap;
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text, strlen(cases[i].text),
				       &bytes, &snapshot),
				 0);
		assert_int_equal(bytes, strlen(cases[i].text));
		assert_int_equal(dmabuf_snapshot_count(snapshot),
				 cases[i].buffers);
		assert_string_equal(dmabuf_buffer_name(dmabuf_snapshot_next(
					    snapshot, NULL)),
				    cases[i].name);
		gap = dmabuf_snapshot_next_gap(snapshot, NULL);
		assert_int_equal(gap ? dmabuf_gap_count(gap) : 0,
				 cases[i].doubtful);
		dmabuf_snapshot_free(snapshot);
	}
}

static void test_nul_bytes(void **state)
{
	static const char text[] = "1\n2\nname\nx\n";
	char data[sizeof(text)];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) - 1; i++) {
		memcpy(data, text, sizeof(text));
		data[i] = 0;
		if (text[i] != '\n' || i < sizeof(text) - 2)
			check_bad(data, sizeof(text) - 1, -EBADMSG, NULL);
		else
			check_bad(data, sizeof(text) - 1, -ENODATA, NULL);
	}
	check_bad("\0", 1, -ENODATA, NULL);
	check_bad("\0\n", 2, -EBADMSG, NULL);
}

/* The parser cannot see a cut between two buffers; the caller counts bytes. */
static void test_cut_at_every_byte(void **state)
{
	struct dmabuf_snapshot *snapshot;
	uint64_t bytes;
	size_t size, half = strlen("11\n4096\nfirst\nsystem\n");

	(void)state;
	for (size = 1; size < strlen(GOOD); size++) {
		if (size != half) {
			check_bad(GOOD, size, -ENODATA, NULL);
			continue;
		}
		assert_int_equal(parse(GOOD, size, &bytes, &snapshot), 0);
		assert_int_equal(bytes, half);
		dmabuf_snapshot_free(snapshot);
	}
	check_bad(GOOD, 4, -ENODATA, "NAME: ends inside line 2");
	check_bad(GOOD, 8, -ENODATA, "NAME: ends inside a buffer");
}

static void test_long_lines(void **state)
{
	enum { LONG = 1 << 20 };
	char *text = malloc(LONG);

	(void)state;
	assert_non_null(text);
	memset(text, '1', LONG);
	check_bad(text, LONG, -ENODATA, NULL);
	text[LONG - 1] = '\n';
	check_bad(text, LONG, -EBADMSG, NULL);
	memcpy(text, "1\n2\n", 4);
	check_bad(text, LONG, -EBADMSG, NULL);
	free(text);
}

static void test_cannot_read(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	FILE *file = fdopen(open("/", O_RDONLY | O_CLOEXEC), "r");
	uint64_t bytes = UNTOUCHED;

	(void)state;
	assert_non_null(file);
	assert_int_equal(parse_text(file, "NAME", snapshot, &bytes, &error),
			 -EISDIR);
	assert_string_equal(error.text, "NAME: cannot read: Is a directory");
	assert_true(bytes == UNTOUCHED);
	fclose(file);
	dmabuf_snapshot_free(snapshot);
}

/* The C library then returns no line, but sets neither error nor end of file.
 */
static void test_no_memory_is_not_the_end(void **state)
{
	int line;

	(void)state;
	for (line = 1; line <= 9; line++) {
		memory_ends_at = line;
		check_bad(GOOD, strlen(GOOD), -ENOMEM, NULL);
		assert_int_equal(memory_ends_at, 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_one_number_twice),
		cmocka_unit_test(test_edges_of_fields),
		cmocka_unit_test(test_any_byte_in_names),
		cmocka_unit_test(test_numbers_that_are_none),
		cmocka_unit_test(test_lines_that_are_none),
		cmocka_unit_test(test_names_with_newlines),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_cannot_read),
		cmocka_unit_test(test_no_memory_is_not_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
