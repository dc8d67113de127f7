// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dmabuf doctor: which collectors work here, and which ways of DMA from user
 * space, and what the others lack; and whether births are noted.
 */
#include <dmabuf/dma.h>
#include <dmabuf/track.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/view.h"
#include "ui/json.h"
#include "ui/privileges.h"
#include "ui/utf8.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/sysroot.h"
#include "util/vec.h"

struct finding {
	const struct dmabuf_collector *collector; /* or NULL */
	char name[24];
	struct dmabuf_error error; /* err 0: it works, the text a remark */
	char note[sizeof(((struct dmabuf_error *)0)->text) +
		  sizeof(((struct dmabuf_error *)0)->hint) + 2];
	bool used;
};

/* The bits of enum dmabuf_gives, under the names of the fields. */
static const struct {
	uint32_t bit;
	enum field_id field;
} gives[] = {
	{ DMABUF_GIVES_INO, FIELD_INO },
	{ DMABUF_GIVES_SIZE, FIELD_SIZE },
	{ DMABUF_GIVES_EXPORTER, FIELD_EXPORTER },
	{ DMABUF_GIVES_NAME, FIELD_NAME },
	{ DMABUF_GIVES_REFS, FIELD_REFS },
	{ DMABUF_GIVES_ATTACHMENTS, FIELD_ATTACHMENTS },
	{ DMABUF_GIVES_ADDRESS, FIELD_ADDRESS },
	{ DMABUF_GIVES_HOLDERS, FIELD_HOLDERS },
};

static const char *state(const struct finding *finding)
{
	if (!finding->error.err)
		return "works";
	return finding->error.err == -ENODATA ? "cuts" : "no";
}

static void get_collector(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	value_set_text(value, finding->name);
}

static void get_state(const struct cell *cell, struct value *value)
{
	value_set_text(value, state(cell->row));
}

static void get_used(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	value_set_number(value, finding->used);
}

static void get_note(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	value_set_text(value, finding->note);
}

/* A text that nobody gave is not known. */
static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static void get_why(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	value_set_text(value, or_null(finding->error.text));
}

static void get_hint(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	value_set_text(value, or_null(finding->error.hint));
}

static void get_gives(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	if (finding->collector)
		value_set_number(value,
				 __builtin_popcount(dmabuf_collector_gives(
					 finding->collector)));
}

static void put_gives(const struct cell *cell, struct json *json)
{
	const struct finding *finding = cell->row;
	uint32_t bits;
	size_t i;

	if (!finding->collector) {
		json_null(json);
		return;
	}
	bits = dmabuf_collector_gives(finding->collector);
	json_begin_array(json);
	for (i = 0; i < ARRAY_SIZE(gives); i++)
		if (bits & gives[i].bit)
			json_text(json, fields[gives[i].field].name);
	json_end_array(json);
}

static void get_misses(const struct cell *cell, struct value *value)
{
	const struct finding *finding = cell->row;

	if (finding->collector)
		value_set_text(value,
			       dmabuf_collector_misses(finding->collector));
}

static const struct column columns[] = {
	COLUMN(COLLECTOR, COLUMN_BOTH, get_collector),
	COLUMN(STATE, COLUMN_BOTH, get_state),
	COLUMN(USED, COLUMN_BOTH, get_used),
	COLUMN(NOTE, COLUMN_TABLE, get_note),
	COLUMN(WHY, COLUMN_JSON, get_why),
	COLUMN(HINT, COLUMN_JSON, get_hint),
	LIST_COLUMN(GIVES, COLUMN_JSON, get_gives, put_gives),
	COLUMN(MISSES, COLUMN_JSON, get_misses),
	{},
};

static const void *finding_at(const void *of, size_t i)
{
	return vec_at(of, i);
}

/* What a table shows of the reason and of what to do. */
static void set_note(struct finding *finding)
{
	snprintf(finding->note, sizeof(finding->note), "%s%s%s",
		 finding->error.text, finding->error.hint[0] ? "; " : "",
		 finding->error.hint);
}

/* Adds what the last call with @ctx found. Return: 0 or -ENOMEM. */
static int add_finding(struct dmabuf_ctx *ctx, struct vec *findings,
		       const struct dmabuf_collector *collector,
		       const char *prefix, const char *name)
{
	struct finding finding;

	memset(&finding, 0, sizeof(finding));
	finding.collector = collector;
	snprintf(finding.name, sizeof(finding.name), "%s%s", prefix, name);
	finding.error = *dmabuf_ctx_error(ctx);
	set_note(&finding);
	return vec_push(findings, &finding);
}

/* Tries every collector. Return: 0 or -ENOMEM. */
static int examine(struct dmabuf_ctx *ctx, struct vec *findings)
{
	const struct dmabuf_collector *collector = NULL;

	privileges_raise(PRIVILEGES_LOOK);
	while ((collector = dmabuf_collector_next(collector))) {
		if (dmabuf_collector_probe(ctx, collector) == -ENOMEM)
			return -ENOMEM;
		if (add_finding(ctx, findings, collector, "",
				dmabuf_collector_name(collector)))
			return -ENOMEM;
	}
	return 0;
}

/* The same for routes of DMA, which a recorded tree does not have. */
static int examine_dma(struct dmabuf_ctx *ctx, struct vec *findings)
{
	const struct dmabuf_dma_backend *backend = NULL;

	privileges_raise(PRIVILEGES_DMA);
	while ((backend = dmabuf_dma_backend_next(backend))) {
		(void)dmabuf_dma_backend_probe(ctx, backend);
		if (add_finding(ctx, findings, NULL, "dma_",
				dmabuf_dma_backend_name(backend)))
			return -ENOMEM;
	}
	return 0;
}

/* Says what is noted of births, and what to do when some are lost. */
static void say_births(struct finding *finding,
		       const struct dmabuf_track_status *status)
{
	char since[DURATION_TEXT], memory[16] = "unknown", others[128] = "";
	struct dmabuf_error *error = &finding->error;

	human_duration(status->since_ns, since);
	if (status->memory)
		human_bytes(status->memory, memory);
	if (status->exporter[0])
		snprintf(others, sizeof(others),
			 ", of exporter %s alone (%" PRIu64 " of others)",
			 status->exporter, status->others);
	snprintf(error->text, sizeof(error->text),
		 "noted for %s%s: %" PRIu64 " of %" PRIu64 ", %" PRIu64
		 " lost, memory %s",
		 since, others, status->births, status->max, status->lost,
		 memory);
	if (status->lost)
		snprintf(error->hint, sizeof(error->hint),
			 "when there is no room: dmabuf track off, then "
			 "dmabuf track on --max N");
	set_note(finding);
}

/* The same for births. */
static int examine_births(struct dmabuf_ctx *ctx, struct vec *findings)
{
	struct dmabuf_track_status status = { .size = sizeof(status) };
	struct finding *finding;
	int r;

	privileges_raise(PRIVILEGES_RUN | PRIVILEGES_PIN);
	r = dmabuf_track_status(ctx, &status);
	if (r == -ENOMEM || add_finding(ctx, findings, NULL, "", "births"))
		return -ENOMEM;
	finding = vec_at(findings, findings->n - 1);
	if (!r) {
		finding->error = (struct dmabuf_error){};
		say_births(finding, &status);
	}
	return 0;
}

/*
 * Marks the one that is used by default for what @gives_bit stands for. Return:
 * it, or NULL when none works.
 */
static const struct finding *mark_used(struct vec *findings, uint32_t gives_bit)
{
	struct finding *f;
	size_t i;

	for (i = 0; i < findings->n; i++) {
		f = vec_at(findings, i);
		if (!f->error.err &&
		    dmabuf_collector_gives(f->collector) & gives_bit) {
			f->used = true;
			return f;
		}
	}
	return NULL;
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(vec_fini) struct vec findings = VEC_OF(struct finding);
	char kernel[64];
	struct envelope envelope = { .command = "doctor",
				     .array = "probes",
				     .kernel = kernel };
	struct rows rows = { .of = &findings, .at = finding_at };
	const struct finding *used, *holders;
	const struct sysroot sysroot = { env->options.root ?: "/" };
	char safe[4 * sizeof(kernel) + 1];
	char above[512], below[512];
	int status;

	(void)argc;
	(void)argv;
	if (examine(env->ctx, &findings))
		return cmd_no_memory();
	used = mark_used(&findings, DMABUF_GIVES_SIZE);
	holders = mark_used(&findings, DMABUF_GIVES_HOLDERS);
	if (!env->options.root && (examine_births(env->ctx, &findings) ||
				   examine_dma(env->ctx, &findings)))
		return cmd_no_memory();
	privileges_drop(0);
	rows.n = findings.n;
	sysroot_kernel_release(&sysroot, kernel, sizeof(kernel));
	locale_printable(envelope.kernel, safe);
	snprintf(above, sizeof(above), "dmabuf %s on kernel %s",
		 dmabuf_version(), safe[0] ? safe : "unknown");
	envelope.above = above;
	if (used) {
		envelope.collector = dmabuf_collector_name(used->collector);
		snprintf(below, sizeof(below),
			 "Buffers are read by %s; who holds them %s%s.",
			 envelope.collector,
			 holders ? "is told by " : "cannot be told",
			 holders ? dmabuf_collector_name(holders->collector)
				 : "");
	} else {
		snprintf(below, sizeof(below),
			 "No collector works here: no dma-buf can be seen.");
	}
	envelope.below = below;

	status = cmd_rows(env, &rows, &envelope);
	return status == STATUS_WHOLE && !used ? STATUS_FAILED : status;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.summary = "what works here, and what to do about the rest",
	.flags = CMD_ROWS | CMD_ROOT | CMD_BTF,
	.array = "probes",
	.columns = columns,
	.run = run,
};
