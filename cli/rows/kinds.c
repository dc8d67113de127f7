// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/kinds.h"

#include "ui/json.h"
#include "util/strbuf.h"

const struct ref_kind ref_kinds[] = {
	{ DMABUF_REF_FD, "descriptors", NULL },
	{ DMABUF_REF_MAP, "mappings", NULL },
	{ DMABUF_REF_MESSAGE, "messages",
	  "in a message in flight in a socket" },
	{ DMABUF_REF_V4L2, "V4L2 queues", "kept by a buffer of a V4L2 device" },
	{ DMABUF_REF_IO_URING, "io_urings", "registered with an io_uring" },
	{ DMABUF_REF_ITERATOR, "iterators", "at a stopped iterator" },
	{ DMABUF_REF_FRAMEBUFFER, "framebuffers",
	  "in a framebuffer of a DRM device" },
	{ DMABUF_REF_GEM_HANDLE, "GEM handles", "a handle of a DRM device" },
	{ DMABUF_REF_GEM_OBJECT, "GEM objects",
	  "kept by a GEM object of a DRM device" },
	{ DMABUF_REF_WAITER, "waits for fences",
	  "kept by a wait for its fences" },
	{},
};

static bool is_searched(const struct view *view, const struct ref_kind *kind)
{
	return dmabuf_snapshot_searched(view->snapshot, kind->type);
}

bool kinds_all_searched(const struct view *view)
{
	const struct ref_kind *kind = ref_kinds;

	while (kind->type && is_searched(view, kind))
		kind++;
	return !kind->type;
}

void kinds_say_searched(struct strbuf *buf, const struct view *view)
{
	const char *comma = "kinds searched: ";
	const struct ref_kind *kind;

	for (kind = ref_kinds; kind->type; kind++) {
		if (!is_searched(view, kind))
			continue;
		strbuf_printf(buf, "%s%s", comma, kind->plural);
		comma = ", ";
	}
	if (comma[0] == 'k')
		strbuf_printf(buf, "%snone in every process", comma);
}

void kinds_put_searched(const struct view *view, struct json *json)
{
	const struct ref_kind *kind;

	json_key(json, "searched");
	if (!dmabuf_snapshot_holders_collector(view->snapshot)) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	for (kind = ref_kinds; kind->type; kind++)
		if (is_searched(view, kind))
			json_text(json, dmabuf_ref_type_name(kind->type));
	json_end_array(json);
}
