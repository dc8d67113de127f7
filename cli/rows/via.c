// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/via.h"

#include <inttypes.h>
#include <stdbool.h>

#include "util/array.h"

enum { WAYS_SAID = 8 };

/* The way to a file from another one, or from a process. */
static const struct {
	const char *text;
	bool placed; /* its place tells people something */
} ways[] = {
	[DMABUF_BY_FD] = { "fd", true },
	[DMABUF_BY_MAP] = { "mapping", false },
	[DMABUF_BY_MESSAGE] = { "in a message", false },
	[DMABUF_BY_IO_URING] = { "registered with an io_uring as file", true },
	[DMABUF_BY_CONNECTION] = { "not accepted yet", false },
	[DMABUF_BY_REGISTERED] = { "registered ring", true },
	[DMABUF_BY_KERNEL] = { "of the kernel itself", false },
	[DMABUF_BY_REQUEST] = { "in a request of an io_uring", false },
};

static void say_way(struct strbuf *buf, const struct dmabuf_keeper *keeper)
{
	const size_t by = dmabuf_keeper_by(keeper);

	if (by >= ARRAY_SIZE(ways) || !ways[by].text) {
		strbuf_puts(buf, "?");
		return;
	}
	strbuf_puts(buf, ways[by].text);
	if (ways[by].placed)
		strbuf_printf(buf, " %" PRIu64, dmabuf_keeper_place(keeper));
}

void via_say(struct strbuf *buf, const struct dmabuf_snapshot *snapshot,
	     const struct dmabuf_ref *ref)
{
	const struct dmabuf_keeper *keeper = dmabuf_ref_keeper(snapshot, ref);
	const char *node = keeper ? dmabuf_keeper_node(keeper) : NULL;
	const char *comma = node ? ", " : "";
	int n = 0;

	if (node)
		strbuf_printf(buf, "/dev/%s", node);
	/* Files can be in each other a thousand times. */
	for (; keeper && n < WAYS_SAID; n++) {
		strbuf_puts(buf, comma);
		say_way(buf, keeper);
		comma = ", ";
		keeper = dmabuf_keeper_outer(snapshot, keeper);
	}
	if (keeper)
		strbuf_puts(buf, ", ...");
}
