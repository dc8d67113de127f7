// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "cli/rows/buffer.h"
#include "cli/rows/released.h"
#include "cli/rows/verdict.h"
#include "cli/rows/via.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/strbuf.h"

/* What keeps a buffer alive, though no process has it open or mapped by that.
 */
static const struct {
	int type;
	const char *text;
} keepers[] = {
	{ DMABUF_REF_MESSAGE, "in a message in flight in a socket" },
	{ DMABUF_REF_V4L2, "kept by a buffer of a V4L2 device" },
	{ DMABUF_REF_IO_URING, "registered with an io_uring" },
	{ DMABUF_REF_ITERATOR, "at a stopped iterator" },
	{ DMABUF_REF_FRAMEBUFFER, "in a framebuffer of a DRM device" },
	{ DMABUF_REF_GEM_HANDLE, "a handle of a DRM device" },
	{ DMABUF_REF_WAITER, "kept by a wait for its fences" },
};

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

static void say_keepers(struct strbuf *buf, const struct view *view,
			const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_ref *ref;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keepers); i++) {
		ref = find_ref(view, buffer, keepers[i].type);
		/* A handle of a process makes the process a holder. */
		if (!ref || (keepers[i].type == DMABUF_REF_GEM_HANDLE &&
			     dmabuf_ref_pid(ref)))
			continue;
		strbuf_printf(buf, "%s%s", buf->n ? "; " : "", keepers[i].text);
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
	strbuf_printf(buf, "; %" PRIu64 " reference%s not found: %s%s",
		      unexplained, unexplained == 1 ? " was" : "s were",
		      view_is_whole(view)
			      ? ""
			      : "of a holder that cannot be seen here, ",
		      attached ? "perhaps of what attached it, or of a kind "
				 "that is not searched"
			       : "of a driver, or of a kind that is not "
				 "searched");
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
	*certain &= say_references(&buf, view, buffer, attached);
	return strbuf_take(&buf);
}
