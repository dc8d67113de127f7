// SPDX-License-Identifier: LGPL-2.1-or-later
/* The table of collectors. */
#include <errno.h>
#include <string.h>

#include "collect/collector.h"
#include "collect/registry.h"
#include "util/array.h"

#define ROW(name) &collector_##name,

static const struct dmabuf_collector *const collectors[] = { COLLECTORS(ROW) };

const struct dmabuf_collector *dmabuf_collector_next(
	const struct dmabuf_collector *prev)
{
	size_t i;

	if (!prev)
		return collectors[0];
	for (i = 0; i + 1 < ARRAY_SIZE(collectors); i++)
		if (collectors[i] == prev)
			return collectors[i + 1];
	return NULL;
}

const struct dmabuf_collector *collector_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(collectors); i++)
		if (!strcmp(collectors[i]->name, name))
			return collectors[i];
	return NULL;
}

int collector_read_opts(struct dmabuf_ctx *ctx,
			const struct dmabuf_snapshot_opts *opts,
			struct dmabuf_snapshot_opts *known,
			const struct dmabuf_collector **forced)
{
	const struct dmabuf_collector *collector = NULL;

	if (opts_copy(known, sizeof(*known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");
	if (known->collector) {
		collector = collector_find(known->collector);
		if (!collector)
			return error_set(&ctx->error, -EINVAL,
					 "no collector is called '%s'",
					 known->collector);
	}
	*forced = collector;
	return 0;
}

const char *dmabuf_collector_name(const struct dmabuf_collector *collector)
{
	return collector->name;
}

uint32_t dmabuf_collector_gives(const struct dmabuf_collector *collector)
{
	return collector->gives;
}

const char *dmabuf_collector_misses(const struct dmabuf_collector *collector)
{
	return collector->misses;
}
