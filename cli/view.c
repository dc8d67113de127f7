// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/view.h"
#include "ui/quantity.h"
#include "util/array.h"
#include "util/u64.h"

void view_fini(struct view *view)
{
	vec_fini(&view->buffers);
	vec_fini(&view->released);
	dmabuf_snapshot_free(view->snapshot);
	view->snapshot = NULL;
}

/*
 * Says that births are not known when buffers are picked by them. Return: 0, or
 * STATUS_FAILED after that message.
 */
static int check_births(const struct cmd_env *env,
			const struct dmabuf_snapshot *snapshot)
{
	const struct options *options = &env->options;
	const char *wanted = options->older_than ? "--older-than"
			     : options->born_by	 ? "--born-by"
						 : NULL;
	uint64_t since, lost;

	if (!wanted || !dmabuf_snapshot_births(snapshot, &since, &lost))
		return 0;
	return cmd_failed_at(wanted,
			     "nothing notes who makes buffers, or only "
			     "others may read it",
			     "dmabuf track on; it knows those made later");
}

bool view_is_filtered(const struct cmd_env *env)
{
	return filter_is_set(&env->options);
}

int view_take(struct cmd_env *env, struct view *view)
{
	const bool all = !view_is_filtered(env);
	struct filter *filter = &view->filter;
	const struct dmabuf_buffer *buffer = NULL, **buffers;
	int r;

	view->snapshot = cmd_snapshot(env);
	if (!view->snapshot || check_births(env, view->snapshot))
		return STATUS_FAILED;
	filter->options = &env->options;
	filter->snapshot = view->snapshot;
	r = vec_reserve(&view->buffers, dmabuf_snapshot_count(view->snapshot));
	buffers = view->buffers.data;
	while (!r && (buffer = dmabuf_snapshot_next(view->snapshot, buffer)))
		if (all || filter_takes(filter, buffer))
			buffers[view->buffers.n++] = buffer;
	buffer = NULL;
	while (!r &&
	       (buffer = dmabuf_snapshot_next_released(view->snapshot, buffer)))
		if (all || filter_takes(filter, buffer))
			r = vec_push(&view->released, &buffer);
	return r ? cmd_no_memory() : 0;
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
	const struct dmabuf_gap *gap = NULL;

	/* That sums are too high does not mean that anything was not seen. */
	while ((gap = dmabuf_snapshot_next_gap(view->snapshot, gap)))
		if (strcmp(dmabuf_gap_what(gap),
			   "buffers with repeated memory"))
			return false;
	return true;
}

bool view_lacks_tracked(const struct view *view)
{
	const struct dmabuf_gap *gap = NULL;

	while ((gap = dmabuf_snapshot_next_gap(view->snapshot, gap)))
		if (!strcmp(dmabuf_gap_what(gap), "buffers"))
			return true;
	return filter_count_unknown(&view->filter) >
	       view->filter.counts[FILTER_EARLIER];
}

bool view_lacks_buffers(const struct view *view)
{
	return view_lacks_tracked(view) || view->filter.counts[FILTER_EARLIER];
}

const struct dmabuf_buffer *view_buffer(const struct view *view, size_t i)
{
	return *(const struct dmabuf_buffer **)vec_at(&view->buffers, i);
}

size_t view_count_all(const struct view *view)
{
	return view->buffers.n + view->released.n;
}

const struct dmabuf_buffer *view_any(const struct view *view, size_t i)
{
	const size_t n = view->buffers.n;

	if (i < n)
		return view_buffer(view, i);
	return *(const struct dmabuf_buffer **)vec_at(&view->released, i - n);
}

bool view_lacks_holders(const struct view *view)
{
	uint64_t processes;
	size_t i;

	if (!dmabuf_snapshot_holders_collector(view->snapshot))
		return true;
	for (i = 0; i < view->buffers.n; i++)
		if (dmabuf_buffer_processes(view->snapshot,
					    view_buffer(view, i), &processes))
			return true;
	return false;
}

const char *view_cannot_tell(const struct view *view)
{
	if (!dmabuf_snapshot_holders_collector(view->snapshot))
		return "cannot tell: holders are not known";
	return view_lacks_holders(view)
		       ? "cannot tell: not all holders are known"
		       : NULL;
}

/* Sums of released buffers are their own: no other sum has these buffers. */
static void sum_up_released(const struct view *view, struct total *sums)
{
	const bool known =
		dmabuf_snapshot_searched(view->snapshot, DMABUF_REF_PATH);
	bool knows_size;
	uint64_t bytes;
	size_t i;

	sums[TOTAL_RELEASED].known = known;
	sums[TOTAL_RELEASED].number = view->released.n;
	sums[TOTAL_RELEASED_BYTES].known = known;
	for (i = view->buffers.n; i < view_count_all(view); i++) {
		bytes = 0;
		knows_size = !dmabuf_buffer_size(view_any(view, i), &bytes);
		sums[TOTAL_RELEASED_BYTES].known &= knows_size;
		sums[TOTAL_RELEASED_BYTES].number =
			u64_sat_add(sums[TOTAL_RELEASED_BYTES].number, bytes);
	}
}

static void set_totals(struct total *ret, const struct dmabuf_sums *sums)
{
	const struct {
		enum total_id id;
		uint64_t number;
		bool lacks;
	} all[] = {
		{ TOTAL_BYTES, sums->bytes, sums->lacks_bytes },
		{ TOTAL_KERNEL_ONLY, sums->kernel_only,
		  sums->lacks_kernel_only },
		{ TOTAL_USERSPACE_RSS, sums->rss, sums->lacks_rss },
		{ TOTAL_USERSPACE_PSS, sums->pss, sums->lacks_pss },
		{ TOTAL_UNEXPLAINED, sums->unexplained,
		  sums->lacks_unexplained || (sums->buffers && !sums->judged) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		ret[all[i].id].known = !all[i].lacks;
		ret[all[i].id].number = all[i].number;
	}
}

struct dmabuf_sums view_sums(const struct view *view)
{
	struct dmabuf_sums sums = { .size = sizeof(sums) };
	size_t i;

	for (i = 0; i < view->buffers.n; i++)
		(void)dmabuf_buffer_sum(view->snapshot, view_buffer(view, i),
					&sums);
	return sums;
}

char *view_bytes_text(const struct total *total, bool bytes,
		      char text[VIEW_SIZE_TEXT])
{
	char number[NUMBER_TEXT];

	if (bytes)
		snprintf(number, sizeof(number), "%" PRIu64, total->number);
	else
		human_bytes(total->number, number);
	snprintf(text, VIEW_SIZE_TEXT, "%s%s",
		 total->known && !total->is_least ? "" : "at least ", number);
	return text;
}

char *view_size_text(const struct envelope *envelope, bool bytes,
		     char text[VIEW_SIZE_TEXT])
{
	const uint64_t n = envelope->totals[TOTAL_BUFFERS].number;
	const struct total *size = &envelope->totals[TOTAL_BYTES];
	char size_text[VIEW_SIZE_TEXT];

	snprintf(text, VIEW_SIZE_TEXT, "%s%" PRIu64 " dma-buf%s, %.40s",
		 size->is_least ? "at least " : "", n, n == 1 ? "" : "s",
		 view_bytes_text(size, bytes, size_text));
	return text;
}

void view_envelope(const struct view *view, struct envelope *envelope)
{
	struct dmabuf_sums sums = {};

	if (!envelope->no_sums)
		sums = view_sums(view);
	view_envelope_of(view, &sums, envelope);
}

void view_envelope_of(const struct view *view, const struct dmabuf_sums *all,
		      struct envelope *envelope)
{
	const struct dmabuf_snapshot *snapshot = view->snapshot;
	struct total *sums = envelope->totals;
	enum total_id id;

	envelope->snapshot = snapshot;
	envelope->kernel = dmabuf_snapshot_kernel(snapshot);
	envelope->collector = dmabuf_snapshot_collector(snapshot);
	envelope->holders = dmabuf_snapshot_holders_collector(snapshot);
	envelope->lacks_rows = view_lacks_buffers(view);
	filter_note(&view->filter, envelope);
	for (id = 0; id < TOTALS; id++)
		sums[id] = (struct total){
			.known = !envelope->no_sums,
			.is_least = envelope->lacks_rows,
		};
	sums[TOTAL_BUFFERS].known = true;
	sums[TOTAL_BUFFERS].number = view->buffers.n;
	if (!envelope->no_sums)
		set_totals(sums, all);
	sum_up_released(view, sums);
	/* A buffer that is missing may be one that only the kernel holds. */
	sums[TOTAL_KERNEL_ONLY].known &= !envelope->lacks_rows;
	sums[TOTAL_UNEXPLAINED].known &= !envelope->lacks_rows;
}

uint64_t view_count_holders(const struct view *view,
			    const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	uint64_t n = 0;

	while ((holder = dmabuf_buffer_next_holder(view->snapshot, buffer,
						   holder)))
		n++;
	return n;
}
