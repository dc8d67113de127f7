// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "cli/rows/buffer.h"
#include "cli/rows/kinds.h"
#include "cli/rows/released.h"
#include "cli/rows/verdict.h"
#include "cli/rows/via.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* The first process that has a reference of a type, or NULL. */
static const struct dmabuf_ref *find_ref(const struct view *view,
					 const struct dmabuf_buffer *buffer,
					 int type)
{
	const struct dmabuf_ref *ref = NULL;

	while ((ref = dmabuf_buffer_next_ref(view->snapshot, buffer, ref)))
		if (dmabuf_ref_type(ref) == type)
			return ref;
	return NULL;
}

/* Says where the file that has the reference is: its device, its process. */
static void say_file(struct strbuf *buf, const struct view *view,
		     const struct dmabuf_ref *ref)
{
	const struct dmabuf_keeper *keeper =
		dmabuf_ref_keeper(view->snapshot, ref);
	const struct dmabuf_process *process = dmabuf_snapshot_find_process(
		view->snapshot, dmabuf_ref_pid(ref));

	if (keeper) {
		strbuf_puts(buf, ", ");
		via_say(buf, view->snapshot, ref);
	}
	if (process)
		strbuf_printf(buf, " of %s:%" PRIu32,
			      dmabuf_process_comm(process) ?: "?",
			      dmabuf_process_pid(process));
	else if (keeper && dmabuf_keeper_pid(keeper))
		strbuf_printf(buf, " of %s:%" PRIu32,
			      dmabuf_keeper_comm(keeper) ?: "?",
			      dmabuf_keeper_pid(keeper));
}

/* Whether a reference makes a process a holder, as no others of its type may.
 */
static bool is_of_holder(const struct dmabuf_ref *ref)
{
	const int type = dmabuf_ref_type(ref);

	return dmabuf_ref_pid(ref) &&
	       (type == DMABUF_REF_GEM_HANDLE || type == DMABUF_REF_GEM_OBJECT);
}

static void say_keepers(struct strbuf *buf, const struct view *view,
			const struct dmabuf_buffer *buffer)
{
	const struct ref_kind *kind;
	const struct dmabuf_ref *ref;

	for (kind = ref_kinds; kind->type; kind++) {
		ref = kind->kept ? find_ref(view, buffer, kind->type) : NULL;
		if (!ref || is_of_holder(ref))
			continue;
		strbuf_printf(buf, "%s%s", buf->n ? "; " : "", kind->kept);
		say_file(buf, view, ref);
	}
}

static bool say_processes(struct strbuf *buf, const struct view *view,
			  const struct dmabuf_buffer *buffer)
{
	bool known, kernel_only = true;
	uint64_t processes;

	known = !dmabuf_buffer_processes(view->snapshot, buffer, &processes);
	(void)dmabuf_buffer_kernel_only(view->snapshot, buffer, &kernel_only);
	strbuf_puts(buf, buf->n ? "; " : "");
	if (!known)
		strbuf_puts(buf, kernel_only ? "whether a process holds it "
					       "cannot be told"
					     : "at least 1 process holds it");
	else if (!processes)
		strbuf_puts(buf, "no process has it open or mapped");
	else
		strbuf_printf(buf, "%" PRIu64 " process%s hold%s it", processes,
			      processes == 1 ? "" : "es",
			      processes == 1 ? "s" : "");
	return known;
}

/*
 * Says what a reference that was not found can be. When all that processes lead
 * to was searched, and no device is attached, then no file, mapping or request
 * leads to it: a driver has it for a reason, or has forgotten it.
 */
static const char *guess(const struct view *view, bool attached)
{
	if (attached)
		return ", perhaps of what attached it";
	if (!view_is_whole(view))
		return ", perhaps of a holder that cannot be seen here";
	return kinds_all_searched(view) ? ": of a driver, or leaked" : "";
}

static bool say_references(struct strbuf *buf, const struct view *view,
			   const struct dmabuf_buffer *buffer, bool attached)
{
	uint64_t unexplained;

	if (dmabuf_buffer_unexplained(view->snapshot, buffer, &unexplained)) {
		strbuf_puts(buf, "; its references could not be compared");
		return false;
	}
	if (!unexplained)
		return true;
	strbuf_printf(buf, "; %" PRIu64 " reference%s not found%s", unexplained,
		      unexplained == 1 ? "" : "s", guess(view, attached));
	return false;
}

/* Others may keep its memory too when not all of them are known. */
static bool say_released(struct strbuf *buf, const struct view *view,
			 const struct dmabuf_buffer *buffer)
{
	uint64_t processes;

	released_say(buf, view, buffer);
	say_keepers(buf, view, buffer);
	if (!dmabuf_buffer_processes(view->snapshot, buffer, &processes))
		return true;
	strbuf_puts(buf, "; whether other processes keep it cannot be told");
	return false;
}

char *verdict_make(const struct view *view, const struct dmabuf_buffer *buffer,
		   bool *certain)
{
	_cleanup_free_ char *devices = NULL;
	struct strbuf buf = {};
	bool attached;

	if (dmabuf_buffer_released(buffer)) {
		*certain = say_released(&buf, view, buffer);
		return strbuf_take(&buf);
	}
	if (buffer_devices(view, buffer, &devices))
		return NULL;
	attached = devices && devices[0];
	if (attached)
		strbuf_printf(&buf, "attached by %s", devices);
	say_keepers(&buf, view, buffer);
	*certain = say_processes(&buf, view, buffer);
	/* A device that is not known may be attached. */
	*certain &= say_references(&buf, view, buffer, attached || !devices);
	return strbuf_take(&buf);
}
