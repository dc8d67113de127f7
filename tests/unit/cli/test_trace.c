// SPDX-License-Identifier: GPL-2.0-or-later
/* Events in each format: what is lost, what was never seen, odd names. */
#include "cli/rows/event.h"
#include "abi/records.h"
#include "cli/trace/format.h"
#include "tests/unit/unit.h"
#include "util/vec.h"

static struct dmabuf_event event(enum dmabuf_event_kind kind, uint64_t address,
				 uint64_t time_ns)
{
	return (struct dmabuf_event){
		.kind = kind,
		.pid = 7,
		.tid = 8,
		.fd = kind == DMABUF_EVENT_FD ? 5 : -1,
		.time_ns = time_ns,
		.address = address,
		.ino = address + 20,
		.bytes = 4096,
		.comm = "cam",
		.exporter = "system",
		.name = "",
	};
}

static const struct dmabuf_event lost = {
	.kind = DMABUF_EVENT_LOST,
	.time_ns = 3000,
	.lost = 12,
	.cause = "the ring was full",
};

/* Writes events in a format, with some columns. @lines end with NULL. */
static void expect_lacking(const struct trace_format *format,
			   const char *lacks_bytes,
			   const struct dmabuf_event *events, size_t n,
			   const char *const *lines)
{
	const struct column *const columns[] = {
		column_find(event_columns, "event", 5),
		column_find(event_columns, "ino", 3),
		column_find(event_columns, "name", 4),
		column_find(event_columns, "fd", 2),
	};
	const struct rows_view view = { .columns = columns,
					.n = 4,
					.headings = true };
	char *written = NULL, *at;
	size_t size, i;
	FILE *file = open_memstream(&written, &size);
	void *writer = format->begin(
		file, &(struct trace_setup){ &view, lacks_bytes });

	assert_non_null(writer);
	for (i = 0; i < n; i++) {
		assert_int_equal(format->put(writer, &events[i]), 0);
		assert_int_equal(format->flush(writer), 0);
	}
	assert_int_equal(format->end(writer, 9000), 0);
	format->free(writer);
	fclose(file);
	for (at = written; *lines; lines++) {
		assert_non_null(strchr(at, '\n'));
		*strchr(at, '\n') = 0;
		assert_string_equal(at, *lines);
		at += strlen(at) + 1;
	}
	assert_string_equal(at, "");
	free(written);
}

static void expect(const struct trace_format *format,
		   const struct dmabuf_event *events, size_t n,
		   const char *const *lines)
{
	expect_lacking(format, NULL, events, n, lines);
}

static void test_table(void **state)
{
	static const char *const lines[] = {
		"EVENT     INO NAME              FD",
		"made       21 a\\x1bb             -",
		"-- 12 events are lost: the ring was full --",
		"fd          - -                  5",
		NULL,
	};
	struct dmabuf_event events[] = {
		event(DMABUF_EVENT_MADE, 1, 1000),
		lost,
		event(DMABUF_EVENT_FD, 1, 2000),
	};

	(void)state;
	events[0].name = "a\033b";
	events[2].name = NULL;
	events[2].ino = 0;
	expect(&trace_format_table, events, 3, lines);
}

static void test_json(void **state)
{
	static const char *const lines[] = {
		"{\"event\":\"made\",\"ino\":21,\"name\":\"a\\\"b\",\"fd\":"
		"null}",
		"{\"time_ns\":3000,\"event\":\"lost\",\"lost\":12,"
		"\"cause\":\"the ring was full\"}",
		"{\"event\":\"fd\",\"ino\":null,\"name\":null,\"fd\":5}",
		NULL,
	};
	struct dmabuf_event events[] = {
		event(DMABUF_EVENT_MADE, 1, 1000),
		lost,
		event(DMABUF_EVENT_FD, 1, 2000),
	};

	(void)state;
	events[0].name = "a\"b";
	events[2].name = NULL;
	events[2].ino = 0;
	expect(&trace_format_json, events, 3, lines);
}

#define HEAD                                                                   \
	"{\"displayTimeUnit\":\"ns\",\"otherData\":"                           \
	"{\"clock\":\"CLOCK_BOOTTIME\"},\"traceEvents\":["
#define RECORD(phase, name, ts, ids)                                           \
	"{\"ph\":\"" phase "\",\"cat\":\"dma-buf\",\"name\":\"" name           \
	"\",\"ts\":" ts "," ids ","
#define CAM  "\"pid\":7,\"tid\":8"
#define NONE "\"pid\":0,\"tid\":0"
#define PROCESS(ts)                                                            \
	RECORD("M", "process_name", ts, CAM) "\"args\":{\"name\":\"cam\"}},"
#define BYTES(ts, bytes)                                                       \
	RECORD("C", "bytes of system", ts, NONE)                               \
	"\"args\":{\"bytes\":" bytes "}}"
#define BEGIN(ts, id)                                                          \
	RECORD("b", "system", ts, CAM)                                         \
	"\"id\":\"" id "\",\"args\":{\"ino\":21,\"size\":4096,"                \
	"\"exporter\":\"system\"}},"
#define END(ts, id, args)                                                      \
	RECORD("e", "system", ts, CAM)                                         \
	"\"id\":\"" id "\",\"args\":{" args "}},"
#define FREED "\"freed_by\":\"cam\",\"freed_by_pid\":7,\"freed\":true"
#define STAYS "\"freed\":false"

/* Its end was lost: the address is used again. The second one stays. */
static void test_chrome(void **state)
{
	static const char *const lines[] = {
		HEAD,
		PROCESS("1.001"),
		BEGIN("1.001", "1"),
		BYTES("1.001", "4096") ",",
		RECORD("i", "12 events are lost", "3.000",
		       NONE) "\"s\":\"g\",\"args\":{\"lost\":12,"
			     "\"cause\":\"the ring was full\"}},",
		END("4.000", "1", STAYS),
		BYTES("4.000", "0") ",",
		BEGIN("4.000", "2"),
		BYTES("4.000", "4096") ",",
		END("9.000", "2", STAYS),
		BYTES("9.000", "0"),
		"]}",
		NULL,
	};
	const struct dmabuf_event events[] = {
		event(DMABUF_EVENT_MADE, 1, 1001),
		lost,
		event(DMABUF_EVENT_MADE, 1, 4000),
	};

	(void)state;
	expect(&trace_format_chrome, events, 3, lines);
}

/* A buffer from before the trace has no slice. */
static void test_chrome_freed(void **state)
{
	static const char *const lines[] = {
		HEAD,
		PROCESS("1.000"),
		RECORD("i", "freed", "1.000",
		       CAM) "\"s\":\"t\",\"args\":{\"ino\":22,\"size\":4096,"
			    "\"exporter\":\"system\",\"buffer_name\":\"\"}},",
		BEGIN("2.000", "1"),
		BYTES("2.000", "4096") ",",
		END("3.000", "1", FREED),
		BYTES("3.000", "0"),
		"]}",
		NULL,
	};
	const struct dmabuf_event events[] = {
		event(DMABUF_EVENT_FREED, 2, 1000),
		event(DMABUF_EVENT_MADE, 1, 2000),
		event(DMABUF_EVENT_FREED, 1, 3000),
	};

	(void)state;
	expect(&trace_format_chrome, events, 3, lines);
}

/* Buffers that others free would stay in the counter. */
static void test_chrome_without_counters(void **state)
{
	static const char *const lines[] = {
		"{\"displayTimeUnit\":\"ns\",\"otherData\":"
		"{\"clock\":\"CLOCK_BOOTTIME\",\"no_counters\":\"why\"},"
		"\"traceEvents\":[",
		PROCESS("1.001"),
		BEGIN("1.001", "1"),
		RECORD("e", "system", "9.000",
		       CAM) "\"id\":\"1\",\"args\":{" STAYS "}}",
		"]}",
		NULL,
	};
	const struct dmabuf_event made = event(DMABUF_EVENT_MADE, 1, 1001);

	(void)state;
	expect_lacking(&trace_format_chrome, "why", &made, 1, lines);
}

/* A stack as the library gives it: innermost calls first, the kernel's first.
 */
static void push_frame(struct vec *frames, uint32_t flags, const char *symbol,
		       const char *file)
{
	struct dmabuf_rec_frame frame = {
		.head = { DMABUF_REC_FRAME, sizeof(frame) },
		.flags = flags,
		.at = 0x1234,
		.offset = 0x12,
	};

	if (flags & DMABUF_REC_FRAME_FILE)
		frame.build_id[0] = 0xab;
	strcpy(frame.symbol, symbol);
	strcpy(frame.file, file);
	assert_int_equal(vec_push(frames, &frame), 0);
}

static void expect_stack(const struct trace_format *format,
			 const char *const *lines)
{
	static const uint32_t in_file =
		DMABUF_REC_FRAME_USER | DMABUF_REC_FRAME_FILE;
	struct vec frames = VEC_OF(struct dmabuf_rec_frame);
	struct dmabuf_event events[] = {
		event(DMABUF_EVENT_MADE, 1, 1000),
		lost,
		event(DMABUF_EVENT_FD, 1, 2000),
	};
	struct vec none = VEC_OF(struct dmabuf_rec_frame);

	push_frame(&frames, 0, "dma_heap_ioctl", "");
	push_frame(&frames, in_file, "", "/usr/lib/libfoo\033.so");
	push_frame(&frames, in_file, "main", "/usr/bin/cam");
	events[0].stack = (const void *)&frames;
	events[2].stack = (const void *)&none;
	expect_lacking(format, "why", events, 3, lines);
	vec_fini(&frames);
	vec_fini(&none);
}

static void test_table_stacks(void **state)
{
	static const char *const lines[] = {
		"EVENT     INO NAME              FD",
		"made       21                    -",
		"    in the kernel:",
		"      dma_heap_ioctl+0x12",
		"    in user space:",
		"      libfoo\\x1b.so+0x1234",
		"      main+0x12 (/usr/bin/cam)",
		"-- 12 events are lost: the ring was full --",
		"fd         21                    5",
		"    in the kernel:",
		"      (none could be read)",
		"    in user space:",
		"      (none could be read)",
		NULL,
	};

	(void)state;
	expect_stack(&trace_format_table, lines);
}

static void test_json_stacks(void **state)
{
	static const char *const lines[] = {
		"{\"event\":\"made\",\"ino\":21,\"name\":\"\",\"fd\":null,"
		"\"stacks\":{\"kernel\":[{\"symbol\":\"dma_heap_ioctl\","
		"\"offset\":18,\"file\":null}],\"user\":[{\"symbol\":null,"
		"\"offset\":null,\"file\":\"/usr/lib/libfoo\\u001b.so\","
		"\"build_id\":\"ab00000000000000\",\"file_offset\":4660},"
		"{\"symbol\":\"main\",\"offset\":18,"
		"\"file\":\"/usr/bin/cam\",\"build_id\":\"ab00000000000000\","
		"\"file_offset\":4660}],\"cut\":null}}",
		"{\"time_ns\":3000,\"event\":\"lost\",\"lost\":12,"
		"\"cause\":\"the ring was full\"}",
		"{\"event\":\"fd\",\"ino\":21,\"name\":\"\",\"fd\":5,"
		"\"stacks\":{\"kernel\":[],\"user\":[],"
		"\"cut\":\"none could be read\"}}",
		NULL,
	};

	(void)state;
	expect_stack(&trace_format_json, lines);
}

static void test_chrome_stacks(void **state)
{
	static const char *const lines[] = {
		"{\"displayTimeUnit\":\"ns\",\"otherData\":"
		"{\"clock\":\"CLOCK_BOOTTIME\",\"no_counters\":\"why\"},"
		"\"traceEvents\":[",
		PROCESS("1.000"),
		RECORD("b", "system", "1.000",
		       CAM) "\"id\":\"1\",\"args\":{\"ino\":21,"
			    "\"size\":4096,\"exporter\":\"system\","
			    "\"kernel_stack\":[\"dma_heap_ioctl+0x12\"],"
			    "\"user_stack\":["
			    "\"libfoo\\\\x1b.so+0x1234\","
			    "\"main+0x12 (/usr/bin/cam)\"]}},",
		RECORD("i", "12 events are lost", "3.000",
		       NONE) "\"s\":\"g\",\"args\":{\"lost\":12,"
			     "\"cause\":\"the ring was full\"}},",
		RECORD("i", "fd", "2.000",
		       CAM) "\"s\":\"t\",\"args\":{\"ino\":21,"
			    "\"size\":4096,\"exporter\":\"system\","
			    "\"buffer_name\":\"\",\"fd\":5,"
			    "\"kernel_stack\":[\"none could be read\"],"
			    "\"user_stack\":[\"none could be read\"]}},",
		RECORD("e", "system", "9.000",
		       CAM) "\"id\":\"1\",\"args\":{" STAYS "}}",
		"]}",
		NULL,
	};

	(void)state;
	expect_stack(&trace_format_chrome, lines);
}

static void test_one_lost(void **state)
{
	static const char *const lines[] = {
		"-- 1 event is lost: the ring was full --",
		NULL,
	};
	struct dmabuf_event one = lost;

	(void)state;
	one.lost = 1;
	expect(&trace_format_table, &one, 1, lines);
}

static void test_nothing(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const lines[] = { HEAD "]}", NULL };

	(void)state;
	expect(&trace_format_table, NULL, 0, none);
	expect(&trace_format_json, NULL, 0, none);
	expect(&trace_format_chrome, NULL, 0, lines);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_chrome),
		cmocka_unit_test(test_chrome_freed),
		cmocka_unit_test(test_chrome_without_counters),
		cmocka_unit_test(test_table_stacks),
		cmocka_unit_test(test_json_stacks),
		cmocka_unit_test(test_chrome_stacks),
		cmocka_unit_test(test_one_lost),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
