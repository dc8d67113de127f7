// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rows/birth.h"

#include <dmabuf/track.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ui/utf8.h"
#include "util/cleanup.h"

static const struct dmabuf_birth *birth_of(const struct cell *cell)
{
	const struct view *view = cell->of;

	return dmabuf_buffer_birth(view->snapshot, cell->row);
}

void birth_get_age(const struct cell *cell, struct value *value)
{
	const struct dmabuf_birth *birth = birth_of(cell);

	if (birth)
		value_set_number(value, dmabuf_birth_age_ns(birth));
}

/* As a holder is shown: name and process ID. */
void birth_get_by(const struct cell *cell, struct value *value)
{
	const struct dmabuf_birth *birth = birth_of(cell);
	struct strbuf buf = {};
	uint32_t pid;

	if (!birth)
		return;
	birth_say_maker(&buf, birth);
	if (dmabuf_birth_pid(birth, &pid))
		strbuf_puts(&buf, ":?");
	value_take_text(value, strbuf_take(&buf));
}

void birth_get_uid(const struct cell *cell, struct value *value)
{
	const struct dmabuf_birth *birth = birth_of(cell);

	if (birth)
		value_set_number(value, dmabuf_birth_uid(birth));
}

void birth_get_cgroup(const struct cell *cell, struct value *value)
{
	const struct view *view = cell->of;
	const struct dmabuf_birth *birth = birth_of(cell);

	if (birth)
		value_set_text(value,
			       dmabuf_birth_cgroup(view->snapshot, birth));
}

/* Return: 0 or -ENOMEM. */
static int say_cgroup(struct strbuf *buf, const char *cgroup)
{
	_cleanup_free_ char *safe = NULL;

	if (!cgroup)
		return 0;
	safe = malloc(4 * strlen(cgroup) + 1);
	if (!safe)
		return -ENOMEM;
	locale_printable(cgroup, safe);
	strbuf_printf(buf, ", in %s", safe);
	return 0;
}

void birth_say_maker(struct strbuf *buf, const struct dmabuf_birth *birth)
{
	uint32_t pid;

	strbuf_puts(buf, dmabuf_birth_comm(birth));
	if (!dmabuf_birth_pid(birth, &pid))
		strbuf_printf(buf, ":%" PRIu32, pid);
}

static void say_others(struct strbuf *buf, const char *pattern)
{
	char safe[4 * DMABUF_TRACK_GLOB_LEN + 1];

	locale_printable(pattern, safe);
	strbuf_printf(buf,
		      "\nwho made it is not noted: births are only noted of "
		      "exporter %s",
		      safe);
}

/* Says why nothing is known of a buffer that has no birth, if that is known. */
static void say_not_noted(struct strbuf *buf, const struct view *view,
			  const struct dmabuf_buffer *buffer)
{
	const char *pattern = dmabuf_snapshot_births_exporter(view->snapshot);
	char age[DURATION_TEXT];
	uint64_t since, lost;

	if (dmabuf_snapshot_births(view->snapshot, &since, &lost))
		return;
	if (pattern && !dmabuf_buffer_birth_is_noted(view->snapshot, buffer)) {
		say_others(buf, pattern);
		return;
	}
	human_duration(since, age);
	strbuf_printf(
		buf,
		lost ? "\nwho made it is not known: its birth is lost, or "
		       "it was made before tracking began, %s ago"
		     : "\nmade before tracking began, %s ago: who made it "
		       "is not known",
		age);
}

/* "made 3h12m ago by camera-hal:812 of uid 1000, in /system.slice/camera" */
int birth_say(struct strbuf *buf, const struct view *view,
	      const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_birth *birth =
		dmabuf_buffer_birth(view->snapshot, buffer);
	char age[DURATION_TEXT], comm[4 * 16 + 1];
	uint32_t pid;

	if (!birth) {
		say_not_noted(buf, view, buffer);
		return 0;
	}
	human_duration(dmabuf_birth_age_ns(birth), age);
	locale_printable(dmabuf_birth_comm(birth), comm);
	strbuf_printf(buf, "\nmade %s ago by %s", age, comm);
	if (!dmabuf_birth_pid(birth, &pid))
		strbuf_printf(buf, ":%" PRIu32, pid);
	strbuf_printf(buf, " of uid %" PRIu32, dmabuf_birth_uid(birth));
	if (say_cgroup(buf, dmabuf_birth_cgroup(view->snapshot, birth)))
		return -ENOMEM;
	stack_say(buf, view->snapshot, birth);
	return 0;
}
