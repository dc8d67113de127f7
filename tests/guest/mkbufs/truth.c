// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/json.h"
#include "mkbufs/truth.h"
#include "mkbufs/world.h"

static const char *const ref_names[REF_TYPES] = {
	[REF_FD] = "fd",
	[REF_MAP] = "map",
	[REF_GEM_HANDLE] = "gem_handle",
	[REF_GEM_OBJECT] = "gem_object",
	[REF_MESSAGE] = "message",
	[REF_IO_URING] = "io_uring",
	[REF_V4L2] = "v4l2",
	[REF_WAITER] = "waiter",
	[REF_FORGOTTEN] = "forgotten",
};

static const char *comm_of(const struct world *w, pid_t pid)
{
	size_t i;

	for (i = 0; i < w->nchildren; i++)
		if (w->children[i].pid == pid)
			return w->children[i].comm;
	return "mkbufs";
}

static void print_string(FILE *f, const char *key, const char *value)
{
	fprintf(f, "\"%s\":", key);
	json_str(f, value);
}

static void print_name(FILE *f, const char *name)
{
	if (!name) {
		fputs("\"name\":null,\"name_hex\":null", f);
		return;
	}
	print_string(f, "name", name);
	fputs(",\"name_hex\":", f);
	json_hex(f, name);
}

static void print_attachments(FILE *f, const struct buf *b)
{
	size_t i;

	fputs("\"attachments\":", f);
	if (b->att_unknown) {
		fputs("null", f);
		return;
	}
	putc('[', f);
	for (i = 0; i < b->natt; i++) {
		fputs(i ? ",{" : "{", f);
		print_string(f, "device", b->att[i].name);
		putc(',', f);
		if (b->att[i].driver[0])
			print_string(f, "driver", b->att[i].driver);
		else
			fputs("\"driver\":null", f);
		putc('}', f);
	}
	putc(']', f);
}

static void print_refs(FILE *f, const struct buf *b)
{
	const char *sep = "";
	size_t i;

	fputs("\"held\":{", f);
	for (i = 0; i < REF_TYPES; i++) {
		if (!b->refs_by_type[i])
			continue;
		fprintf(f, "%s\"%s\":%ld", sep, ref_names[i],
			b->refs_by_type[i]);
		sep = ",";
	}
	putc('}', f);
}

static void print_holders(FILE *f, const struct world *w, const struct buf *b)
{
	const char *sep = "";
	size_t i;

	fputs("\"holders\":[", f);
	for (i = 0; i < MAX_HOLDERS; i++) {
		const struct holder *h = &b->holders[i];

		if (!h->fds && !h->maps && !h->handles)
			continue;
		fprintf(f, "%s{\"pid\":%d,", sep, (int)h->pid);
		print_string(f, "comm", comm_of(w, h->pid));
		fprintf(f, ",\"fds\":%u,\"maps\":%u,\"handles\":%u}", h->fds,
			h->maps, h->handles);
		sep = ",";
	}
	putc(']', f);
}

static void print_buf(FILE *f, const struct world *w, const struct buf *b)
{
	fprintf(f, "{\"ino\":%" PRIu64 ",\"size\":%" PRIu64 ",", b->ino,
		b->size);
	print_string(f, "exporter", b->exp);
	putc(',', f);
	print_name(f, b->name);
	fprintf(f, ",\"refs\":%ld,", b->refs);
	print_attachments(f, b);
	putc(',', f);
	print_refs(f, b);
	putc(',', f);
	print_holders(f, w, b);
	putc('}', f);
}

static void print_usages(FILE *f, const struct world *w)
{
	const struct usage *usage;

	fputs(",\"processes\":[", f);
	for (usage = w->usages; usage < w->usages + w->nusages; usage++) {
		fprintf(f, "%s{\"pid\":%d,", usage == w->usages ? "" : ",",
			(int)usage->pid);
		print_string(f, "case", usage->name);
		fprintf(f, ",\"step\":%u,\"rss\":%" PRIu64 "}", usage->step,
			usage->rss);
	}
	putc(']', f);
}

static void print_released(FILE *f, const struct world *w)
{
	const struct released *r;
	size_t i;

	fputs(",\"released\":[", f);
	for (r = w->released; r < w->released + w->nreleased; r++) {
		fprintf(f,
			"%s{\"ino\":%" PRIu64 ",\"size\":%" PRIu64
			",\"holders\":[",
			r == w->released ? "" : ",", r->ino, r->size);
		if (r->fds)
			fprintf(f, "{\"pid\":%d,\"fds\":%u}", (int)getpid(),
				r->fds);
		for (i = 0; r->fds && i < w->nchildren; i++)
			fprintf(f, ",{\"pid\":%d,\"fds\":%u}",
				(int)w->children[i].pid, r->fds);
		fputs("]}", f);
	}
	putc(']', f);
}

static void print_births(FILE *f, const struct world *w)
{
	const struct birth *b;

	fputs(",\"births\":[", f);
	for (b = w->births; b < w->births + w->nbirths; b++) {
		fprintf(f,
			"%s{\"ino\":%" PRIu64 ",\"from\":%" PRIu64
			",\"to\":%" PRIu64 ",\"pid\":%d,\"uid\":%u,",
			b == w->births ? "" : ",", b->ino, b->from_ns, b->to_ns,
			(int)b->pid, (unsigned int)b->uid);
		print_string(f, "comm", b->comm);
		putc(',', f);
		print_string(f, "site", b->site);
		putc('}', f);
	}
	putc(']', f);
}

void check_all(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nbufs; i++)
		if (i < 200 || i + 200 >= w->nbufs)
			buf_check(w->bufs[i]);
}

void print_truth(FILE *f, const struct world *w)
{
	size_t i;

	fprintf(f, "{\"scene\":\"%s\",\"pid\":%d", w->scene, (int)getpid());
	if (w->churn_name) {
		putc(',', f);
		print_string(f, "churn_name", w->churn_name);
	}
	if (w->nusages)
		print_usages(f, w);
	if (w->nreleased)
		print_released(f, w);
	if (w->nbirths)
		print_births(f, w);
	fputs(",\"buffers\":[", f);
	for (i = 0; i < w->nbufs; i++) {
		if (i)
			putc(',', f);
		print_buf(f, w, w->bufs[i]);
	}
	fputs("],\"skipped\":[", f);
	for (i = 0; i < w->nskips; i++) {
		fputs(i ? ",{" : "{", f);
		print_string(f, "exporter", w->skips[i].exporter);
		putc(',', f);
		print_string(f, "why", w->skips[i].why);
		putc('}', f);
	}
	fputs("]}\n", f);
	if (fflush(f) || ferror(f))
		die("writing the truth: %s", strerror(errno));
}
