// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/parse_bufinfo.h"
#include "snapshot/buffers.h"
#include "tests/unit/unit.h"

#define OLD                                                                    \
	"\nDma-buf Objects:\n"                                                 \
	"size    \tflags   \tmode    \tcount   \texp_name\tino     \n"
#define HEAD                                                                   \
	"\nDma-buf Objects:\n"                                                 \
	"size    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n"
#define VALUES	       "00004096\t00000002\t02080007\t00000003\tsystem\t00000007\t"
#define DEVICES	       "\tAttached Devices:\n"
#define TOTAL(n)       "Total " n " devices attached\n\n"
#define NONE	       DEVICES TOTAL("0")
#define BUFFER(name)   VALUES name "\n" NONE
#define SUMS(n, bytes) "\nTotal " n " objects, " bytes " bytes\n"
#define ONE(name)      HEAD BUFFER(name) SUMS("1", "4096")
#define X31	       "0123456789012345678901234567890"

static struct dmabuf_error error;

static int parse(const void *data, size_t size,
		 struct dmabuf_snapshot **snapshot)
{
	FILE *file = fdopen(unit_file(data, size), "r");
	int r;

	assert_non_null(file);
	error = (struct dmabuf_error){};
	*snapshot = snapshot_new();
	r = parse_bufinfo(file, "NAME", *snapshot, &error);
	assert_int_equal(r, error.err);
	fclose(file);
	snapshot_join_buffers(*snapshot);
	return r;
}

static void check_bad(const char *text, int err, const char *wanted)
{
	struct dmabuf_snapshot *snapshot;

	assert_int_equal(parse(text, strlen(text), &snapshot), err);
	assert_string_equal(error.text, wanted);
	dmabuf_snapshot_free(snapshot);
}

/* Checks the only buffer of the text, and its name. */
static void check_one(const char *text, const char *name, uint64_t attachments)
{
	struct dmabuf_snapshot *snapshot;
	const struct buffer *rec;

	assert_int_equal(parse(text, strlen(text), &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 1);
	rec = vec_at(&snapshot->buffers, 0);
	assert_int_equal(rec->have, HAVE_ALL);
	assert_int_equal(rec->ino, 7);
	assert_int_equal(rec->bytes, 4096);
	assert_int_equal(rec->refs, 3);
	assert_string_equal(rec->exporter, "system");
	assert_string_equal(rec->name, name);
	assert_int_equal(rec->attachments, attachments);
	assert_int_equal(snapshot->attachments.n, attachments);
	dmabuf_snapshot_free(snapshot);
}

static void test_empty(void **state)
{
	static const char text[] = HEAD SUMS("0", "0");
	struct dmabuf_snapshot *snapshot;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 0);
	dmabuf_snapshot_free(snapshot);
}

static void test_one(void **state)
{
	(void)state;
	check_one(ONE("camera"), "camera", 0);
}

static void test_no_name(void **state)
{
	(void)state;
	check_one(ONE("<none>"), "", 0);
	check_one(ONE(""), "", 0);
	check_one(OLD BUFFER("") SUMS("1", "4096"), "", 0);
	/* Without a heading for names, this could only be a name. */
	check_one(OLD BUFFER("<none>") SUMS("1", "4096"), "<none>", 0);
}

static void test_devices(void **state)
{
	static const char text[] =
		HEAD VALUES "x\n" DEVICES "\tvgem\n\tvivid-000\n" TOTAL("2")
			SUMS("1", "4096");
	const struct dmabuf_attachment *first, *second;
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_buffer *buffer;

	(void)state;
	check_one(text, "x", 2);
	assert_int_equal(parse(text, strlen(text), &snapshot), 0);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	first = dmabuf_buffer_next_attachment(snapshot, buffer, NULL);
	second = dmabuf_buffer_next_attachment(snapshot, buffer, first);
	assert_string_equal(dmabuf_attachment_device(first), "vgem");
	assert_null(dmabuf_attachment_driver(first));
	assert_string_equal(dmabuf_attachment_device(second), "vivid-000");
	assert_null(dmabuf_buffer_next_attachment(snapshot, buffer, second));
	dmabuf_snapshot_free(snapshot);
}

static void test_fences(void **state)
{
	(void)state;
	check_one(OLD VALUES
		  "x\n\tExclusive fence: drv tl signalled\n"
		  "\tShared fence: drv tl unsignalled\n" NONE SUMS("1", "4096"),
		  "x", 0);
	check_one(HEAD VALUES
		  "x\n\twrite fence:drv tl seq 1 signalled\n"
		  "\tread fence:drv tl seq 2 unsignalled\n" NONE SUMS("1",
								      "4096"),
		  "x", 0);
}

/*
 * A name that imitates fences: where it ends is known, unless the fences could
 * be a part of a name, too.
 */
static void check_name_and_fences(const char *name, const char *fences,
				  bool known)
{
	struct dmabuf_snapshot *snapshot;
	const struct buffer *rec;
	char text[1024];

	snprintf(text, sizeof(text),
		 HEAD VALUES "%s\n%s" NONE BUFFER("other") SUMS("2", "8192"),
		 name, fences);
	assert_int_equal(parse(text, strlen(text), &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 2);
	rec = vec_at(&snapshot->buffers, 0);
	assert_int_equal(rec->have,
			 known ? HAVE_ALL : HAVE_ALL & ~DMABUF_HAVE_NAME);
	assert_string_equal(rec->name, known ? name : "");
	assert_int_equal(rec->bytes, 4096);
	rec = vec_at(&snapshot->buffers, 1);
	assert_int_equal(rec->have, HAVE_ALL);
	assert_string_equal(rec->name, "other");
	dmabuf_snapshot_free(snapshot);
}

static void test_names_like_fences(void **state)
{
	static const char real[] = "\tread fence:12:7 i915 a\nb[1234]:2f "
				   "unsignalled\n";
	static const char two[] = "\tkernel fence:drv tl seq 1 signalled\n"
				  "\twrite fence:drv tl seq 2 unsignalled\n";

	(void)state;
	/* No fence, as it has no state. */
	check_name_and_fences("x\n\tread fence:y", "", true);
	/* A newline in a timeline, and lines that are longer than a name. */
	check_name_and_fences("x", real, true);
	check_name_and_fences("x", two, true);
	check_name_and_fences("a\nb", two, true);
	check_name_and_fences("a\n", "", true);
	check_name_and_fences(X31, two, true);
	check_name_and_fences("signalled", real, true);
	/* This could be a fence of a buffer called x, and the other way. */
	check_name_and_fences("x\n\tread fence:signalled", "", false);
	check_name_and_fences("\n\tExclusive fence: a signalled", "", false);
	check_name_and_fences("x\n\twrite fence:y", real, false);
	check_name_and_fences("x\n\tread fence:a b signalled", "", false);
	check_name_and_fences("x\n\tread fence:y", "\tread fence:signalled\n",
			      false);
	check_name_and_fences("x", "\tread fence:1:1   signalled\n", false);
	check_name_and_fences("x\n\tread fence:y", two, false);
	/* A line that no kernel here has, and a name that is too long. */
	check_name_and_fences("x", "\tvendor fence: of another form, long\n",
			      false);
	check_name_and_fences(X31 "2", "", false);
}

/* A name ends where the next lines of its buffer begin. */
static void test_hostile_names(void **state)
{
	static const char *const names[] = {
		"two\nlines",
		"\n",
		"tab\tin it",
		"\nTotal 9 devices attached\n",
		"Total 0 devices attached\n\n",
		"\tAttached Devices:\n\tforged",
		"\nTotal 9 objects, 1 bytes\n",
		"00004096\t00000002\t02080007\t",
		"\n1\t1\t1\t1\ts\t1\tforged",
		"\x1b[31mred\x7f",
		X31,
	};
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(text, sizeof(text),
			 HEAD VALUES "%s\n" NONE SUMS("1", "4096"), names[i]);
		check_one(text, names[i], 0);
	}
}

/* As on stock v5.10, where inode numbers are not unique. */
static void test_same_number(void **state)
{
	static const char text[] =
		HEAD BUFFER("a") BUFFER("b") SUMS("2", "8192");
	struct dmabuf_snapshot *snapshot;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 2);
	dmabuf_snapshot_free(snapshot);
}

static void test_short(void **state)
{
	static const char whole[] = HEAD VALUES
		"x\n" DEVICES "\tvgem\n" TOTAL("1") SUMS("1", "4096");
	struct dmabuf_snapshot *snapshot;
	size_t n;
	int r;

	(void)state;
	for (n = 0; n < strlen(whole); n++) {
		r = parse(whole, n, &snapshot);
		assert_true(r == -ENODATA || r == -EBADMSG);
		dmabuf_snapshot_free(snapshot);
	}
	check_bad(HEAD BUFFER("x"), -ENODATA,
		  "NAME: truncated: the totals are missing");
}

static void test_wrong_sums(void **state)
{
	static const char *const sums[] = {
		SUMS("2", "4096"),
		SUMS("0", "0"),
		SUMS("1", "4095"),
	};
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		snprintf(text, sizeof(text), "%s%s", HEAD BUFFER("x"), sums[i]);
		check_bad(text, -ENODATA,
			  "NAME: the totals do not match the buffers");
	}
}

static void test_bad(void **state)
{
	(void)state;
	check_bad("", -ENODATA, "NAME: truncated: the totals are missing");
	check_bad("hello\n" SUMS("0", "0"), -EBADMSG,
		  "NAME: buffer 1: unexpected text");
}

/* Text that is not the kernel's costs its own buffer the devices and the name.
 */
static void check_odd(const char *rest, size_t size)
{
	char text[1024] = HEAD BUFFER("a") VALUES;
	static const char end[] = BUFFER("c") SUMS("3", "12288");
	struct dmabuf_snapshot *snapshot;
	const struct buffer *rec;
	size_t n = strlen(text);

	memcpy(text + n, rest, size);
	memcpy(text + n + size, end, sizeof(end) - 1);
	assert_int_equal(parse(text, n + size + sizeof(end) - 1, &snapshot), 0);
	assert_int_equal(snapshot->buffers.n, 3);
	assert_int_equal(snapshot->attachments.n, 0);
	rec = vec_at(&snapshot->buffers, 1);
	assert_int_equal(rec->have & ~DMABUF_HAVE_ATTACHMENTS,
			 HAVE_ALL & ~DMABUF_HAVE_ATTACHMENTS &
				 ~DMABUF_HAVE_NAME);
	assert_int_equal(rec->refs, 3);
	rec = vec_at(&snapshot->buffers, 2);
	assert_int_equal(rec->have, HAVE_ALL);
	assert_string_equal(rec->name, "c");
	dmabuf_snapshot_free(snapshot);
}

static void test_odd(void **state)
{
	static const char *const odd[] = {
		"x\n" DEVICES TOTAL("1"),
		"x\n" DEVICES "vgem\n" TOTAL("1"),
		"x\n" DEVICES "\tvgem\n\tvivid\n\tof a vendor\n" TOTAL("2"),
		"x\n" DEVICES TOTAL("99999999999"),
		"x\n" TOTAL("0"),
		"x\n" NONE "\tAllocated by: x\n\n",
		"x\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(odd); i++)
		check_odd(odd[i], strlen(odd[i]));
	check_odd("a\0b\n" NONE, strlen("a") + strlen("?b\n" NONE));
}

/* The last reference of a buffer is gone: the kernel is freeing it. */
static void test_being_freed(void **state)
{
	static const char text[] =
		HEAD "00004096\t00000002\t02080007\t00000000\tsystem\t"
		     "00000008\tdying\n" DEVICES "\tvgem\n" TOTAL("1")
			     BUFFER("live") SUMS("2", "8192");
	struct dmabuf_snapshot *snapshot;

	(void)state;
	check_one(text, "live", 0);
	assert_int_equal(parse(text, strlen(text), &snapshot), 0);
	assert_int_equal(snapshot->attachments.n, 0);
	dmabuf_snapshot_free(snapshot);
}

static void test_unreadable(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	FILE *file = fopen("/", "r");

	(void)state;
	error = (struct dmabuf_error){};
	assert_int_equal(parse_bufinfo(file, "NAME", snapshot, &error),
			 -EISDIR);
	assert_string_equal(error.text, "NAME: cannot read: Is a directory");
	fclose(file);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_fences),
		cmocka_unit_test(test_names_like_fences),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_same_number),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_wrong_sums),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_being_freed),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
