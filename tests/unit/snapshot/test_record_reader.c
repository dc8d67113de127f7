// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot/record_reader.h"
#include "tests/unit/unit.h"

/*
 * A file as bpf_seq_read() of the kernel makes one: a read fills a buffer of
 * its own with as many whole objects as the reader asked bytes for, 32 KiB at
 * most, and hands that out; what is left is handed out by the reads after it.
 * One that @cuts has nothing more when that buffer is empty.
 */
static struct iterator {
	struct dmabuf_rec_buffer *objects;
	size_t n, next;
	bool cuts;
	char buffer[32 * 1024];
	size_t from, count;
	int interrupted; /* so many reads fail first */
	int error; /* with this, or the read that would give nothing does */
} iterator;

enum { ITERATOR = 0x7ffffff0 };

static void iterator_make(struct dmabuf_rec_buffer *objects, size_t n,
			  bool cuts)
{
	size_t i;

	for (i = 0; objects && i < n; i++)
		objects[i] = unit_buffer(i + 1, i + 1);
	iterator = (struct iterator){
		.objects = objects,
		.n = n,
		.cuts = cuts,
	};
}

static void iterator_fill(struct iterator *it, size_t size)
{
	const size_t each = sizeof(*it->objects);

	it->from = it->count = 0;
	if (it->cuts && it->next)
		return;
	while (it->next < it->n && it->count < size &&
	       it->count + each <= sizeof(it->buffer)) {
		memcpy(it->buffer + it->count, &it->objects[it->next++], each);
		it->count += each;
	}
}

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	struct iterator *it = &iterator;

	if (fd != ITERATOR)
		return __real_read(fd, buf, size);
	if (it->interrupted) {
		errno = it->interrupted-- % 2 ? EINTR : EAGAIN;
		return -1;
	}
	if (!it->count)
		iterator_fill(it, size);
	if (!it->count && it->error) {
		errno = it->error;
		return -1;
	}
	if (size > it->count)
		size = it->count;
	memcpy(buf, it->buffer + it->from, size);
	it->from += size;
	it->count -= size;
	return size;
}

/* What record_reader_read_all() makes of @size bytes at @data. */
static int read_bytes(const void *data, size_t size,
		      struct dmabuf_snapshot **snapshot, uint64_t *bytes,
		      struct dmabuf_error *error)
{
	int fd = unit_file(data, size), r;

	*snapshot = snapshot_new();
	assert_non_null(*snapshot);
	memset(error, 0, sizeof(*error));
	r = record_reader_read_all(fd, RECORDS_OF_SNAPSHOT, "NAME", *snapshot,
				   bytes, error);
	assert_int_equal(r, error->err);
	close(fd);
	return r;
}

/* Reads @size bytes at @data, which are not right, and says what is said. */
static void check_bad(const void *data, size_t size, int err, const char *text)
{
	struct dmabuf_snapshot *snapshot;
	uint64_t bytes = UNTOUCHED;
	struct dmabuf_error error;

	assert_int_equal(read_bytes(data, size, &snapshot, &bytes, &error),
			 err);
	if (text)
		assert_string_equal(error.text, text);
	assert_int_equal(bytes, UNTOUCHED);
	dmabuf_snapshot_free(snapshot);
}

static void test_nothing(void **state)
{
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_error error;
	uint64_t bytes = 1;

	(void)state;
	assert_int_equal(read_bytes("", 0, &snapshot, &bytes, &error), 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(dmabuf_snapshot_count(snapshot), 0);
	dmabuf_snapshot_free(snapshot);
}

/* One of each kind. */
struct three {
	struct dmabuf_rec_buffer buffer;
	struct dmabuf_rec_attachment attachment;
	struct dmabuf_rec_gap gap;
};

static struct three three_records(void)
{
	return (struct three){
		unit_buffer(1, 2),
		unit_attachment(1, 0, 0),
		unit_gap("things", 3),
	};
}

static void check_three(const struct dmabuf_snapshot *snapshot)
{
	assert_int_equal(snapshot->buffers.n, 1);
	assert_int_equal(snapshot->attachments.n, 1);
	assert_int_equal(snapshot->gaps.n, 1);
}

static void test_each_kind(void **state)
{
	struct three three = three_records();
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_error error;
	uint64_t bytes;

	(void)state;
	assert_int_equal(
		read_bytes(&three, sizeof(three), &snapshot, &bytes, &error),
		0);
	assert_int_equal(bytes, sizeof(three));
	check_three(snapshot);
	dmabuf_snapshot_free(snapshot);

	assert_int_equal(
		read_bytes(&three, sizeof(three), &snapshot, NULL, &error), 0);
	check_three(snapshot);
	dmabuf_snapshot_free(snapshot);
}

static void test_cut_at_every_byte(void **state)
{
	const size_t first = sizeof(struct dmabuf_rec_buffer);
	const size_t second = first + sizeof(struct dmabuf_rec_attachment);
	struct three three = three_records();
	size_t size;

	(void)state;
	for (size = 1; size < sizeof(three); size++)
		if (size != first && size != second)
			check_bad(&three, size, -ENODATA,
				  "NAME: ends inside a record");
}

static void test_not_a_record(void **state)
{
	struct three three = three_records();
	const uint32_t kinds[] = {
		0,
		1,
		DMABUF_REC_BUFFER + 0x100, /* another version */
		DMABUF_REC_BUFFER ^ 0x80000000,
	};
	const uint32_t sizes[] = { 0, 1, 7, 8, 207 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		three = three_records();
		three.attachment.head.kind = kinds[i];
		check_bad(&three, sizeof(three), -EBADMSG,
			  "NAME: not a record at byte 136");
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		three = three_records();
		three.gap.head.size = sizes[i];
		check_bad(&three, sizeof(three), -EBADMSG,
			  "NAME: not a record at byte 256");
	}
	check_bad("some text or other", 18, -EBADMSG,
		  "NAME: not a record at byte 0");
}

/* As the pinned file of a big-endian machine, in a tree that was recorded
 * there. */
static void test_the_other_byte_order(void **state)
{
	struct three three = three_records();
	uint32_t *word = (uint32_t *)&three;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(three) / sizeof(*word); i++)
		word[i] = __builtin_bswap32(word[i]);
	check_bad(&three, sizeof(three), -EBADMSG,
		  "NAME: a record of the other byte order at byte 0");
}

/* A newer writer adds kinds, and members at the end. */
static void test_what_a_newer_writer_adds(void **state)
{
	struct {
		struct dmabuf_rec unknown;
		char data[20];
		struct dmabuf_rec_buffer buffer;
		char tail[12];
		struct dmabuf_rec empty;
		struct dmabuf_rec_gap gap;
	} __attribute__((packed)) bytes = {
		.unknown = { DMABUF_REC_KIND(200), 28 },
		.buffer = unit_buffer(1, 2),
		.empty = { DMABUF_REC_KIND(0), 8 },
		.gap = unit_gap("things", 1),
	};
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_error error;
	uint64_t n;

	(void)state;
	bytes.buffer.head.size += sizeof(bytes.tail);
	memset(bytes.data, 0xff, sizeof(bytes.data));
	memset(bytes.tail, 0xff, sizeof(bytes.tail));
	assert_int_equal(
		read_bytes(&bytes, sizeof(bytes), &snapshot, &n, &error), 0);
	assert_int_equal(n, sizeof(bytes));
	assert_int_equal(snapshot->buffers.n, 1);
	assert_int_equal(snapshot->gaps.n, 1);
	dmabuf_snapshot_free(snapshot);
}

/* What is stepped over must fit into what a reader holds at a time. */
static void test_the_longest_record(void **state)
{
	enum { MOST = 64 * 1024 };
	struct dmabuf_rec head = { DMABUF_REC_KIND(99), MOST };
	struct dmabuf_snapshot *snapshot;
	char *data = calloc(3, MOST);
	struct dmabuf_error error;
	uint64_t bytes;

	(void)state;
	assert_non_null(data);
	memcpy(data, &head, sizeof(head));
	memcpy(data + MOST, &head, sizeof(head));
	assert_int_equal(read_bytes(data, 2 * MOST, &snapshot, &bytes, &error),
			 0);
	assert_int_equal(bytes, 2 * MOST);
	dmabuf_snapshot_free(snapshot);

	check_bad(data, MOST + 4, -ENODATA, NULL);
	head.size = MOST + 1;
	memcpy(data + MOST, &head, sizeof(head));
	check_bad(data, 3 * MOST, -EBADMSG, "NAME: not a record at byte 65536");
	head.size = UINT32_MAX;
	memcpy(data + MOST, &head, sizeof(head));
	check_bad(data, 3 * MOST, -EBADMSG, "NAME: not a record at byte 65536");
	check_bad(data, 2 * MOST - 1, -ENODATA, NULL);
	free(data);
}

/* More than one read takes, with ends of reads inside of records. */
static void test_many(void **state)
{
	enum { N = 5000 };
	struct dmabuf_rec_buffer *buffers = calloc(N, sizeof(*buffers));
	const struct buffer *buffer = NULL;
	struct dmabuf_snapshot *snapshot;
	struct dmabuf_error error;
	uint64_t bytes;
	size_t i;

	(void)state;
	assert_non_null(buffers);
	for (i = 0; i < N; i++)
		buffers[i] = unit_buffer(i, N - i);
	assert_int_equal(read_bytes(buffers, N * sizeof(*buffers), &snapshot,
				    &bytes, &error),
			 0);
	assert_int_equal(snapshot->buffers.n, N);
	for (i = 0; (buffer = vec_next(&snapshot->buffers, buffer)); i++) {
		assert_int_equal(buffer->key, i);
		assert_int_equal(buffer->ino, N - i);
		assert_string_equal(buffer->name, buffers[i].name);
	}
	dmabuf_snapshot_free(snapshot);
	free(buffers);
}

/* A pipe gives what it has; the writer is slow, and the reader polls. */
static void test_in_small_pieces(void **state)
{
	struct three three = three_records();
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_error error = {};
	uint64_t bytes;
	size_t i;
	int ends[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		for (i = 0; i < sizeof(three); i++)
			if (write(ends[1], (char *)&three + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(record_reader_read_all(ends[0], RECORDS_OF_SNAPSHOT,
						"NAME", snapshot, &bytes,
						&error),
			 0);
	assert_int_equal(bytes, sizeof(three));
	check_three(snapshot);
	close(ends[0]);
	dmabuf_snapshot_free(snapshot);
}

static void test_read_fails(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_buffer objects[3];
	struct dmabuf_error error = {};
	uint64_t bytes = UNTOUCHED;

	(void)state;
	assert_int_equal(record_reader_read_all(-1, RECORDS_OF_SNAPSHOT, "NAME",
						snapshot, &bytes, &error),
			 -EBADF);
	assert_string_equal(error.text,
			    "NAME: cannot read: Bad file descriptor");

	/* In the middle: what came before is no whole answer. */
	iterator_make(objects, 3, true);
	iterator.error = EIO;
	assert_int_equal(record_reader_read_all(ITERATOR, RECORDS_OF_SNAPSHOT,
						"NAME", snapshot, &bytes,
						&error),
			 -EIO);
	assert_string_equal(error.text,
			    "NAME: cannot read: Input/output error");
	assert_int_equal(bytes, UNTOUCHED);
	dmabuf_snapshot_free(snapshot);
}

static void test_signals_and_pauses(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_buffer objects[3];
	struct dmabuf_error error = {};
	uint64_t bytes;

	(void)state;
	iterator_make(objects, 3, false);
	iterator.interrupted = 5;
	assert_int_equal(record_reader_read_all(ITERATOR, RECORDS_OF_SNAPSHOT,
						"NAME", snapshot, &bytes,
						&error),
			 0);
	assert_int_equal(snapshot->buffers.n, 3);
	dmabuf_snapshot_free(snapshot);
}

/* Descriptors of one file, as the kernel tells of them, or a saved file. */
static size_t count_files(uint32_t kinds)
{
	enum { DESCRIPTORS = 2000 };
	struct dmabuf_rec_ref *refs = calloc(DESCRIPTORS, sizeof(*refs));
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_error error = {};
	int fd = memfd_create("refs", MFD_CLOEXEC);
	const ssize_t size = DESCRIPTORS * sizeof(*refs);
	size_t n;

	assert_non_null(refs);
	for (n = 0; n < DESCRIPTORS; n++)
		refs[n] = (struct dmabuf_rec_ref){
			.head = { DMABUF_REC_REF, sizeof(*refs) },
			.type = DMABUF_REC_REF_FILE,
			.key = 7,
			.place = n,
		};
	assert_int_equal(pwrite(fd, refs, size, 0), size);
	assert_int_equal(record_reader_read_all(fd, kinds, "NAME", snapshot,
						NULL, &error),
			 0);
	n = snapshot->refs.n;
	close(fd);
	dmabuf_snapshot_free(snapshot);
	free(refs);
	return n;
}

/* Addresses of a saved file are not looked at. */
static void test_doubles(void **state)
{
	(void)state;
	assert_int_equal(count_files(RECORDS_OF_HOLDERS), 1);
	assert_int_equal(count_files(RECORDS_OF_SNAPSHOT), 2000);
}

/* What record_reader_check_cut() makes of an iterator over @n buffers. */
static int check_cut(size_t n, bool cuts, uint64_t whole, bool forced,
		     size_t *gaps)
{
	struct dmabuf_rec_buffer *objects = calloc(n + 1, sizeof(*objects));
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_error error = {};
	int r;

	assert_non_null(objects);
	assert_non_null(snapshot);
	iterator_make(objects, n, cuts);
	r = record_reader_check_cut(ITERATOR, whole, forced, snapshot, &error);
	assert_int_equal(error.err, r);
	if (r) {
		assert_non_null(strstr(error.text, "truncates the iterator"));
		assert_string_not_equal(error.hint, "");
	}
	*gaps = snapshot->gaps.n;
	dmabuf_snapshot_free(snapshot);
	free(objects);
	return r;
}

static void test_a_whole_iterator_is_not_cut(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 3, 100, 240, 241, 1000 };
	const size_t each = sizeof(struct dmabuf_rec_buffer);
	size_t i, gaps;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		assert_int_equal(check_cut(counts[i], false, counts[i] * each,
					   false, &gaps),
				 0);
		assert_int_equal(gaps, 0);
		assert_int_equal(check_cut(counts[i], false, counts[i] * each,
					   true, &gaps),
				 0);
		assert_int_equal(gaps, 0);
	}
}

static void test_a_cut_one_is_found(void **state)
{
	static const size_t counts[] = { 2, 3, 100, 240, 241, 1000 };
	const size_t each = sizeof(struct dmabuf_rec_buffer);
	uint64_t whole;
	size_t i, gaps;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		/* The large reads before were cut as well. */
		whole = counts[i] * each;
		if (whole > 32 * 1024)
			whole = 32 * 1024 / each * each;
		assert_int_equal(
			check_cut(counts[i], true, whole, false, &gaps),
			-ENODATA);
		assert_int_equal(gaps, 0);
		assert_int_equal(check_cut(counts[i], true, whole, true, &gaps),
				 0);
		assert_int_equal(gaps, 1);
	}
}

/* With one buffer or none there is nothing to cut, nor to find out. */
static void test_a_cut_one_with_one_buffer(void **state)
{
	const size_t each = sizeof(struct dmabuf_rec_buffer);
	size_t gaps;

	(void)state;
	assert_int_equal(check_cut(0, true, 0, false, &gaps), 0);
	assert_int_equal(check_cut(1, true, each, false, &gaps), 0);
}

/* Buffers come and go between one iterator and the next. */
static void test_fewer_and_more_are_no_cut(void **state)
{
	const size_t each = sizeof(struct dmabuf_rec_buffer);
	size_t gaps;

	(void)state;
	assert_int_equal(check_cut(90, false, 100 * each, false, &gaps), 0);
	assert_int_equal(check_cut(2, false, 1000 * each, false, &gaps), 0);
	assert_int_equal(check_cut(900, false, 1000 * each, true, &gaps), 0);
	assert_int_equal(gaps, 0);
	assert_int_equal(check_cut(110, false, 100 * each, false, &gaps), 0);
}

static void test_check_cut_cannot_read(void **state)
{
	struct dmabuf_snapshot *snapshot = snapshot_new();
	struct dmabuf_rec_buffer objects[2];
	struct dmabuf_error error = {};

	(void)state;
	assert_int_equal(record_reader_check_cut(-1, 1, true, snapshot, &error),
			 -EBADF);
	assert_int_equal(error.err, -EBADF);
	iterator_make(objects, 2, true);
	iterator.error = EIO;
	assert_int_equal(record_reader_check_cut(ITERATOR, sizeof(objects),
						 true, snapshot, &error),
			 -EIO);
	assert_int_equal(snapshot->gaps.n, 0);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_each_kind),
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_not_a_record),
		cmocka_unit_test(test_the_other_byte_order),
		cmocka_unit_test(test_what_a_newer_writer_adds),
		cmocka_unit_test(test_the_longest_record),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_in_small_pieces),
		cmocka_unit_test(test_read_fails),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_signals_and_pauses),
		cmocka_unit_test(test_a_whole_iterator_is_not_cut),
		cmocka_unit_test(test_a_cut_one_is_found),
		cmocka_unit_test(test_a_cut_one_with_one_buffer),
		cmocka_unit_test(test_fewer_and_more_are_no_cut),
		cmocka_unit_test(test_check_cut_cannot_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
