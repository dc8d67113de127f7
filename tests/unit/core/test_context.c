// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/context.h"
#include "tests/unit/unit.h"

/* Options as a later library may have them. */
struct later_opts {
	struct dmabuf_ctx_opts known;
	uint64_t unknown[3];
};

static void test_defaults(void **state)
{
	struct dmabuf_ctx *ctx = NULL;

	(void)state;
	assert_int_equal(dmabuf_ctx_new(NULL, &ctx), 0);
	assert_string_equal(ctx->sysroot.dir, "/");
	assert_non_null(dmabuf_ctx_error(ctx));
	assert_int_equal(dmabuf_ctx_error(ctx)->err, 0);
	assert_string_equal(dmabuf_ctx_error(ctx)->text, "");
	assert_string_equal(dmabuf_ctx_error(ctx)->hint, "");
	dmabuf_ctx_free(ctx);
	dmabuf_ctx_free(NULL);
}

static void test_strings_are_copied(void **state)
{
	char sysroot[] = "/some/tree", btf[] = "/some/file";
	struct dmabuf_ctx_opts opts = { .size = sizeof(opts),
					.sysroot = sysroot,
					.btf = btf };
	struct dmabuf_ctx *ctx = NULL;

	(void)state;
	assert_int_equal(dmabuf_ctx_new(&opts, &ctx), 0);
	memset(sysroot, 'x', sizeof(sysroot) - 1);
	memset(btf, 'x', sizeof(btf) - 1);
	assert_string_equal(ctx->sysroot.dir, "/some/tree");
	assert_string_equal(ctx->btf, "/some/file");
	dmabuf_ctx_free(ctx);
}

/* An older program knows fewer options. */
static void test_shorter_options(void **state)
{
	struct dmabuf_ctx_opts opts = {
		.size = offsetof(struct dmabuf_ctx_opts, sysroot),
		.sysroot = "not part of it",
	};
	struct dmabuf_ctx *ctx = NULL;

	(void)state;
	assert_int_equal(dmabuf_ctx_new(&opts, &ctx), 0);
	assert_string_equal(ctx->sysroot.dir, "/");
	dmabuf_ctx_free(ctx);
}

/* A newer program may have more options, if it sets none of these. */
static void test_longer_options(void **state)
{
	struct later_opts opts = { .known = { sizeof(opts), "/tree" } };
	struct dmabuf_ctx *ctx = NULL, *untouched = (void *)&opts;
	size_t i;

	(void)state;
	assert_int_equal(dmabuf_ctx_new(&opts.known, &ctx), 0);
	assert_string_equal(ctx->sysroot.dir, "/tree");
	dmabuf_ctx_free(ctx);

	ctx = untouched;
	for (i = 0; i < sizeof(opts.unknown); i++) {
		memset(opts.unknown, 0, sizeof(opts.unknown));
		((char *)opts.unknown)[i] = 1;
		assert_int_equal(dmabuf_ctx_new(&opts.known, &ctx), -EINVAL);
		assert_ptr_equal(ctx, untouched);
	}
}

/* A size of 0, or smaller than the size member itself. */
static void test_no_size(void **state)
{
	struct dmabuf_ctx_opts opts = { .sysroot = "/tree" };
	struct dmabuf_ctx *ctx = (void *)&opts;

	(void)state;
	for (opts.size = 0; opts.size < sizeof(opts.size); opts.size++)
		assert_int_equal(dmabuf_ctx_new(&opts, &ctx), -EINVAL);
	assert_ptr_equal(ctx, &opts);
}

static char destroyed[8];

static void destroy(void *object)
{
	strcat(destroyed, object);
}

static void test_kept_objects(void **state)
{
	static const char keys[2];
	char first[] = "1", second[] = "2";
	struct dmabuf_ctx *ctx = NULL;

	(void)state;
	destroyed[0] = 0;
	assert_int_equal(dmabuf_ctx_new(NULL, &ctx), 0);
	assert_null(ctx_kept(ctx, &keys[0]));
	assert_int_equal(ctx_keep(ctx, &keys[0], first, destroy), 0);
	assert_int_equal(ctx_keep(ctx, &keys[1], second, destroy), 0);
	assert_ptr_equal(ctx_kept(ctx, &keys[0]), first);
	assert_ptr_equal(ctx_kept(ctx, &keys[1]), second);
	assert_string_equal(destroyed, "");
	/* The second object may use the first one until it is destroyed. */
	dmabuf_ctx_free(ctx);
	assert_string_equal(destroyed, "21");
}

/* A result, as this library knows it and as others do. */
struct result {
	size_t size;
	uint64_t first, second;
};

struct later_result {
	struct result known;
	uint64_t unknown;
};

static void test_results(void **state)
{
	const struct result result = { .first = 1, .second = 2 };
	struct result same = { .size = sizeof(same) };
	struct result older = { .size = offsetof(struct result, second),
				.second = 7 };
	struct later_result later = { .known.size = sizeof(later),
				      .unknown = 7 };
	struct result none = { .size = sizeof(size_t) - 1, .first = 7 };

	(void)state;
	assert_int_equal(result_copy(&same, sizeof(result), &result), 0);
	assert_int_equal(same.size, sizeof(same));
	assert_int_equal(same.first, 1);
	assert_int_equal(same.second, 2);
	assert_int_equal(result_copy(&older, sizeof(result), &result), 0);
	assert_int_equal(older.first, 1);
	assert_int_equal(older.second, 7);
	assert_int_equal(result_copy(&later, sizeof(result), &result), 0);
	assert_int_equal(later.known.size, sizeof(later));
	assert_int_equal(later.known.second, 2);
	assert_int_equal(later.unknown, 0);
	assert_int_equal(result_copy(&none, sizeof(result), &result), -EINVAL);
	assert_int_equal(none.first, 7);
}

static void test_version(void **state)
{
	(void)state;
	assert_string_equal(dmabuf_version(), DMABUF_VERSION);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_strings_are_copied),
		cmocka_unit_test(test_shorter_options),
		cmocka_unit_test(test_longer_options),
		cmocka_unit_test(test_no_size),
		cmocka_unit_test(test_kept_objects),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
