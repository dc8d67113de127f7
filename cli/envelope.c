// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "cli/envelope.h"
#include "ui/gap.h"
#include "ui/json.h"
#include "ui/message.h"

const char *const totals[TOTALS] = {
	[TOTAL_BUFFERS] = "buffers",
	[TOTAL_BYTES] = "bytes",
	[TOTAL_KERNEL_ONLY] = "kernel_only",
	[TOTAL_UNEXPLAINED] = "unexplained",
	[TOTAL_USERSPACE_RSS] = "userspace_rss",
	[TOTAL_USERSPACE_PSS] = "userspace_pss",
	[TOTAL_RELEASED] = "released",
	[TOTAL_RELEASED_BYTES] = "released_bytes",
};

bool envelope_is_whole(const struct envelope *envelope)
{
	size_t i;

	for (i = 0; i < NOTES; i++)
		if (envelope->notes[i].error.err)
			return false;
	return !envelope->snapshot ||
	       !dmabuf_snapshot_next_gap(envelope->snapshot, NULL);
}

void envelope_print_gaps(const struct envelope *envelope)
{
	const struct dmabuf_gap *gap = NULL;
	const struct note *note;

	for (note = envelope->notes; note < envelope->notes + NOTES; note++)
		if (note->error.err)
			message_gap(note->count, note->what, note->error.text,
				    note->error.hint);
	while (envelope->snapshot &&
	       (gap = dmabuf_snapshot_next_gap(envelope->snapshot, gap)))
		message_gap(dmabuf_gap_count(gap), dmabuf_gap_what(gap),
			    dmabuf_gap_why(gap), "");
}

static void put_gaps(const struct envelope *envelope, struct json *json)
{
	const struct dmabuf_gap *gap = NULL;
	const struct note *note;

	json_begin_array(json);
	for (note = envelope->notes; note < envelope->notes + NOTES; note++)
		if (note->error.err)
			gap_put_json(json, note->what, note->error.text,
				     note->count);
	while (envelope->snapshot &&
	       (gap = dmabuf_snapshot_next_gap(envelope->snapshot, gap)))
		gap_put_json(json, dmabuf_gap_what(gap), dmabuf_gap_why(gap),
			     dmabuf_gap_count(gap));
	json_end_array(json);
}

static void put_totals(const struct envelope *envelope, struct json *json)
{
	const struct total *total;
	size_t i;

	json_begin_object(json);
	for (i = 0; envelope->snapshot && i < TOTALS; i++) {
		total = &envelope->totals[i];
		json_key(json, totals[i]);
		if (total->known)
			json_u64(json, total->number);
		else
			json_null(json);
	}
	json_end_object(json);
}

void envelope_put_json(const struct envelope *envelope, struct json *json)
{
	const char *kernel = envelope->kernel;
	char schema[64];

	snprintf(schema, sizeof(schema), "dmabuf.%s/1", envelope->command);
	json_member_text(json, "schema", schema);
	json_member_text(json, "kernel", kernel[0] ? kernel : NULL);
	json_key(json, "collectors");
	json_begin_object(json);
	json_member_text(json, "buffers", envelope->collector);
	json_member_text(json, "holders", envelope->holders);
	json_end_object(json);
	json_member_bool(json, "complete", envelope_is_whole(envelope));
	json_key(json, "gaps");
	put_gaps(envelope, json);
	json_key(json, "totals");
	put_totals(envelope, json);
	if (envelope->put_extra)
		envelope->put_extra(envelope->data, json);
}
