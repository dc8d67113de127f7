// SPDX-License-Identifier: GPL-2.0-or-later
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/view.h"
#include "util/u64.h"

void view_fini(struct view *view)
{
	vec_fini(&view->buffers);
	dmabuf_snapshot_free(view->snapshot);
	view->snapshot = NULL;
}

static bool matches(const char *pattern, const char *text)
{
	return !pattern || (text && !fnmatch(pattern, text, 0));
}

int view_take(struct cmd_env *env, struct view *view)
{
	const struct dmabuf_buffer *buffer = NULL;

	view->snapshot = cmd_snapshot(env);
	if (!view->snapshot)
		return STATUS_FAILED;
	if (vec_reserve(&view->buffers, dmabuf_snapshot_count(view->snapshot)))
		return cmd_no_memory();
	while ((buffer = dmabuf_snapshot_next(view->snapshot, buffer)))
		if (matches(env->options.exporter,
			    dmabuf_buffer_exporter(buffer)) &&
		    matches(env->options.name, dmabuf_buffer_name(buffer)) &&
		    vec_push(&view->buffers, &buffer))
			return cmd_no_memory();
	return 0;
}

int view_take_held(struct cmd_env *env, struct view *view)
{
	const struct dmabuf_gap *gap = NULL;
	int status = view_take(env, view);

	if (status || dmabuf_snapshot_holders_collector(view->snapshot))
		return status;
	while ((gap = dmabuf_snapshot_next_gap(view->snapshot, gap)))
		if (!strcmp(dmabuf_gap_what(gap), "holders"))
			return 0;
	return cmd_failed_at(env->options.input ?: "holders",
			     "saved without the processes that hold buffers",
			     "save it again");
}

bool view_is_whole(const struct view *view)
{
	return !dmabuf_snapshot_next_gap(view->snapshot, NULL);
}

/* Whether there may be buffers that the snapshot does not have. */
static bool lacks_buffers(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_gap *gap = NULL;

	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap)))
		if (!strcmp(dmabuf_gap_what(gap), "buffers"))
			return true;
	return false;
}

const struct dmabuf_buffer *view_buffer(const struct view *view, size_t i)
{
	return *(const struct dmabuf_buffer **)vec_at(&view->buffers, i);
}

/*
 * Sums over buffers, without the values that are not known. A sum is known if
 * all its values are; that of unexplained references, if one is: references
 * that changed while they were counted are unknown.
 */
struct sums {
	uint64_t bytes, kernel_only, unexplained, rss, pss;
	bool knows_sizes, knows_holders, knows_references;
};

static void add_buffer(struct sums *sums,
		       const struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_buffer *buffer)
{
	uint64_t bytes = 0, processes, unexplained;

	if (dmabuf_buffer_size(buffer, &bytes))
		sums->knows_sizes = false;
	sums->bytes = u64_sat_add(sums->bytes, bytes);
	if (!dmabuf_buffer_unexplained(snapshot, buffer, &unexplained)) {
		sums->unexplained = u64_sat_add(sums->unexplained, unexplained);
		sums->knows_references = true;
	}
	if (dmabuf_buffer_processes(snapshot, buffer, &processes)) {
		sums->knows_holders = false;
		return;
	}
	if (!processes)
		sums->kernel_only = u64_sat_add(sums->kernel_only, bytes);
	else
		sums->pss = u64_sat_add(sums->pss, bytes);
	sums->rss = u64_sat_add(sums->rss, u64_sat_mul(bytes, processes));
}

char *view_size_text(const struct envelope *envelope, bool bytes,
		     char text[VIEW_SIZE_TEXT])
{
	const uint64_t n = envelope->totals[TOTAL_BUFFERS].number;
	const struct total *size = &envelope->totals[TOTAL_BYTES];
	char size_text[NUMBER_TEXT];

	if (bytes)
		snprintf(size_text, sizeof(size_text), "%" PRIu64,
			 size->number);
	else
		human_bytes(size->number, size_text);
	snprintf(text, VIEW_SIZE_TEXT, "%" PRIu64 " dma-buf%s, %s%s", n,
		 n == 1 ? "" : "s", size->known ? "" : "at least ", size_text);
	return text;
}

void view_envelope(const struct view *view, struct envelope *envelope)
{
	const struct dmabuf_snapshot *snapshot = view->snapshot;
	const char *holders = dmabuf_snapshot_holders_collector(snapshot);
	struct sums sums = { .knows_sizes = true, .knows_holders = holders };
	bool knows_kernel;
	size_t i;

	for (i = 0; i < view->buffers.n; i++)
		add_buffer(&sums, snapshot, view_buffer(view, i));
	sums.knows_references |= holders && !view->buffers.n;
	sums.knows_holders &= sums.knows_sizes;
	/* A buffer that is missing may be one that only the kernel holds. */
	knows_kernel = !lacks_buffers(snapshot);

	envelope->snapshot = snapshot;
	envelope->kernel = dmabuf_snapshot_kernel(snapshot);
	envelope->collector = dmabuf_snapshot_collector(snapshot);
	envelope->holders = holders;
	const struct total sum[TOTALS] = {
		[TOTAL_BUFFERS] = { true, view->buffers.n },
		[TOTAL_BYTES] = { sums.knows_sizes, sums.bytes },
		[TOTAL_KERNEL_ONLY] = { sums.knows_holders && knows_kernel,
					sums.kernel_only },
		[TOTAL_UNEXPLAINED] = { sums.knows_references && knows_kernel,
					sums.unexplained },
		[TOTAL_USERSPACE_RSS] = { sums.knows_holders, sums.rss },
		[TOTAL_USERSPACE_PSS] = { sums.knows_holders, sums.pss },
	};
	memcpy(envelope->totals, sum, sizeof(sum));
}
