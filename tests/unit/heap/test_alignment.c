// SPDX-License-Identifier: GPL-2.0-or-later
#include "heap/alignment.h"
#include "tests/unit/unit.h"

#include <zlib.h>

static struct sysroot sysroot;

static int setup(void **state)
{
	(void)state;
	sysroot.dir = unit_tree();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unit_tree_free((char *)sysroot.dir);
	return 0;
}

static void check(bool known, uint64_t number)
{
	struct opt_u64 alignment;

	assert_int_equal(alignment_read(&sysroot, &alignment), 0);
	assert_int_equal(alignment.known, known);
	if (known)
		assert_int_equal(alignment.number, number);
}

static void add(const char *path, const char *text)
{
	unit_tree_add(sysroot.dir, path, text, strlen(text));
}

/* Makes /proc/config.gz of a text. */
static void add_compressed(const char *text)
{
	char path[256];
	gzFile file;

	add("proc/config.gz", "");
	snprintf(path, sizeof(path), "%s/proc/config.gz", sysroot.dir);
	file = gzopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(gzputs(file, text), strlen(text));
	assert_int_equal(gzclose(file), Z_OK);
}

static void test_not_there(void **state)
{
	(void)state;
	check(false, 0);
	add("proc/sys/kernel/osrelease", "6.1.0\n");
	check(false, 0);
}

static void test_boot(void **state)
{
	(void)state;
	add("proc/sys/kernel/osrelease", "6.1.0\n");
	add("boot/config-6.1.1", "CONFIG_CMA_ALIGNMENT=9\n");
	add("boot/config-6.1.0",
	    "# CONFIG_CMA_ALIGNMENT=5\nCONFIG_CMA_ALIGNMENTS=4\n"
	    "CONFIG_DMA_CMA=y\nCONFIG_CMA_ALIGNMENT=8\n");
	check(true, 8);
}

/* The running kernel's own comes first. */
static void test_proc(void **state)
{
	(void)state;
	add("proc/sys/kernel/osrelease", "6.1.0\n");
	add("boot/config-6.1.0", "CONFIG_CMA_ALIGNMENT=8\n");
	add_compressed("CONFIG_CMA=y\nCONFIG_CMA_ALIGNMENT=11\nCONFIG_X=y\n");
	check(true, 11);
	add_compressed("CONFIG_CMA=y\n");
	check(true, 8);
}

static void test_odd(void **state)
{
	static const char *const texts[] = {
		"", "1", "13", "8x", "-8", "y", "\"8\"", "18446744073709551624",
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		snprintf(text, sizeof(text), "CONFIG_CMA_ALIGNMENT=%s\n",
			 texts[i]);
		add("proc/config.gz", text);
		check(false, 0);
	}
	/* Not all of a compressed file. */
	add("proc/config.gz", "\x1f\x8b\x08");
	check(false, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_not_there),
		TEST(test_boot),
		TEST(test_proc),
		TEST(test_odd),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
