// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sums over buffers. */
#include <errno.h>

#include "core/context.h"
#include "snapshot/ledger.h"
#include "util/u64.h"

/* Whether it is known how many processes hold a buffer. */
static bool knows_holders(const struct dmabuf_snapshot *snapshot,
			  const struct buffer *buffer,
			  const struct ledger *ledger)
{
	return snapshot->source.head.kind && !ledger->ambiguous &&
	       knows_all_holders(snapshot, buffer, ledger);
}

/* A buffer that processes hold, of which it may not be known how many. */
static void add_held(struct dmabuf_sums *sums, uint64_t holders, bool knows_all,
		     bool knows_size, uint64_t bytes)
{
	sums->pss = u64_sat_add(sums->pss, bytes);
	if (knows_all)
		sums->rss = u64_sat_add(sums->rss, u64_sat_mul(bytes, holders));
	if (knows_all && knows_size)
		return;
	sums->lacks_rss = true;
	if (!knows_size)
		sums->lacks_pss = true;
}

/* A buffer that no process is known to hold. */
static void add_kernel_only(struct dmabuf_sums *sums, bool knows_all,
			    bool knows_size, uint64_t bytes)
{
	if (knows_all)
		sums->kernel_only = u64_sat_add(sums->kernel_only, bytes);
	else
		sums->lacks_rss = sums->lacks_pss = true;
	if (!knows_all || !knows_size)
		sums->lacks_kernel_only = true;
}

static void add_unexplained(struct dmabuf_sums *sums,
			    const struct dmabuf_snapshot *snapshot,
			    const struct buffer *buffer,
			    const struct ledger *ledger, bool knows_all)
{
	if (knows_unexplained(snapshot, buffer, ledger)) {
		sums->judged++;
		if (buffer->refs != ledger->explained)
			sums->unexplained =
				u64_sat_add(sums->unexplained,
					    buffer->refs - ledger->explained);
	} else if (!(buffer->have & DMABUF_HAVE_REFS) || !knows_all) {
		sums->lacks_unexplained = true;
	}
}

static void add_buffer(struct dmabuf_sums *sums,
		       const struct dmabuf_snapshot *snapshot,
		       const struct dmabuf_buffer *buffer)
{
	const struct buffer *rec = (const void *)buffer;
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);
	const bool knows_all = knows_holders(snapshot, rec, ledger),
		   knows_size = rec->have & DMABUF_HAVE_SIZE;
	const uint64_t bytes = knows_size ? rec->bytes : 0;

	sums->buffers++;
	if (!knows_size)
		sums->lacks_bytes = true;
	sums->bytes = u64_sat_add(sums->bytes, bytes);
	if (sums->largest < bytes)
		sums->largest = bytes;
	if (!(rec->have & DMABUF_HAVE_ATTACHMENTS))
		sums->lacks_attached = true;
	else if (rec->attachments)
		sums->attached++;
	if (ledger->holders && !ledger->ambiguous)
		add_held(sums, ledger->holders, knows_all, knows_size, bytes);
	else
		add_kernel_only(sums, knows_all, knows_size, bytes);
	add_unexplained(sums, snapshot, rec, ledger, knows_all);
}

int dmabuf_buffer_sum(const struct dmabuf_snapshot *snapshot,
		      const struct dmabuf_buffer *buffer,
		      struct dmabuf_sums *sums)
{
	struct dmabuf_sums known;

	/* Only a caller of another version needs a copy. */
	if (sums->size == sizeof(known)) {
		add_buffer(sums, snapshot, buffer);
		return 0;
	}
	if (opts_copy(&known, sizeof(known), sums))
		return -EINVAL;
	add_buffer(&known, snapshot, buffer);
	return result_copy(sums, sizeof(known), &known);
}

static void add_sums(struct dmabuf_sums *to, const struct dmabuf_sums *from)
{
	to->buffers += from->buffers;
	to->bytes = u64_sat_add(to->bytes, from->bytes);
	if (to->largest < from->largest)
		to->largest = from->largest;
	to->attached += from->attached;
	to->kernel_only = u64_sat_add(to->kernel_only, from->kernel_only);
	to->rss = u64_sat_add(to->rss, from->rss);
	to->pss = u64_sat_add(to->pss, from->pss);
	to->unexplained = u64_sat_add(to->unexplained, from->unexplained);
	to->judged += from->judged;
	to->lacks_bytes |= from->lacks_bytes;
	to->lacks_attached |= from->lacks_attached;
	to->lacks_kernel_only |= from->lacks_kernel_only;
	to->lacks_rss |= from->lacks_rss;
	to->lacks_pss |= from->lacks_pss;
	to->lacks_unexplained |= from->lacks_unexplained;
}

int dmabuf_sums_add(struct dmabuf_sums *sums, const struct dmabuf_sums *more)
{
	struct dmabuf_sums known, other;

	if (opts_copy(&known, sizeof(known), sums) ||
	    opts_copy(&other, sizeof(other), more))
		return -EINVAL;
	add_sums(&known, &other);
	return result_copy(sums, sizeof(known), &known);
}
