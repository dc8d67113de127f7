// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/json_str.h"
#include "mkbufs/truth.h"
#include "mkbufs/world.h"

static const char *const ref_names[REF_TYPES] = {
	"fd", "map", "gem_handle", "gem_object", "message", "io_uring", "v4l2",
};

static const char *comm_of(const struct world *w, pid_t pid)
{
	size_t i;

	for (i = 0; i < w->nchildren; i++)
		if (w->children[i].pid == pid)
			return w->children[i].comm;
	return "mkbufs";
}

static void print_buf(FILE *f, const struct world *w, const struct buf *b)
{
	const char *sep = "";
	size_t i, len;

	fprintf(f, "{\"ino\":%" PRIu64 ",\"size\":%" PRIu64 ",\"exporter\":",
		b->ino, b->size);
	json_str(f, b->exp, strlen(b->exp));
	if (b->name) {
		len = strlen(b->name);
		fputs(",\"name\":", f);
		json_str(f, b->name, len);
		fputs(",\"name_hex\":", f);
		json_hex(f, b->name, len);
	} else {
		fputs(",\"name\":null,\"name_hex\":null", f);
	}
	fprintf(f, ",\"refs\":%ld,\"attachments\":", b->refs);
	if (b->att_unknown)
		fputs("null", f);
	for (i = 0; i < b->natt && !b->att_unknown; i++) {
		fprintf(f, "%s{\"device\":", i ? "," : "[");
		json_str(f, b->att[i].name, strlen(b->att[i].name));
		fputs(",\"driver\":", f);
		if (b->att[i].driver[0])
			json_str(f, b->att[i].driver, strlen(b->att[i].driver));
		else
			fputs("null", f);
		putc('}', f);
	}
	if (!b->att_unknown)
		fputs(b->natt ? "]" : "[]", f);

	fputs(",\"held\":{", f);
	for (i = 0; i < REF_TYPES; i++) {
		if (!b->refs_by_type[i])
			continue;
		fprintf(f, "%s\"%s\":%ld", sep, ref_names[i],
			b->refs_by_type[i]);
		sep = ",";
	}
	sep = "";
	fputs("},\"holders\":[", f);
	for (i = 0; i < MAX_HOLDERS; i++) {
		const struct holder *h = &b->holders[i];
		const char *comm = comm_of(w, h->pid);

		if (!h->fds && !h->maps && !h->handles)
			continue;
		fprintf(f, "%s{\"pid\":%d,\"comm\":", sep, (int)h->pid);
		json_str(f, comm, strlen(comm));
		fprintf(f, ",\"fds\":%u,\"maps\":%u,\"handles\":%u}", h->fds,
			h->maps, h->handles);
		sep = ",";
	}
	fputs("]}", f);
}

/* The first and the last ones when there are very many. */
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
		fputs(",\"churn_name\":", f);
		json_str(f, w->churn_name, strlen(w->churn_name));
	}
	fputs(",\"buffers\":[", f);
	for (i = 0; i < w->nbufs; i++) {
		if (i)
			putc(',', f);
		print_buf(f, w, w->bufs[i]);
	}
	fputs("],\"skipped\":[", f);
	for (i = 0; i < w->nskips; i++) {
		fputs(i ? ",{\"exporter\":" : "{\"exporter\":", f);
		json_str(f, w->skips[i].exporter, strlen(w->skips[i].exporter));
		fputs(",\"why\":", f);
		json_str(f, w->skips[i].why, strlen(w->skips[i].why));
		putc('}', f);
	}
	fputs("]}\n", f);
	if (fflush(f) || ferror(f))
		die("writing the truth: %s", strerror(errno));
}
