// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sums over buffers. */
#include <errno.h>

#include "snapshot/ledger.h"
#include "util/u64.h"

/* How many processes hold a buffer. Return: whether that is known. */
static bool knows_holders(const struct dmabuf_snapshot *snapshot,
			  const struct dmabuf_rec_buffer *buffer,
			  const struct ledger *ledger)
{
	return snapshot->source.head.kind && !ledger->ambiguous &&
	       knows_all_holders(snapshot, buffer, ledger);
}

/*
 * Adds what processes hold. A buffer may be known to be held, but not by how
 * many processes.
 */
static void add_held(struct dmabuf_sums *sums, const struct ledger *ledger,
		     bool knows_all, bool knows_size, uint64_t bytes)
{
	const bool is_held = ledger->holders && !ledger->ambiguous;

	sums->lacks_rss |= !knows_all || (is_held && !knows_size);
	if (is_held) {
		sums->lacks_pss |= !knows_size;
		sums->pss = u64_sat_add(sums->pss, bytes);
		if (knows_all)
			sums->rss = u64_sat_add(
				sums->rss, u64_sat_mul(bytes, ledger->holders));
		return;
	}
	sums->lacks_kernel_only |= !knows_all || !knows_size;
	sums->lacks_pss |= !knows_all;
	if (knows_all)
		sums->kernel_only = u64_sat_add(sums->kernel_only, bytes);
}

static void add_unexplained(struct dmabuf_sums *sums,
			    const struct dmabuf_snapshot *snapshot,
			    const struct dmabuf_rec_buffer *buffer,
			    const struct ledger *ledger, bool knows_all)
{
	if (knows_unexplained(snapshot, buffer, ledger)) {
		sums->judged++;
		sums->unexplained = u64_sat_add(
			sums->unexplained, buffer->refs - ledger->explained);
	} else if (!(buffer->have & DMABUF_HAVE_REFS) || !knows_all) {
		sums->lacks_unexplained = true;
	}
}

int dmabuf_buffer_sum(const struct dmabuf_snapshot *snapshot,
		      const struct dmabuf_buffer *buffer,
		      struct dmabuf_sums *sums)
{
	const struct dmabuf_rec_buffer *rec = (const void *)buffer;
	const struct ledger *ledger = snapshot_ledger(snapshot, buffer);
	const bool knows_all = knows_holders(snapshot, rec, ledger),
		   knows_size = rec->have & DMABUF_HAVE_SIZE;
	const uint64_t bytes = knows_size ? rec->bytes : 0;

	if (sums->size < sizeof(*sums))
		return -EINVAL;
	sums->buffers++;
	sums->lacks_bytes |= !knows_size;
	sums->bytes = u64_sat_add(sums->bytes, bytes);
	if (sums->largest < bytes)
		sums->largest = bytes;
	if (!(rec->have & DMABUF_HAVE_ATTACHMENTS))
		sums->lacks_attached = true;
	else
		sums->attached += !!rec->attachments;
	add_held(sums, ledger, knows_all, knows_size, bytes);
	add_unexplained(sums, snapshot, rec, ledger, knows_all);
	return 0;
}
