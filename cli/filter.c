// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/filter.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ui/quantity.h"
#include "util/glob.h"

bool filter_is_set(const struct options *options)
{
	return options->exporter || options->name || options->older_than ||
	       options->born_by;
}

/* What does not match one option does not match, whatever is not known. */
static enum filter_verdict both(enum filter_verdict a, enum filter_verdict b)
{
	if (a == FILTER_NO || b == FILTER_NO)
		return FILTER_NO;
	return a == FILTER_YES ? b : a;
}

static enum filter_verdict verdict_of(bool matches)
{
	return matches ? FILTER_YES : FILTER_NO;
}

/* @pattern, @who: NULL when the option was not given. */
static enum filter_verdict match_text(const char *pattern, const char *text,
				      enum filter_verdict unknown)
{
	if (!pattern)
		return FILTER_YES;
	return text ? verdict_of(glob_matches(pattern, text)) : unknown;
}

/* @who: a process ID, or a process's name. */
static enum filter_verdict match_maker(const struct dmabuf_birth *birth,
				       const char *who)
{
	uint64_t wanted;
	uint32_t pid;

	if (!who || !strcmp(dmabuf_birth_comm(birth), who))
		return FILTER_YES;
	if (number_parse(who, &wanted))
		return FILTER_NO;
	if (dmabuf_birth_pid(birth, &pid))
		return FILTER_PID;
	return verdict_of(pid == wanted);
}

/*
 * Judges a buffer that has no birth. One that was certainly made before births
 * were noted is older than that.
 */
static enum filter_verdict judge_without(const struct filter *filter,
					 const struct dmabuf_buffer *buffer)
{
	const struct options *options = filter->options;
	uint64_t since = 0, lost = 0;

	(void)dmabuf_snapshot_births(filter->snapshot, &since, &lost);
	if (!dmabuf_buffer_birth_is_noted(filter->snapshot, buffer))
		return FILTER_OTHERS;
	if (lost)
		return FILTER_LOST;
	return options->born_by || since < options->least_age ? FILTER_EARLIER
							      : FILTER_YES;
}

static enum filter_verdict judge_birth(const struct filter *filter,
				       const struct dmabuf_buffer *buffer)
{
	const struct options *options = filter->options;
	const struct dmabuf_birth *birth;

	if (!options->older_than && !options->born_by)
		return FILTER_YES;
	birth = dmabuf_buffer_birth(filter->snapshot, buffer);
	if (!birth)
		return judge_without(filter, buffer);
	if (options->older_than &&
	    dmabuf_birth_age_ns(birth) <= options->least_age)
		return FILTER_NO;
	return match_maker(birth, options->born_by);
}

bool filter_takes(struct filter *filter, const struct dmabuf_buffer *buffer)
{
	const struct options *options = filter->options;
	enum filter_verdict verdict;

	verdict = both(match_text(options->exporter,
				  dmabuf_buffer_exporter(buffer),
				  FILTER_EXPORTER),
		       match_text(options->name, dmabuf_buffer_name(buffer),
				  FILTER_NAME));
	if (verdict != FILTER_NO)
		verdict = both(verdict, judge_birth(filter, buffer));
	filter->counts[verdict]++;
	return verdict == FILTER_YES;
}

size_t filter_count_unknown(const struct filter *filter)
{
	enum filter_verdict verdict;
	size_t n = 0;

	for (verdict = FILTER_YES + 1; verdict < FILTER_VERDICTS; verdict++)
		n += filter->counts[verdict];
	return n;
}

/* What of a birth the options ask for. */
static const char *asked(const struct options *options)
{
	if (!options->born_by)
		return "their age is not known";
	return options->older_than ? "their age and who made them are not known"
				   : "who made them is not known";
}

static void note(const struct filter *filter, enum filter_verdict verdict,
		 struct note *ret)
{
	static const char *const reasons[FILTER_VERDICTS] = {
		[FILTER_EXPORTER] = "their exporter is not known",
		[FILTER_NAME] = "their name is not known",
		[FILTER_EARLIER] = "they were made before tracking began, so",
		[FILTER_LOST] = "their births may be lost, so",
		[FILTER_OTHERS] = "births of their exporter are not noted, so",
		[FILTER_PID] = "the IDs of the processes that made them are "
			       "not known in this PID namespace",
	};
	const bool born = verdict >= FILTER_EARLIER && verdict != FILTER_PID;

	*ret = (struct note){ .what = "buffers that may match",
			      .count = filter->counts[verdict],
			      .error.err = -ENODATA };
	snprintf(ret->error.text, sizeof(ret->error.text), "%s%s%s",
		 reasons[verdict], born ? " " : "",
		 born ? asked(filter->options) : "");
}

void filter_note(const struct filter *filter, struct envelope *envelope)
{
	struct note *to = envelope->notes;
	enum filter_verdict verdict;

	static_assert(FILTER_VERDICTS - FILTER_YES - 1 <= NOTES,
		      "each reason has room");
	for (verdict = FILTER_YES + 1; verdict < FILTER_VERDICTS; verdict++)
		if (filter->counts[verdict])
			note(filter, verdict, to++);
}
