// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"
#include "ui/utf8.h"

/* The grammar of RFC 3629, written down as it stands there. */
static size_t by_the_rfc(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char first[2], second[2];
		size_t length;
	} rows[] = {
		{ { 0x00, 0x7f }, { 0, 0 }, 1 },
		{ { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
		{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 },
		{ { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
		{ { 0xed, 0xed }, { 0x80, 0x9f }, 3 },
		{ { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
		{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 },
		{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
		{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (s[0] < rows[i].first[0] || s[0] > rows[i].first[1])
			continue;
		if (n < rows[i].length)
			return 0;
		if (rows[i].length > 1 &&
		    (s[1] < rows[i].second[0] || s[1] > rows[i].second[1]))
			return 0;
		for (j = 2; j < rows[i].length; j++)
			if (s[j] < 0x80 || s[j] > 0xbf)
				return 0;
		return rows[i].length;
	}
	return 0;
}

/* Every first and second byte, with every kind of third and fourth one. */
static void test_length_agrees_with_the_rfc(void **state)
{
	static const unsigned char kinds[] = { 0x00, 0x41, 0x7f, 0x80,
					       0xbf, 0xc0, 0xff };
	unsigned char s[4];
	size_t n, c, d;
	int a, b;

	(void)state;
	for (a = 0; a < 256; a++)
		for (b = 0; b < 256; b++)
			for (c = 0; c < sizeof(kinds); c++)
				for (d = 0; d < sizeof(kinds); d++)
					for (n = 1; n <= 4; n++) {
						s[0] = a;
						s[1] = b;
						s[2] = kinds[c];
						s[3] = kinds[d];
						if (utf8_length((char *)s,
								(char *)s +
									n) !=
						    by_the_rfc(s, n))
							fail_msg("%02x %02x "
								 "%02x %02x, "
								 "%zu bytes",
								 a, b, s[2],
								 s[3], n);
					}
}

static void test_length_at_the_edges(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} cases[] = {
		{ "a", 1 },
		{ "\x7f", 1 },
		{ "\xc2\x80", 2 },
		{ "\xdf\xbf", 2 },
		{ "\xe0\xa0\x80", 3 },
		{ "\xef\xbf\xbf", 3 },
		{ "\xf0\x90\x80\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		{ "\xf4\x90\x80\x80", 0 }, /* past the end of Unicode */
		{ "\xed\x9f\xbf", 3 },
		{ "\xed\xa0\x80", 0 }, /* the first surrogate */
		{ "\xed\xbf\xbf", 0 }, /* the last one */
		{ "\xee\x80\x80", 3 },
		{ "\xc0\xaf", 0 }, /* overlong, 2, 3 and 4 bytes */
		{ "\xc1\xbf", 0 },
		{ "\xe0\x9f\xbf", 0 },
		{ "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf8\x88\x80\x80", 0 },
		{ "\xff", 0 },
		{ "\x80", 0 },
		{ "\xe6\xbc", 0 }, /* cut */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(
			utf8_length(cases[i].bytes,
				    cases[i].bytes + strlen(cases[i].bytes)),
			cases[i].length);
}

/* In a buffer of just the promised size, so that ASan sees one byte more. */
static void check(void (*copy)(const char *, char *), size_t times,
		  const char *from, const char *wanted)
{
	char *to = malloc(times * strlen(from) + 1);

	assert_non_null(to);
	copy(from, to);
	assert_string_equal(to, wanted);
	free(to);
}

static void test_printable(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "", "" },
		{ "plain text", "plain text" },
		{ "caf\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x90\xa7",
		  "caf\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x90\xa7" },
		{ "a\nb\tc\r", "a\\x0ab\\x09c\\x0d" },
		{ "\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9b"
		  "1m",
		  "\\xc2\\x9b1m" },
		{ "\xc2\x80\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9f\xc2\xa0" },
		{ "back\\slash", "back\\\\slash" },
		{ "\\x0a", "\\\\x0a" }, /* not what a newline becomes */
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xe6\xbc", "\\xe6\\xbc" },
		{ "\xe6\xbcx", "\\xe6\\xbcx" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		check(utf8_printable, 4, cases[i].from, cases[i].to);
}

/* For a terminal without UTF-8. */
static void test_ascii_printable(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "", "" },
		{ "plain text ~", "plain text ~" },
		{ "caf\xc3\xa9", "caf\\xc3\\xa9" },
		{ "\xf0\x9f\x90\xa7\xff", "\\xf0\\x9f\\x90\\xa7\\xff" },
		{ "a\n\033\x7f\\", "a\\x0a\\x1b\\x7f\\\\" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		check(ascii_printable, 4, cases[i].from, cases[i].to);
}

/* Every pair of bytes: what comes out is UTF-8 that no terminal acts on. */
static void test_no_control_comes_out(void **state)
{
	char from[3] = "", to[9];
	const char *s, *end;
	size_t length;
	int a, b;

	(void)state;
	for (a = 1; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			from[0] = a;
			from[1] = b;
			utf8_printable(from, to);
			end = to + strlen(to);
			for (s = to; s < end; s += length) {
				length = utf8_length(s, end);
				assert_int_not_equal(length, 0);
				if (length == 1)
					assert_in_range(*s, 0x20, 0x7e);
				assert_false(length == 2 && s[0] == '\xc2' &&
					     (unsigned char)s[1] < 0xa0);
			}
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length_agrees_with_the_rfc),
		cmocka_unit_test(test_length_at_the_edges),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_ascii_printable),
		cmocka_unit_test(test_no_control_comes_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
