// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/released.h"

#include <errno.h>
#include <inttypes.h>

#include "cli/rows/processes.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/u64.h"

static int compare_processes(const void *left, const void *right)
{
	const struct process_row *a = left, *b = right;

	return u64_compare(dmabuf_process_pid(a->process),
			   dmabuf_process_pid(b->process));
}

/* Lists the processes that have descriptors of released buffers, each once. */
static int list_processes(const struct view *view, struct vec *processes)
{
	struct process_row row = { .usage.size = sizeof(row.usage) }, *all;
	size_t i, kept = 0;

	for (i = view->buffers.n; i < view_count_all(view); i++) {
		const struct dmabuf_holder *holder = NULL;

		while ((holder = dmabuf_buffer_next_holder(
				view->snapshot, view_any(view, i), holder))) {
			row.process =
				dmabuf_holder_process(view->snapshot, holder);
			(void)dmabuf_process_usage(row.process, &row.usage);
			if (vec_push(processes, &row))
				return -ENOMEM;
		}
	}
	vec_sort(processes, compare_processes);
	all = processes->data;
	for (i = 0; i < processes->n; i++)
		if (!kept || all[kept - 1].process != all[i].process)
			all[kept++] = all[i];
	processes->n = kept;
	vec_sort(processes, processes_compare_released);
	return 0;
}

static void say_process(struct strbuf *buf,
			const struct dmabuf_process *process)
{
	char comm[256];

	locale_printable(dmabuf_process_comm(process) ?: "?", comm);
	strbuf_printf(buf, "%s:%" PRIu32, comm, dmabuf_process_pid(process));
}

/* Says who has the descriptors: the first few, and how many more. */
static void say_processes(struct strbuf *buf, const struct vec *processes)
{
	enum { SHOWN = 3 };
	size_t i;

	for (i = 0; i < processes->n && i < SHOWN; i++) {
		strbuf_puts(buf, i ? ", " : " of ");
		say_process(buf, processes_at(processes, i)->process);
	}
	if (processes->n > SHOWN)
		strbuf_printf(buf, " and %zu more", processes->n - SHOWN);
}

int released_line(const struct view *view, const struct envelope *envelope,
		  bool bytes, char **ret)
{
	const struct total *size = &envelope->totals[TOTAL_RELEASED_BYTES];
	const uint64_t n = envelope->totals[TOTAL_RELEASED].number;
	_cleanup_(vec_fini) struct vec processes = VEC_OF(struct process_row);
	_cleanup_(strbuf_fini) struct strbuf buf = {};
	char text[VIEW_SIZE_TEXT];

	*ret = NULL;
	if (!n)
		return 0;
	if (list_processes(view, &processes))
		return -ENOMEM;
	strbuf_printf(&buf,
		      "%" PRIu64 " released buffer%s, %s, kept by O_PATH "
		      "descriptors",
		      n, n == 1 ? "" : "s", view_bytes_text(size, bytes, text));
	say_processes(&buf, &processes);
	*ret = strbuf_take(&buf);
	return *ret ? 0 : -ENOMEM;
}

/* The first process with a descriptor, and how many descriptors there are. */
static const struct dmabuf_process *count_paths(
	const struct view *view, const struct dmabuf_buffer *buffer,
	uint64_t *paths)
{
	const struct dmabuf_process *first = NULL;
	const struct dmabuf_holder *holder = NULL;

	*paths = 0;
	while ((holder = dmabuf_buffer_next_holder(view->snapshot, buffer,
						   holder))) {
		first = first ?: dmabuf_holder_process(view->snapshot, holder);
		*paths += dmabuf_holder_fds(holder);
	}
	return first;
}

void released_say(struct strbuf *buf, const struct view *view,
		  const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_process *first;
	uint64_t paths, processes;

	first = count_paths(view, buffer, &paths);
	processes = view_count_holders(view, buffer);
	strbuf_puts(buf, "released, its memory kept by ");
	if (paths == 1)
		strbuf_puts(buf, "an O_PATH descriptor");
	else if (paths)
		strbuf_printf(buf, "%" PRIu64 " O_PATH descriptors", paths);
	else
		strbuf_puts(buf, "a file opened with O_PATH");
	if (first)
		strbuf_printf(buf, " of %s:%" PRIu32,
			      dmabuf_process_comm(first) ?: "?",
			      dmabuf_process_pid(first));
	if (processes > 1)
		strbuf_printf(buf, " and %" PRIu64 " other process%s",
			      processes - 1, processes == 2 ? "" : "es");
}
