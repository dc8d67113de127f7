// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rows/dmabuf_dump.h"
#include "cli/rows/exporters.h"
#include "cli/rows/processes.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/u64.h"

enum { KIB = 1024 };

/* A name as it may be shown; @to has 256 bytes, more than any needs. */
static const char *safe(const char *name, char *to)
{
	if (!name || !name[0])
		return "<unknown>";
	locale_printable(name, to);
	return to;
}

static void print_title(FILE *file, const char *what)
{
	static const char line[] = "-----------------------";

	fprintf(file, "\n\n%s DMA-BUF %s stats %s\n", line, what, line);
}

/* Writes a text at the right of a field. Return: its end. */
static char *right(char *to, const char *text, size_t width)
{
	const size_t n = strlen(text);

	if (n < width) {
		memset(to, ' ', width - n);
		to += width - n;
	}
	return mempcpy(to, text, n);
}

static char *right_number(char *to, uint64_t number, size_t width)
{
	char text[NUMBER_TEXT];

	*number_put(text, number) = 0;
	return right(to, text, width);
}

/*
 * Prints a row: "%16 |%16 | %16s \n". There is one for each buffer, and
 * fprintf() takes four times as long.
 */
static void print_buffer(FILE *file, const struct dmabuf_buffer *buffer)
{
	enum { WIDTH = 16 };
	char exporter[256], line[3 * WIDTH + sizeof(exporter)], *to = line;
	uint64_t ino = 0, size = 0;

	(void)dmabuf_buffer_ino(buffer, &ino);
	(void)dmabuf_buffer_size(buffer, &size);
	to = right_number(to, ino, WIDTH);
	to = stpcpy(to, " |");
	to = right_number(to, size, WIDTH);
	to = stpcpy(to, " | ");
	to = right(to, safe(dmabuf_buffer_exporter(buffer), exporter), WIDTH);
	to = stpcpy(to, " \n");
	fwrite_unlocked(line, to - line, 1, file);
}

int dump_buffers(const void *data, FILE *file)
{
	const struct view *view = data;
	_cleanup_(vec_fini) struct vec exporters = VEC_OF(struct exporter);
	const struct exporter *exporter = NULL;
	uint64_t bytes = 0;
	char name[256];
	size_t i;

	if (exporters_sum(view, &exporters))
		return -ENOMEM;

	print_title(file, "per-buffer");
	fprintf(file, "    Dmabuf Inode |     Size(bytes) |"
		      "    Exporter Name                    |\n");
	for (i = 0; i < view->buffers.n; i++)
		print_buffer(file, view_buffer(view, i));

	print_title(file, "exporter");
	fprintf(file, "      Exporter Name              | Total Count |"
		      "     Total Size(bytes)   |\n");
	while ((exporter = vec_next(&exporters, exporter))) {
		fprintf(file, "%32s | %12" PRIu64 "| %" PRIu64 "\n",
			safe(exporter->name, name), exporter->sums.buffers,
			exporter->sums.bytes);
		bytes = u64_sat_add(bytes, exporter->sums.bytes);
	}

	print_title(file, "total");
	fprintf(file,
		"Total DMA-BUF count: %zu, Total DMA-BUF size(bytes): %" PRIu64
		"\n",
		view->buffers.n, bytes);
	return 0;
}

/* A buffer that a process holds. */
struct held {
	const struct dmabuf_process *process;
	const struct dmabuf_buffer *buffer;
	uint64_t pss;
};

static int compare_held(const void *left, const void *right)
{
	const struct held *a = left, *b = right;

	/* Both are in the order in which they are shown. */
	return u64_compare((uintptr_t)a->process, (uintptr_t)b->process)
		       ?: u64_compare((uintptr_t)a->buffer,
				      (uintptr_t)b->buffer);
}

/* What all processes hold, process by process; sums what none holds. */
static int list_held(const struct view *view, struct vec *all,
		     uint64_t *kernel_only, uint64_t *bytes)
{
	const struct dmabuf_holder *holder;
	struct held one;
	uint64_t size;
	size_t i;

	for (i = 0; i < view->buffers.n; i++) {
		one.buffer = view_buffer(view, i);
		holder = NULL;
		size = 0;
		(void)dmabuf_buffer_size(one.buffer, &size);
		*bytes = u64_sat_add(*bytes, size);
		while ((holder = dmabuf_buffer_next_holder(
				view->snapshot, one.buffer, holder))) {
			one.process =
				dmabuf_holder_process(view->snapshot, holder);
			one.pss = 0;
			(void)dmabuf_holder_pss(holder, &one.pss);
			if (vec_push(all, &one))
				return -ENOMEM;
			size = 0;
		}
		*kernel_only = u64_sat_add(*kernel_only, size);
	}
	vec_sort(all, compare_held);
	return 0;
}

/* The holders are those found: this format has no word for others. */
static void print_held(FILE *file, const struct view *view,
		       const struct held *held)
{
	uint64_t ino = 0, size = 0;
	char name[256], exporter[256];

	(void)dmabuf_buffer_ino(held->buffer, &ino);
	(void)dmabuf_buffer_size(held->buffer, &size);
	fprintf(file,
		"%22s %13" PRIu64 " kB %13" PRIu64 " kB %16" PRIu64
		" %16" PRIu64 "  %22s\n",
		safe(dmabuf_buffer_name(held->buffer), name), size / KIB,
		held->pss / KIB, view_count_holders(view, held->buffer), ino,
		safe(dmabuf_buffer_exporter(held->buffer), exporter));
}

/* @at: where in @all to look, moved behind what the process holds. */
static void print_process(FILE *file, const struct view *view,
			  const struct process_row *row, const struct vec *all,
			  size_t *at)
{
	const struct dmabuf_process *process = row->process;
	const struct held *held;
	char comm[256];

	fprintf(file, "%16s:%-5" PRIu32 "\n",
		dmabuf_process_comm(process)
			? safe(dmabuf_process_comm(process), comm)
			: "N/A",
		dmabuf_process_pid(process));
	fprintf(file, "%22s %16s %16s %16s %16s %22s\n", "Name", "Rss", "Pss",
		"nr_procs", "Inode", "Exporter");
	for (; *at < all->n; ++*at) {
		held = vec_at(all, *at);
		if (held->process > process)
			break;
		if (held->process == process)
			print_held(file, view, held);
	}
	fprintf(file,
		"%22s %13" PRIu64 " kB %13" PRIu64 " kB %16s\n"
		"----------------------\n",
		"PROCESS TOTAL", row->usage.rss / KIB, row->usage.pss / KIB,
		"");
}

int dump_processes(const void *data, FILE *file)
{
	const struct dumped_processes *of = data;
	const struct view *view = of->view;
	_cleanup_(vec_fini) struct vec all = VEC_OF(struct held);
	uint64_t kernel_only = 0, bytes = 0, rss = 0, pss = 0;
	const struct process_row *row = NULL;
	size_t at = 0;

	if (list_held(view, &all, &kernel_only, &bytes))
		return -ENOMEM;
	while ((row = vec_next(of->processes, row))) {
		print_process(file, view, row, &all, &at);
		rss = u64_sat_add(rss, row->usage.rss);
		pss = u64_sat_add(pss, row->usage.pss);
	}
	fprintf(file,
		"dmabuf total: %" PRIu64 " kB kernel_rss: %" PRIu64
		" kB userspace_rss: %" PRIu64 " kB userspace_pss: %" PRIu64
		" kB\n",
		bytes / KIB, kernel_only / KIB, rss / KIB, pss / KIB);
	return 0;
}
