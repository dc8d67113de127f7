/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands around the rows of an answer. */
#ifndef CLI_ENVELOPE_H
#define CLI_ENVELOPE_H

#include <dmabuf/dmabuf.h>
#include <stdio.h>

struct json;

/*
 * A sum over the buffers that were asked for; in JSON under "totals". The sum
 * of what is known is a lower limit of one that is not known, or that lacks
 * buffers that could not be seen.
 */
struct total {
	bool known;
	uint64_t number;
	bool is_least;
};

enum total_id {
	TOTAL_BUFFERS,
	TOTAL_BYTES,
	TOTAL_KERNEL_ONLY,
	TOTAL_UNEXPLAINED,
	TOTAL_USERSPACE_RSS,
	TOTAL_USERSPACE_PSS,
	TOTAL_RELEASED,
	TOTAL_RELEASED_BYTES,
	TOTALS,
};

/* Their names, in JSON and for --fail-if. */
extern const char *const totals[TOTALS];

/* What could not be seen beside a snapshot. */
struct note {
	const char *what;
	uint64_t count; /* of what; 0 when that is not known */
	struct dmabuf_error error; /* err 0: there is no such gap */
};

enum { NOTES = 6 };

struct envelope {
	const char *command;
	const char *array; /* name of the rows in JSON */
	const char *kernel;
	const char *collector; /* NULL when no buffers were read */
	const char *holders; /* the same of who holds them */
	const struct dmabuf_snapshot *snapshot; /* for its gaps, or NULL */
	struct note notes[NOTES]; /* other gaps */
	struct total totals[TOTALS]; /* none without a snapshot */
	bool no_sums; /* nobody needs sums over buffers: they are unknown */
	bool lacks_rows; /* there may be rows that could not be seen */
	const char *above, *below; /* lines around a table, or NULL */
	/* Writes members of JSON before the rows, from @data; or NULL */
	void (*put_extra)(const void *data, struct json *json);
	/* Writes all as dmabuf_dump does. CMD_FORMAT needs it. */
	int (*dump)(const void *data, FILE *file);
	const void *data;
};

/* Whether there is no gap. */
bool envelope_is_whole(const struct envelope *envelope);

/* Prints one line on stderr for each gap. */
void envelope_print_gaps(const struct envelope *envelope);

/* Writes the members of an object of JSON that stand before the rows. */
void envelope_put_json(const struct envelope *envelope, struct json *json);

#endif
