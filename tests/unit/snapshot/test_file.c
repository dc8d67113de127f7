// SPDX-License-Identifier: GPL-2.0-or-later
#include <byteswap.h>

#include "core/context.h"
#include "snapshot/buffers.h"
#include "snapshot/file.h"
#include "snapshot/gaps.h"
#include "snapshot/join.h"
#include "snapshot/record_add.h"
#include "snapshot/snapshot.h"
#include "tests/unit/unit.h"

#define ADDRESS 0xffff888101234567ULL

static struct dmabuf_ctx *ctx;

/* How read() fails after so many calls; 0: it does not. */
static int read_error, reads_left;

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	if (!read_error || reads_left--)
		return __real_read(fd, buf, size);
	errno = read_error;
	return -1;
}

static int group_setup(void **state)
{
	(void)state;
	ctx = unit_ctx("/nonexistent");
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	dmabuf_ctx_free(ctx);
	return 0;
}

/* Three buffers, four attachments, two gaps; each kind of unknown. */
static struct dmabuf_snapshot *make_snapshot(void)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_attachment att;
	struct dmabuf_rec_buffer buffer;
	uint32_t i;

	assert_non_null(snapshot);
	buffer = unit_buffer(ADDRESS, 3);
	buffer.have |= DMABUF_HAVE_ADDRESS;
	buffer.attachments = 3;
	buffer.pass = 5;
	strcpy(buffer.name, "line\nfeed");
	snapshot_add(snapshot, &buffer, sizeof(buffer));
	for (i = 0; i < 3; i++) {
		att = unit_attachment(ADDRESS, 5, i);
		snapshot_add(snapshot, &att, sizeof(att));
	}
	buffer = unit_buffer(ADDRESS + 0x100, 1);
	buffer.have = DMABUF_HAVE_ADDRESS | DMABUF_HAVE_SIZE;
	buffer.bytes = UINT64_MAX;
	snapshot_add(snapshot, &buffer, sizeof(buffer));
	buffer = unit_buffer(ADDRESS + 0x200, 2);
	buffer.cut = DMABUF_HAVE_ATTACHMENTS;
	snapshot_add(snapshot, &buffer, sizeof(buffer));
	att = unit_attachment(ADDRESS + 0x200, 0, 0);
	att.driver[0] = 0;
	snapshot_add(snapshot, &att, sizeof(att));
	snapshot_add_gap(snapshot, "things", 7, "a reason");
	snapshot_add_gap(snapshot, "others", 0, "none");
	snapshot_join_buffers(snapshot);
	snapshot->time_ns = 1234567890123456789;
	strcpy(snapshot->kernel, "6.1.0-test");
	strcpy(snapshot->collector, "iter_open");
	return snapshot;
}

/* A file, in memory. */
struct bytes {
	unsigned char *data;
	size_t size;
};

static struct bytes save(const struct dmabuf_snapshot *snapshot)
{
	struct bytes bytes;
	int fd = unit_file("", 0);

	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	bytes.size = lseek(fd, 0, SEEK_CUR);
	bytes.data = malloc(bytes.size);
	assert_non_null(bytes.data);
	assert_int_equal(pread(fd, bytes.data, bytes.size, 0), bytes.size);
	close(fd);
	return bytes;
}

static struct bytes make_bytes(void)
{
	struct dmabuf_snapshot *snapshot = make_snapshot();
	struct bytes bytes = save(snapshot);

	dmabuf_snapshot_free(snapshot);
	return bytes;
}

static int load(const void *data, size_t size, struct dmabuf_snapshot **ret)
{
	int fd = unit_file(data, size), r;

	memset(&ctx->error, 0, sizeof(ctx->error));
	r = dmabuf_snapshot_load(ctx, fd, ret);
	close(fd);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, r);
	assert_int_equal(!r, !dmabuf_ctx_error(ctx)->text[0]);
	return r;
}

static void check_bad(const void *data, size_t size, int err, const char *text)
{
	struct dmabuf_snapshot *untouched = (void *)&ctx, *ret = untouched;

	assert_int_equal(load(data, size, &ret), err);
	assert_ptr_equal(ret, untouched);
	if (text)
		assert_string_equal(dmabuf_ctx_error(ctx)->text, text);
}

static void check_text(const char *text, size_t size)
{
	assert_true(!text || strnlen(text, size) < size);
}

/* All that a caller can see of a snapshot, whatever file it came from. */
static void check_well_formed(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_attachment *att = NULL;
	const struct dmabuf_buffer *buffer = NULL;
	const struct dmabuf_gap *gap = NULL;
	uint64_t number;
	size_t n = 0;

	check_text(dmabuf_snapshot_kernel(snapshot), 64);
	check_text(dmabuf_snapshot_collector(snapshot), 32);
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		n++;
		check_text(dmabuf_buffer_name(buffer), DMABUF_REC_NAME_LEN);
		check_text(dmabuf_buffer_exporter(buffer),
			   DMABUF_REC_EXPORTER_LEN);
		(void)dmabuf_buffer_ino(buffer, &number);
		(void)dmabuf_buffer_size(buffer, &number);
		(void)dmabuf_buffer_refs(buffer, &number);
		(void)dmabuf_buffer_attachments(buffer, &number);
		while ((att = dmabuf_buffer_next_attachment(snapshot, buffer,
							    att))) {
			check_text(dmabuf_attachment_device(att),
				   DMABUF_REC_DEVICE_LEN);
			check_text(dmabuf_attachment_driver(att),
				   DMABUF_REC_DRIVER_LEN);
		}
	}
	assert_int_equal(n, dmabuf_snapshot_count(snapshot));
	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap))) {
		check_text(dmabuf_gap_what(gap), DMABUF_REC_WHAT_LEN);
		check_text(dmabuf_gap_why(gap), DMABUF_REC_WHY_LEN);
	}
}

static void test_round_trip(void **state)
{
	const struct dmabuf_buffer *buffer = NULL;
	const struct dmabuf_attachment *att;
	struct dmabuf_snapshot *snapshot;
	const struct dmabuf_gap *gap;
	struct bytes bytes = make_bytes();
	uint64_t number;

	(void)state;
	assert_int_equal(load(bytes.data, bytes.size, &snapshot), 0);
	check_well_formed(snapshot);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 3);
	assert_int_equal(dmabuf_snapshot_time_ns(snapshot),
			 1234567890123456789);
	assert_string_equal(dmabuf_snapshot_kernel(snapshot), "6.1.0-test");
	assert_string_equal(dmabuf_snapshot_collector(snapshot), "iter_open");

	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_int_equal(dmabuf_buffer_ino(buffer, &number), -ENODATA);
	assert_int_equal(dmabuf_buffer_refs(buffer, &number), -ENODATA);
	assert_int_equal(dmabuf_buffer_size(buffer, &number), 0);
	assert_true(number == UINT64_MAX);
	assert_null(dmabuf_buffer_name(buffer));
	assert_null(dmabuf_buffer_exporter(buffer));
	assert_null(dmabuf_buffer_next_attachment(snapshot, buffer, NULL));

	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_int_equal(dmabuf_buffer_ino(buffer, &number), 0);
	assert_int_equal(number, 2);
	assert_string_equal(dmabuf_buffer_exporter(buffer), "system");
	att = dmabuf_buffer_next_attachment(snapshot, buffer, NULL);
	assert_string_equal(dmabuf_attachment_device(att), "dev0");
	assert_null(dmabuf_attachment_driver(att));
	assert_null(dmabuf_buffer_next_attachment(snapshot, buffer, att));

	buffer = dmabuf_snapshot_next(snapshot, buffer);
	assert_int_equal(dmabuf_buffer_attachments(buffer, &number), 0);
	assert_int_equal(number, 3);
	assert_string_equal(dmabuf_buffer_name(buffer), "line\nfeed");
	att = dmabuf_buffer_next_attachment(snapshot, buffer, NULL);
	assert_string_equal(dmabuf_attachment_device(att), "dev0");
	att = dmabuf_buffer_next_attachment(snapshot, buffer, att);
	assert_string_equal(dmabuf_attachment_device(att), "dev1");
	att = dmabuf_buffer_next_attachment(snapshot, buffer, att);
	assert_string_equal(dmabuf_attachment_device(att), "dev2");
	assert_null(dmabuf_buffer_next_attachment(snapshot, buffer, att));
	assert_null(dmabuf_snapshot_next(snapshot, buffer));

	gap = dmabuf_snapshot_next_gap(snapshot, NULL);
	assert_string_equal(dmabuf_gap_what(gap), "things");
	assert_string_equal(dmabuf_gap_why(gap), "a reason");
	assert_int_equal(dmabuf_gap_count(gap), 7);
	gap = dmabuf_snapshot_next_gap(snapshot, gap);
	assert_string_equal(dmabuf_gap_what(gap), "others");
	assert_int_equal(dmabuf_gap_count(gap), 0);
	assert_null(dmabuf_snapshot_next_gap(snapshot, gap));

	dmabuf_snapshot_free(snapshot);
	free(bytes.data);
}

static void test_saved_again_it_is_the_same(void **state)
{
	struct bytes bytes = make_bytes(), again;
	struct dmabuf_snapshot *snapshot;

	(void)state;
	assert_int_equal(load(bytes.data, bytes.size, &snapshot), 0);
	again = save(snapshot);
	assert_int_equal(again.size, bytes.size);
	assert_memory_equal(again.data, bytes.data, bytes.size);
	dmabuf_snapshot_free(snapshot);
	free(bytes.data);
	free(again.data);
}

/* A snapshot is shown to others; where the kernel lies is not. */
static void test_no_address_is_saved(void **state)
{
	const uint64_t page = ADDRESS >> 16;
	const struct dmabuf_buffer *buffer = NULL;
	struct dmabuf_snapshot *snapshot;
	struct bytes bytes = make_bytes();
	uint64_t number = UNTOUCHED;

	(void)state;
	/* The upper bytes, little end first or last, at any place. */
	assert_null(memmem(bytes.data, bytes.size, &page, 6));
	assert_null(memmem(bytes.data, bytes.size,
			   &(uint64_t){ bswap_64(ADDRESS) }, 6));
	assert_int_equal(load(bytes.data, bytes.size, &snapshot), 0);
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		assert_int_equal(dmabuf_buffer_address(buffer, &number),
				 -ENODATA);
	assert_true(number == UNTOUCHED);
	dmabuf_snapshot_free(snapshot);
	free(bytes.data);
}

static void add_ref(struct dmabuf_snapshot *snapshot, uint32_t pid,
		    uint32_t type, uint64_t table)
{
	struct dmabuf_rec_ref rec = {
		.head = { DMABUF_REC_REF, sizeof(rec) },
		.key = ADDRESS,
		.ino = 3,
		.type = type,
		.table = table,
		.place = 1,
		.refs = 1,
		.pid = pid,
		.tid = pid,
	};

	assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
}

static uint64_t explained(const struct dmabuf_snapshot *snapshot)
{
	uint64_t n;

	assert_int_equal(
		dmabuf_buffer_explained(
			snapshot, dmabuf_snapshot_next(snapshot, NULL), &n),
		0);
	return n;
}

/*
 * Handle 1 of two DRM files is two references, though their addresses are not
 * saved; a descriptor in a table of two processes is one.
 */
static void test_holds(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new(), *loaded = NULL;
	struct dmabuf_rec_buffer buffer = unit_buffer(ADDRESS, 3);
	struct dmabuf_rec_source source = {
		.head = { DMABUF_REC_SOURCE, sizeof(source) },
		.collector = "test",
	};
	struct dmabuf_usage usage = { .size = sizeof(usage) };
	struct bytes bytes;

	(void)state;
	snapshot_add(snapshot, &source, sizeof(source));
	snapshot_add(snapshot, &buffer, sizeof(buffer));
	add_ref(snapshot, 10, DMABUF_REC_REF_GEM_HANDLE, ADDRESS + 1);
	add_ref(snapshot, 10, DMABUF_REC_REF_GEM_HANDLE, ADDRESS + 2);
	add_ref(snapshot, 10, DMABUF_REC_REF_FD, ADDRESS + 3);
	add_ref(snapshot, 11, DMABUF_REC_REF_FD, ADDRESS + 3);
	assert_int_equal(snapshot_join_refs(snapshot), 0);
	assert_int_equal(explained(snapshot), 3);

	bytes = save(snapshot);
	assert_int_equal(load(bytes.data, bytes.size, &loaded), 0);
	assert_int_equal(explained(loaded), 3);
	assert_int_equal(
		dmabuf_process_usage(dmabuf_snapshot_find_process(loaded, 10),
				     &usage),
		0);
	assert_int_equal(usage.handles, 2);
	assert_int_equal(
		dmabuf_process_usage(dmabuf_snapshot_find_process(loaded, 11),
				     &usage),
		0);
	assert_int_equal(usage.fds, 1);
	free(bytes.data);
	dmabuf_snapshot_free(snapshot);
	dmabuf_snapshot_free(loaded);
}

static void test_empty(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new(), *loaded;
	struct bytes bytes = save(snapshot);

	(void)state;
	assert_int_equal(bytes.size, sizeof(struct snapshot_head));
	assert_int_equal(load(bytes.data, bytes.size, &loaded), 0);
	assert_int_equal(dmabuf_snapshot_count(loaded), 0);
	assert_string_equal(dmabuf_snapshot_kernel(loaded), "");
	assert_null(dmabuf_snapshot_next_gap(loaded, NULL));
	dmabuf_snapshot_free(snapshot);
	dmabuf_snapshot_free(loaded);
	free(bytes.data);
}

static void test_many(void **state)
{
	enum { N = 20000 };
	struct dmabuf_snapshot *snapshot = snapshot_new(), *loaded;
	const struct dmabuf_buffer *buffer = NULL;
	struct dmabuf_rec_buffer rec;
	struct bytes bytes;
	uint64_t ino, i;

	(void)state;
	for (i = 0; i < N; i++) {
		rec = unit_buffer(i * 7919 % N, i * 7919 % N);
		assert_true(snapshot_add(snapshot, &rec, sizeof(rec)) > 0);
	}
	snapshot_join_buffers(snapshot);
	bytes = save(snapshot);
	assert_int_equal(load(bytes.data, bytes.size, &loaded), 0);
	for (i = 0; (buffer = dmabuf_snapshot_next(loaded, buffer)); i++) {
		assert_int_equal(dmabuf_buffer_ino(buffer, &ino), 0);
		assert_int_equal(ino, i);
	}
	assert_int_equal(i, N);
	dmabuf_snapshot_free(snapshot);
	dmabuf_snapshot_free(loaded);
	free(bytes.data);
}

/* At its current position, and no further than need be. */
static void test_position(void **state)
{
	struct dmabuf_snapshot *snapshot = make_snapshot(), *loaded;
	int fd = unit_file("before", 6);

	(void)state;
	assert_int_equal(lseek(fd, 0, SEEK_END), 6);
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	assert_int_equal(lseek(fd, 6, SEEK_SET), 6);
	assert_int_equal(dmabuf_snapshot_load(ctx, fd, &loaded), 0);
	check_well_formed(loaded);
	assert_int_equal(dmabuf_snapshot_count(loaded), 3);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), lseek(fd, 0, SEEK_END));
	/* It stays the caller's. */
	assert_int_equal(close(fd), 0);
	dmabuf_snapshot_free(snapshot);
	dmabuf_snapshot_free(loaded);
}

static void test_in_small_pieces(void **state)
{
	struct bytes bytes = make_bytes();
	struct dmabuf_snapshot *loaded;
	int ends[2];
	size_t i;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		for (i = 0; i < bytes.size; i++)
			if (write(ends[1], bytes.data + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(dmabuf_snapshot_load(ctx, ends[0], &loaded), 0);
	assert_int_equal(dmabuf_snapshot_count(loaded), 3);
	close(ends[0]);
	dmabuf_snapshot_free(loaded);
	free(bytes.data);
}

/* Never a crash, and never a shorter list that looks whole. */
static void test_cut_at_every_byte(void **state)
{
	struct bytes bytes = make_bytes();
	size_t size;

	(void)state;
	check_bad(bytes.data, 0, -EBADMSG, "not a snapshot of dmabuf");
	for (size = 1; size < bytes.size; size++)
		check_bad(bytes.data, size, -ENODATA, NULL);
	free(bytes.data);
}

static void test_bytes_too_many(void **state)
{
	struct bytes bytes = make_bytes();
	unsigned char *data = calloc(1, bytes.size + 300);
	const size_t size = sizeof(struct dmabuf_rec_buffer);

	(void)state;
	assert_non_null(data);
	memcpy(data, bytes.data, bytes.size);
	check_bad(data, bytes.size + 1, -ENODATA, NULL);
	check_bad(data, bytes.size + 8, -EBADMSG, NULL);
	/* Even another good record. */
	memcpy(data + bytes.size, bytes.data + sizeof(struct snapshot_head),
	       size);
	check_bad(data, bytes.size + size, -EBADMSG,
		  "damaged: 136 bytes too many");
	free(data);
	free(bytes.data);
}

static void test_damaged_head(void **state)
{
	struct bytes bytes = make_bytes();
	struct snapshot_head *head = (void *)bytes.data, good = *head;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(head->magic); i++) {
		*head = good;
		head->magic[i] ^= 0x20;
		check_bad(bytes.data, bytes.size, -EBADMSG,
			  "not a snapshot of dmabuf");
	}
	*head = good;
	head->order = bswap_32(head->order);
	check_bad(bytes.data, bytes.size, -EPROTONOSUPPORT,
		  "written on a machine with the other byte order");
	head->order ^= 1;
	check_bad(bytes.data, bytes.size, -EBADMSG, "damaged header");

	*head = good;
	head->version = SNAPSHOT_VERSION + 1;
	check_bad(bytes.data, bytes.size, -EPROTONOSUPPORT,
		  "format 2 is newer than this program supports (1)");
	assert_string_equal(dmabuf_ctx_error(ctx)->hint,
			    "read it with a newer dmabuf");

	/* None has ever been written. */
	head->version = 0;
	check_bad(bytes.data, bytes.size, -EBADMSG, "damaged header");

	*head = good;
	head->bytes++;
	check_bad(bytes.data, bytes.size, -ENODATA, NULL);
	head->bytes = UINT64_MAX;
	check_bad(bytes.data, bytes.size, -ENODATA, NULL);
	head->bytes = good.bytes - 1;
	check_bad(bytes.data, bytes.size, -EBADMSG, NULL);
	head->bytes = 0;
	check_bad(bytes.data, bytes.size, -EBADMSG, NULL);
	free(bytes.data);
}

static void test_head_strings_are_made_to_end(void **state)
{
	struct bytes bytes = make_bytes();
	struct snapshot_head *head = (void *)bytes.data;
	struct dmabuf_snapshot *loaded;

	(void)state;
	memset(head->kernel, 'k', sizeof(head->kernel));
	memset(head->collector, 'c', sizeof(head->collector));
	assert_int_equal(load(bytes.data, bytes.size, &loaded), 0);
	assert_int_equal(strlen(dmabuf_snapshot_kernel(loaded)), 63);
	assert_int_equal(strlen(dmabuf_snapshot_collector(loaded)), 31);
	dmabuf_snapshot_free(loaded);
	free(bytes.data);
}

/* An error, or a snapshot that can be looked at and saved again. */
static void check_anything(const struct bytes *bytes)
{
	struct dmabuf_snapshot *loaded = NULL, *again;
	struct bytes saved;

	if (load(bytes->data, bytes->size, &loaded)) {
		assert_null(loaded);
		return;
	}
	check_well_formed(loaded);
	saved = save(loaded);
	assert_int_equal(load(saved.data, saved.size, &again), 0);
	assert_int_equal(dmabuf_snapshot_count(again),
			 dmabuf_snapshot_count(loaded));
	dmabuf_snapshot_free(loaded);
	dmabuf_snapshot_free(again);
	free(saved.data);
}

static void test_every_bit_flipped(void **state)
{
	struct bytes bytes = make_bytes();
	size_t bit;

	(void)state;
	for (bit = 0; bit < 8 * bytes.size; bit++) {
		bytes.data[bit / 8] ^= 1 << bit % 8;
		check_anything(&bytes);
		bytes.data[bit / 8] ^= 1 << bit % 8;
	}
	free(bytes.data);
}

static void test_every_byte_all_ones(void **state)
{
	struct bytes bytes = make_bytes();
	unsigned char good;
	size_t i;

	(void)state;
	for (i = 0; i < bytes.size; i++) {
		good = bytes.data[i];
		bytes.data[i] = 0xff;
		check_anything(&bytes);
		bytes.data[i] = good;
	}
	free(bytes.data);
}

static void test_cannot_read(void **state)
{
	struct dmabuf_snapshot *untouched = (void *)&ctx, *ret = untouched;
	int dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(dmabuf_snapshot_load(ctx, -1, &ret), -EBADF);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "cannot read: Bad file descriptor");
	assert_int_equal(dmabuf_snapshot_load(ctx, dir, &ret), -EISDIR);
	assert_ptr_equal(ret, untouched);
	close(dir);
}

/* A file is not called damaged when it cannot be read to its end. */
static void test_cannot_read_records(void **state)
{
	static const struct {
		int error;
		const char *text;
	} cases[] = {
		{ EIO, "cannot read: Input/output error" },
		{ ENOMEM, "out of memory" },
	};
	struct dmabuf_snapshot *snapshot = make_snapshot();
	struct dmabuf_snapshot *untouched = (void *)&ctx, *ret = untouched;
	int fd = unit_file("", 0);
	size_t i;

	(void)state;
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		lseek(fd, 0, SEEK_SET);
		read_error = cases[i].error;
		/* The header can be read. */
		reads_left = 1;
		assert_int_equal(dmabuf_snapshot_load(ctx, fd, &ret),
				 -cases[i].error);
		read_error = 0;
		assert_string_equal(dmabuf_ctx_error(ctx)->text, cases[i].text);
		assert_ptr_equal(ret, untouched);
	}
	close(fd);
	dmabuf_snapshot_free(snapshot);
}

static void test_cannot_write(void **state)
{
	struct dmabuf_snapshot *snapshot = make_snapshot();
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, -1), -EBADF);
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, full), -ENOSPC);
	assert_int_equal(dmabuf_ctx_error(ctx)->err, -ENOSPC);
	assert_string_equal(dmabuf_ctx_error(ctx)->text,
			    "cannot write: No space left on device");
	assert_int_not_equal(dmabuf_snapshot_save(ctx, snapshot, null), 0);
	assert_int_equal(close(full), 0);
	assert_int_equal(close(null), 0);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_saved_again_it_is_the_same),
		cmocka_unit_test(test_no_address_is_saved),
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_position),
		cmocka_unit_test(test_in_small_pieces),
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_bytes_too_many),
		cmocka_unit_test(test_damaged_head),
		cmocka_unit_test(test_head_strings_are_made_to_end),
		cmocka_unit_test(test_every_bit_flipped),
		cmocka_unit_test(test_every_byte_all_ones),
		cmocka_unit_test(test_cannot_read),
		cmocka_unit_test(test_cannot_read_records),
		cmocka_unit_test(test_cannot_write),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
