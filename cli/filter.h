/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which buffers --exporter, --name, --older-than and --born-by leave. Some may
 * match, but that is not known: they are left out, counted and told.
 */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include "cli/cmd.h"

/* What is known of one buffer. */
enum filter_verdict {
	FILTER_NO,
	FILTER_YES,
	/* It may match; but what is not known? */
	FILTER_EXPORTER,
	FILTER_NAME,
	FILTER_EARLIER, /* births are noted since it was made */
	FILTER_LOST, /* or its birth may be lost */
	FILTER_OTHERS, /* births of its exporter are not noted */
	FILTER_PID, /* the process that made it has no ID here */
	FILTER_VERDICTS,
};

struct filter {
	const struct options *options;
	const struct dmabuf_snapshot *snapshot;
	size_t counts[FILTER_VERDICTS]; /* buffers */
};

/* Whether options leave some buffers only. */
bool filter_is_set(const struct options *options);

/* Counts a buffer under its verdict. Return: whether it is left. */
bool filter_takes(struct filter *filter, const struct dmabuf_buffer *buffer);

/* Return: how many buffers may match. */
size_t filter_count_unknown(const struct filter *filter);

/* Fills notes of the envelope, one for each reason that some have. */
void filter_note(const struct filter *filter, struct envelope *envelope);

#endif
