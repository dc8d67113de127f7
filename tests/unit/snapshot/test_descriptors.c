// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors in few bytes are what they are as records. */
#include <sys/mman.h>

#include "snapshot/found_all.h"
#include "tests/unit/snapshot/refs.h"

enum { BUFFERS = 12, TABLES = 6, DESCRIPTORS = 40, ROUNDS = 500 };

/* Tables: some are shared by processes or have another thread's ID. */
struct table {
	uint64_t address;
	uint32_t pid, tid;
};

static uint32_t draw(uint32_t n)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005 + 1442695040888963407;
	return (state >> 33) % n;
}

static struct dmabuf_rec_ref as_record(const struct table *table,
				       uint64_t buffer, uint32_t fd)
{
	struct dmabuf_rec_ref rec = ref_of(
		buffer, table->pid, DMABUF_REC_REF_FD, table->address, fd);

	rec.ino = 0;
	rec.tid = table->tid;
	return rec;
}

static void add_table(struct dmabuf_snapshot *snapshot,
		      const struct table *table)
{
	struct dmabuf_rec_ref rec = as_record(table, 0, 0);

	rec.key = 0;
	assert_int_equal(vec_push(&snapshot->tables, &rec), 0);
}

static void add_descriptor(struct dmabuf_snapshot *snapshot, uint32_t table,
			   uint64_t buffer, uint32_t fd)
{
	const struct descriptor one = { 0xffff0000 + buffer, fd, table };

	assert_int_equal(vec_push(&snapshot->descriptors, &one), 0);
}

/* The snapshots have the same, one as records and one as descriptors. */
struct both {
	struct dmabuf_snapshot *records, *descriptors;
	uint32_t refs[BUFFERS];
};

/* A table that is read twice has the same the second time, or less. */
static void fill_table(struct both *both, const struct table *table,
		       uint32_t index, const uint32_t *buffers, uint32_t n,
		       bool is_first)
{
	uint32_t fd;

	add_table(both->descriptors, table);
	for (fd = 0; fd < n; fd++) {
		if (!is_first && !draw(8))
			continue;
		if (is_first && buffers[fd] < BUFFERS)
			both->refs[buffers[fd]]++;
		add_ref(both->records, as_record(table, buffers[fd], fd));
		add_descriptor(both->descriptors, index, buffers[fd], fd);
	}
}

/* Buffers from BUFFERS on are missing from the snapshots. */
static void choose_buffers(uint32_t *buffers, uint32_t n, bool in_order)
{
	uint32_t fd;

	for (fd = 0; fd < n; fd++)
		buffers[fd] = in_order ? fd * BUFFERS / n : draw(BUFFERS + 2);
}

/* @share: some tables are those of another process or thread. */
static void fill(struct both *both, bool share, bool in_order)
{
	uint32_t buffers[TABLES][DESCRIPTORS], n[TABLES], i, of;
	struct table tables[TABLES];

	for (i = 0; i < TABLES; i++) {
		of = share && i && draw(2) ? draw(i) : i;
		tables[i] = (struct table){ 100 + i, 10 + i, 10 + i };
		n[i] = 1 + draw(DESCRIPTORS - 1);
		choose_buffers(buffers[i], n[i], in_order);
		if (of != i) {
			tables[i].address = tables[of].address;
			tables[i].pid = draw(2) ? tables[of].pid : 10 + i;
			memcpy(buffers[i], buffers[of], sizeof(buffers[i]));
			n[i] = n[of];
		}
		fill_table(both, &tables[i], i, buffers[i], n[i], of == i);
	}
}

/* A mapping is a record in both. */
static void add_mapping(struct both *both, uint64_t buffer)
{
	const struct dmabuf_rec_ref rec =
		ref_of(buffer, 11, DMABUF_REC_REF_MAP, 900, 0x1000);

	add_ref(both->records, rec);
	add_ref(both->descriptors, rec);
	both->refs[buffer]++;
}

static int save(const struct dmabuf_snapshot *snapshot)
{
	struct dmabuf_ctx *ctx;
	int fd = memfd_create("test", 0);

	assert_int_equal(dmabuf_ctx_new(NULL, &ctx), 0);
	assert_int_equal(dmabuf_snapshot_save(ctx, snapshot, fd), 0);
	dmabuf_ctx_free(ctx);
	return fd;
}

static void check_same_files(const struct both *both)
{
	char a[4096], b[4096];
	int x = save(both->records), y = save(both->descriptors);
	ssize_t n;

	assert_int_equal(lseek(x, 0, SEEK_SET), 0);
	assert_int_equal(lseek(y, 0, SEEK_SET), 0);
	while ((n = read(x, a, sizeof(a))) > 0) {
		assert_int_equal(read(y, b, sizeof(b)), n);
		assert_memory_equal(a, b, n);
	}
	assert_int_equal(read(y, b, sizeof(b)), 0);
	close(x);
	close(y);
}

static void check_usage(const struct both *both)
{
	struct dmabuf_usage a = { .size = sizeof(a) };
	struct dmabuf_usage b = { .size = sizeof(b) };
	const struct dmabuf_process *x = NULL, *y = NULL;

	while ((x = dmabuf_snapshot_next_process(both->records, x))) {
		y = dmabuf_snapshot_next_process(both->descriptors, y);
		assert_non_null(y);
		assert_int_equal(dmabuf_process_usage(x, &a), 0);
		assert_int_equal(dmabuf_process_usage(y, &b), 0);
		assert_memory_equal(&a, &b, sizeof(a));
	}
	assert_null(dmabuf_snapshot_next_process(both->descriptors, y));
}

/* @missed: the first buffer has a reference that is not found. */
static void check(bool share, bool in_order, bool map, bool missed)
{
	struct both both = { .records = new_snapshot(COVERS),
			     .descriptors = new_snapshot(COVERS) };
	bool a, b;
	uint32_t i;

	fill(&both, share, in_order);
	if (map)
		add_mapping(&both, draw(BUFFERS));
	for (i = 0; i < BUFFERS; i++) {
		add_buffer(both.records, i, 4096 + i, both.refs[i]);
		add_buffer(both.descriptors, i, 4096 + i, both.refs[i]);
	}
	((struct buffer *)both.records->buffers.data)->refs += missed;
	((struct buffer *)both.descriptors->buffers.data)->refs += missed;
	snapshot_join_buffers(both.records);
	snapshot_join_buffers(both.descriptors);
	assert_int_equal(found_all_refs(both.records, &a), 0);
	assert_int_equal(found_all_refs(both.descriptors, &b), 0);
	assert_int_equal(a, !missed);
	assert_int_equal(b, !missed);
	assert_int_equal(snapshot_join_refs(both.records), 0);
	assert_int_equal(snapshot_join_refs(both.descriptors), 0);
	check_same_files(&both);
	check_usage(&both);
	dmabuf_snapshot_free(both.records);
	dmabuf_snapshot_free(both.descriptors);
}

static void test_same_as_records(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < ROUNDS; i++)
		check(i & 1, i & 2, i & 4, i & 8);
}

/* Two processes have one table: the reference is the first one's. */
static void test_shared_table(void **state)
{
	const struct table first = { 100, 10, 10 }, second = { 100, 20, 20 };
	struct dmabuf_snapshot *snapshot = new_snapshot(COVERS);
	const struct dmabuf_buffer *buffer;
	const struct dmabuf_ref *ref;
	uint64_t n;

	(void)state;
	add_buffer(snapshot, 7, 4096, 1);
	add_table(snapshot, &second);
	add_table(snapshot, &first);
	add_descriptor(snapshot, 0, 7, 5);
	add_descriptor(snapshot, 1, 7, 5);
	join(snapshot);
	buffer = dmabuf_snapshot_next(snapshot, NULL);
	ref = dmabuf_buffer_next_ref(snapshot, buffer, NULL);
	assert_int_equal(dmabuf_ref_pid(ref), 10);
	assert_int_equal(dmabuf_ref_place(ref), 5);
	assert_int_equal(dmabuf_ref_count(ref), 1);
	ref = dmabuf_buffer_next_ref(snapshot, buffer, ref);
	assert_int_equal(dmabuf_ref_pid(ref), 20);
	assert_int_equal(dmabuf_ref_count(ref), 0);
	assert_null(dmabuf_buffer_next_ref(snapshot, buffer, ref));
	assert_int_equal(dmabuf_buffer_explained(snapshot, buffer, &n), 0);
	assert_int_equal(n, 1);
	dmabuf_snapshot_free(snapshot);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_records),
		cmocka_unit_test(test_shared_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
