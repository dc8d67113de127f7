// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/parse_proc.h"
#include "snapshot/gaps.h"
#include "tests/unit/unit.h"

#define HEAD "pos:\t0\nflags:\t02000002\nmnt_id:\t14\n"
#define BODY "ino:\t7\nsize:\t4096\ncount:\t2\nexp_name:\tsystem\n"
#define GOOD HEAD BODY "name:\tname\n"

#define X31 "0123456789012345678901234567890"
#define X47 "01234567890123456789012345678901234567890123456"

#define MAPPING "7f5c9c7a2000-7f5c9c7a5000 rw-s 00001000 00:0b 11  "

static int parse(const char *text, struct dmabuf_rec_buffer *rec)
{
	/* Allocated in its exact size, so that ASan finds reads beyond its end.
	 */
	char *copy = malloc(strlen(text) ?: 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, text, strlen(text));
	*rec = (struct dmabuf_rec_buffer){ .ino = UNTOUCHED };
	r = parse_fdinfo(copy, strlen(text), NULL, rec);
	free(copy);
	if (r)
		assert_true(rec->ino == UNTOUCHED);
	return r;
}

static void check_name(const char *text, const char *name)
{
	struct dmabuf_rec_buffer rec;

	assert_int_equal(parse(text, &rec), 0);
	assert_true(rec.ino == 7 && rec.key == 7);
	assert_int_equal(rec.bytes, 4096);
	assert_int_equal(rec.refs, 2);
	assert_string_equal(rec.exporter, "system");
	assert_string_equal(rec.name, name);
}

static void test_good(void **state)
{
	struct dmabuf_rec_buffer rec;

	(void)state;
	check_name(GOOD, "name");
	assert_int_equal(parse(GOOD, &rec), 0);
	assert_int_equal(rec.head.kind, DMABUF_REC_BUFFER);
	assert_int_equal(rec.head.size, sizeof(rec));
	/* Without attachments, and without an address. */
	assert_int_equal(rec.have, DMABUF_HAVE_INO | DMABUF_HAVE_SIZE |
					   DMABUF_HAVE_REFS | DMABUF_HAVE_NAME |
					   DMABUF_HAVE_EXPORTER);
}

static void test_names(void **state)
{
	(void)state;
	check_name(HEAD BODY, ""); /* not set */
	check_name(HEAD BODY "name:\t\n", "");
	check_name(HEAD BODY "name:\t" X31 "\n", X31);
	check_name(HEAD BODY "name:\t\n\n", "\n");
	check_name(HEAD BODY "name:\t\xff\033[1m\\012\n", "\xff\033[1m\\012");
}

/* A name cannot imitate other lines. */
static void test_names_that_forge(void **state)
{
	(void)state;
	check_name(GOOD "size:\t1\n", "name\nsize:\t1");
	check_name(HEAD BODY "name:\ta\nino:\t1\nexp_name:\tx\n",
		   "a\nino:\t1\nexp_name:\tx");
	check_name(HEAD BODY "name:\ta\nname:\tb\n", "a\nname:\tb");
	check_name(HEAD BODY "name:\tname:\tb\n", "name:\tb");
	check_name(HEAD BODY "name:\ta\ncount:\tx\n", "a\ncount:\tx");
}

/* The path of the buffer tells where a name ends. */
static void test_lines_after_name(void **state)
{
	static const struct {
		const char *path_name, *text, *name;
	} cases[] = {
		{ "a", "name:\ta\nattach:\t2\nowner:\tcamera.provider@2\n",
		  "a" },
		{ "a", "name:\ta\nattach:\t2\n", "a" },
		{ "a\nattach:\t2", "name:\ta\nattach:\t2\n", "a\nattach:\t2" },
		{ "a\nb", "name:\ta\nb\nowner:\tcamera\n", "a\nb" },
		{ "", "name:\t\nattach:\t2\n", "" },
		/* Renamed in between. */
		{ "b", "name:\ta\n", "a" },
		{ "ab", "name:\ta\n", "a" },
		{ "b", "name:\ta\n0123456789012345678901234567890\n", NULL },
	};
	struct dmabuf_rec_buffer rec;
	struct scan path_name;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text), HEAD BODY "%s", cases[i].text);
		path_name.at = cases[i].path_name;
		path_name.end = path_name.at + strlen(path_name.at);
		assert_int_equal(
			parse_fdinfo(text, strlen(text), &path_name, &rec), 0);
		assert_true(!!(rec.have & DMABUF_HAVE_NAME) == !!cases[i].name);
		assert_string_equal(rec.name, cases[i].name ?: "");
	}
}

/* The first of two lines counts. */
static void test_first_line_counts(void **state)
{
	(void)state;
	check_name(HEAD BODY "ino:\t1\nsize:\t1\ncount:\t1\nexp_name:\tx\n",
		   "");
	check_name(HEAD BODY "size:\tx\n", "");
}

/* Before v5.14; lines of locks come between. */
static void test_without_ino(void **state)
{
	struct dmabuf_rec_buffer rec;

	(void)state;
	assert_int_equal(parse(HEAD "lock:\t1: FLOCK  ADVISORY  WRITE 58 "
				    "00:0b:7 0 EOF\nsize:\t4096\ncount:\t1\n"
				    "exp_name:\tvgem\nname:\tino:\t5\n",
			       &rec),
			 0);
	assert_false(rec.have & DMABUF_HAVE_INO);
	assert_true(rec.ino == 0 && rec.key == 0);
	assert_string_equal(rec.name, "ino:\t5");
	assert_string_equal(rec.exporter, "vgem");
}

static void test_lines_that_are_missing(void **state)
{
	struct dmabuf_rec_buffer rec;

	(void)state;
	assert_int_equal(parse("exp_name:\tx\n", &rec), 0);
	assert_int_equal(rec.have, DMABUF_HAVE_NAME | DMABUF_HAVE_EXPORTER);
	assert_int_equal(parse(HEAD "size:\t1\nexp_name:\tx\n", &rec), 0);
	assert_false(rec.have & DMABUF_HAVE_REFS);
	assert_int_equal(parse(HEAD "count:\t1\nexp_name:\tx\n", &rec), 0);
	assert_false(rec.have & DMABUF_HAVE_SIZE);
}

static void test_other_files(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		HEAD,
		HEAD "ino:\t7\nsize:\t4096\ncount:\t2\n",
		HEAD "ino:\t7\nname:\ta\nexp_name:\tx\n",
		HEAD "size:\tmany\n",
		HEAD " exp_name:\tx\n",
		HEAD "exp_name: x\n",
		HEAD "x\rexp_name:\tx\n",
	};
	struct dmabuf_rec_buffer rec;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(parse(texts[i], &rec), -ENODATA);
}

static void test_numbers(void **state)
{
	static const char *const bad[] = {
		"",
		"-1",
		"+1",
		" 1",
		"1 ",
		"0x1",
		"1a",
		"a",
		"1\r",
		"18446744073709551616", /* 2^64 */
		"99999999999999999999999999999999",
	};
	struct dmabuf_rec_buffer rec;
	char text[256];
	size_t i;

	(void)state;
	assert_int_equal(parse("size:\t18446744073709551615\n"
			       "ino:\t18446744073709551615\n"
			       "count:\t9223372036854775807\n"
			       "exp_name:\tx\n",
			       &rec),
			 0);
	assert_true(rec.bytes == UINT64_MAX && rec.ino == UINT64_MAX);
	assert_true(rec.refs == INT64_MAX);
	for (i = 0; i < ARRAY_SIZE(bad) * 3; i++) {
		snprintf(text, sizeof(text),
			 HEAD "%s:\t%s\nexp_name:\tx\nname:\tn\n",
			 (const char *[]){ "ino", "size", "count" }[i % 3],
			 bad[i / 3]);
		assert_int_equal(parse(text, &rec), -EBADMSG);
	}
}

static void test_strings_too_long(void **state)
{
	struct dmabuf_rec_buffer rec;

	(void)state;
	/* A longer name is none: lines of a vendor follow it. */
	assert_int_equal(parse(HEAD BODY "name:\t" X31 "1\n", &rec), 0);
	assert_int_equal(rec.have, HAVE_ALL & ~(DMABUF_HAVE_ATTACHMENTS |
						DMABUF_HAVE_NAME));
	assert_string_equal(rec.name, "");
	/* Longer exporters are cut; snapshot_find_gaps() reports it. */
	assert_int_equal(parse("exp_name:\t" X47 "789\n", &rec), 0);
	assert_string_equal(rec.exporter, X47);
}

static void test_cut_at_every_byte(void **state)
{
	struct dmabuf_rec_buffer rec;
	char text[] = GOOD;
	size_t size;
	int r;

	(void)state;
	for (size = strlen(GOOD) - 1; size > 0; size--) {
		text[size] = 0;
		r = parse(text, &rec);
		if (text[size - 1] != '\n')
			assert_int_equal(r, -EBADMSG);
		else if (size >= strlen(HEAD BODY))
			assert_int_equal(r, 0);
		else
			assert_int_equal(r, -ENODATA);
	}
}

static void test_nul_bytes(void **state)
{
	struct dmabuf_rec_buffer rec = { .ino = UNTOUCHED };
	char text[sizeof(GOOD)];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(GOOD) - 1; i++) {
		memcpy(text, GOOD, sizeof(GOOD));
		text[i] = 0;
		assert_int_equal(
			parse_fdinfo(text, sizeof(GOOD) - 1, NULL, &rec),
			-EBADMSG);
	}
	assert_true(rec.ino == UNTOUCHED);
}

static int parse_map(const char *line, struct proc_mapping *mapping)
{
	char *copy = malloc(strlen(line) ?: 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, line, strlen(line));
	*mapping = (struct proc_mapping){ .ino = UNTOUCHED };
	r = parse_maps_line(copy, strlen(line), mapping);
	free(copy);
	if (r)
		assert_true(mapping->ino == UNTOUCHED);
	return r;
}

static void check_map(const char *line, const char *name)
{
	struct proc_mapping mapping;

	assert_int_equal(parse_map(line, &mapping), 0);
	assert_true(mapping.start == 0x7f5c9c7a2000);
	assert_true(mapping.end == 0x7f5c9c7a5000);
	assert_true(mapping.offset == 0x1000);
	assert_true(mapping.ino == 11);
	assert_string_equal(mapping.name, name);
}

static void test_map(void **state)
{
	(void)state;
	check_map(MAPPING "                  /dmabuf:", "");
	check_map(MAPPING "                  /dmabuf:name", "name");
	check_map(MAPPING "/dmabuf:a b/dmabuf: (deleted)",
		  "a b/dmabuf: (deleted)");
	check_map(MAPPING "/dmabuf:" X31, X31);
	check_map(MAPPING "/dmabuf:\\012a\\012\\12\\", "\na\n\\12\\");
	/* maps shows each newline as four bytes. */
	check_map(MAPPING "/dmabuf:\\012\\012\\012\\012\\012\\012\\012\\012"
			  "\\012\\012\\012\\012\\012\\012\\012\\012",
		  "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n");
}

static void test_map_edges(void **state)
{
	struct proc_mapping mapping;

	(void)state;
	assert_int_equal(parse_map("00000000-ffffffffffffffff ---p "
				   "ffffffffffffffff 00:00 "
				   "18446744073709551615 /dmabuf:",
				   &mapping),
			 0);
	assert_true(mapping.start == 0 && mapping.end == UINT64_MAX);
	assert_true(mapping.offset == UINT64_MAX);
	assert_true(mapping.ino == UINT64_MAX);
}

static void test_maps_of_other_things(void **state)
{
	static const char *const lines[] = {
		"",
		"no line of maps at all",
		MAPPING,
		MAPPING "/usr/lib/libc.so.6",
		MAPPING "/srv/dmabuf:x",
		MAPPING "/srv/a /dmabuf:x",
		MAPPING "[anon: /dmabuf:x]",
		MAPPING "/dmabuf",
		MAPPING "dmabuf:",
	};
	struct proc_mapping mapping;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(parse_map(lines[i], &mapping), -ENODATA);
}

/* Anyone can make a file with such a path, in a mount namespace. */
static void test_maps_that_forge(void **state)
{
	static const char *const lines[] = {
		MAPPING "/dmabuf:" X31 "1",
		MAPPING "/dmabuf:" X31 X31 X31 " (deleted)",
		"1000-2000 r--s 0 08:01 11 /dmabuf:x (deleted)",
		"1000-2000 r--s 0 103:01 11 /dmabuf:",
	};
	struct proc_mapping mapping;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(parse_map(lines[i], &mapping), -ENODATA);
}

static void test_maps_that_are_none(void **state)
{
	static const char *const lines[] = {
		" /dmabuf:x",
		"- rw-s 0 00:0b 11 /dmabuf:x",
		"1000 rw-s 0 00:0b 11 /dmabuf:x",
		"2000-1000 rw-s 0 00:0b 11 /dmabuf:x",
		"1000-1000 rw-s 0 00:0b 11 /dmabuf:x",
		"1000-10000000000000000 rw-s 0 00:0b 11 /dmabuf:x",
		"1000-2000 rw- 0 00:0b 11 /dmabuf:x",
		"1000-2000 rw-s x 00:0b 11 /dmabuf:x",
		"1000-2000 rw-s 0 000b 11 /dmabuf:x",
		"1000-2000 rw-s 0 00:0b b /dmabuf:x",
		"1000-2000 rw-s 0 00:0b 18446744073709551616 /dmabuf:x",
		"1000-2000 rw-s 0 00:0b /dmabuf:x",
		"1000-2000 RW-S 0 00:0B 11x /dmabuf:x",
	};
	struct proc_mapping mapping;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(parse_map(lines[i], &mapping), -EBADMSG);
	memcpy(&mapping, &(struct proc_mapping){ .ino = UNTOUCHED },
	       sizeof(mapping));
	assert_int_equal(
		parse_maps_line("1-2 rw-s 0 0:0 1 /dmabuf:\0", 26, &mapping),
		-EBADMSG);
}

static void test_map_cut_at_every_byte(void **state)
{
	char line[] = MAPPING "/dmabuf:name";
	struct proc_mapping mapping;
	size_t size;

	(void)state;
	for (size = strlen(line); size-- > strlen(MAPPING "/dmabuf:");) {
		line[size] = 0;
		assert_int_equal(parse_map(line, &mapping), 0);
	}
	for (; size > 0; size--) {
		line[size] = 0;
		assert_int_equal(parse_map(line, &mapping), -ENODATA);
	}
}

static void test_hidepid(void **state)
{
	static const struct {
		const char *mounts;
		bool hides;
	} cases[] = {
		{ "", false },
		{ "\n", false },
		{ "proc", false },
		{ "proc /proc proc rw,nosuid,relatime 0 0\n", false },
		{ "proc /proc proc rw,hidepid=2 0 0\n", true },
		{ "proc /proc proc rw,hidepid=2", true },
		{ "x / ext4 rw 0 0\nx /proc proc hidepid=invisible,rw 0 0\n",
		  true },
		{ "proc /proc proc rw,gid=4,hidepid=ptraceable 0 0\n", true },
		{ "proc /proc proc rw,hidepid=4 0 0\n", true },
		/* These list all processes, but give no access to them. */
		{ "proc /proc proc rw,hidepid=1 0 0\n", false },
		{ "proc /proc proc rw,hidepid=noaccess 0 0\n", false },
		{ "proc /proc proc rw,hidepid=20 0 0\n", false },
		{ "proc /proc proc rw,xhidepid=2 0 0\n", false },
		{ "proc /mnt/proc proc rw,hidepid=2 0 0\n", false },
		{ "x /proc tmpfs rw,hidepid=2 0 0\n", false },
		{ "p /proc proc hidepid=2 0 0\np /proc proc rw 0 0\n", false },
		{ "p /proc proc rw 0 0\np /proc proc hidepid=2 0 0\n", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(parse_hides_processes(cases[i].mounts),
				 cases[i].hides);
}

static void check_path(const char *text, bool is_path, uint64_t ino)
{
	uint64_t got = UNTOUCHED;

	assert_int_equal(parse_is_path(text, strlen(text), &got), is_path);
	assert_int_equal(got, ino);
}

static void test_path(void **state)
{
	(void)state;
	check_path("pos:\t0\nflags:\t012000000\nmnt_id:\t14\nino:\t7\n", true,
		   7);
	/* Before v5.14, and without a newline at the end. */
	check_path("pos:\t0\nflags:\t010000000\nmnt_id:\t14", true, 0);
	check_path(HEAD "ino:\t7\n", false, 7);
	check_path("xflags:\t012000000\n", false, 0);
	check_path("", false, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_that_forge),
		cmocka_unit_test(test_lines_after_name),
		cmocka_unit_test(test_first_line_counts),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_without_ino),
		cmocka_unit_test(test_lines_that_are_missing),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strings_too_long),
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_map_edges),
		cmocka_unit_test(test_maps_of_other_things),
		cmocka_unit_test(test_maps_that_forge),
		cmocka_unit_test(test_maps_that_are_none),
		cmocka_unit_test(test_map_cut_at_every_byte),
		cmocka_unit_test(test_hidepid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
