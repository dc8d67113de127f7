// SPDX-License-Identifier: GPL-2.0-or-later
/* A stream is closed: what was not written is told, whenever that was known. */
#include "ui/streams.h"
#include "tests/unit/unit.h"

/* What a file does with what is written, and at its end; 0: it works. */
struct device {
	int write_error, close_error;
};

static ssize_t device_write(void *data, const char *bytes, size_t size)
{
	const struct device *device = data;

	(void)bytes;
	if (!device->write_error)
		return size;
	errno = device->write_error;
	return 0;
}

static int device_close(void *data)
{
	const struct device *device = data;

	if (!device->close_error)
		return 0;
	errno = device->close_error;
	return -1;
}

static FILE *open_device(struct device *device)
{
	FILE *file = fopencookie(device, "w",
				 (cookie_io_functions_t){
					 .write = device_write,
					 .close = device_close,
				 });

	assert_non_null(file);
	return file;
}

/* What is written is still in the stream's buffer, or has failed before. */
static int close_after(struct device device, bool flushed)
{
	FILE *file = open_device(&device);
	int r;

	assert_int_not_equal(fputs("text", file), EOF);
	if (flushed)
		(void)fflush(file);
	r = stream_close(&file);
	assert_null(file);
	assert_int_equal(stream_close(&file), 0);
	return r;
}

static void test_works(void **state)
{
	(void)state;
	assert_int_equal(close_after((struct device){}, false), 0);
	assert_int_equal(close_after((struct device){}, true), 0);
}

static void test_full(void **state)
{
	const struct device full = { .write_error = ENOSPC };

	(void)state;
	assert_int_equal(close_after(full, false), -ENOSPC);
	/* The reason is not known any more. */
	assert_int_equal(close_after(full, true), -EIO);
}

/* As a file of NFS without room left tells it. */
static void test_close_fails(void **state)
{
	const struct device quota = { .close_error = EDQUOT };

	(void)state;
	assert_int_equal(close_after(quota, false), -EDQUOT);
	assert_int_equal(close_after(quota, true), -EDQUOT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_works),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_close_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
