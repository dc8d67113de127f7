// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * soak COLLECTOR SECONDS CHURN: takes snapshots without pause while other
 * processes make and free buffers, and checks each snapshot. stdin has a line
 * for each buffer that must be in all of them: inode, size, exporter and name,
 * with tabs between. All other buffers must look like those of the scene
 * "churn": whole pages, one of the exporters, and no name or one that begins
 * with CHURN.
 *
 * Prints the first few faults, a line each, and a summary. A missing name is
 * not a fault if a gap of the snapshot reports missing names. "short" in the
 * summary counts the snapshots with a gap in the buffers themselves.
 */
#include <dmabuf/dmabuf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STAY_MAX = 4096, FAULTS_MAX = 10 };

struct stay {
	uint64_t ino, size;
	char exporter[64], name[64];
};

static struct stay stay[STAY_MAX];
static size_t stays;
static int faults;

static void fault(const char *what, uint64_t ino, uint64_t size,
		  const char *exporter, const char *name)
{
	if (faults++ < FAULTS_MAX)
		printf("%s: inode %" PRIu64 ", %" PRIu64 " bytes, %s, '%s'\n",
		       what, ino, size, exporter ?: "?", name ?: "?");
}

static int read_stays(void)
{
	struct stay *s;
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		if (stays == STAY_MAX)
			return -1;
		s = &stay[stays++];
		s->name[0] = 0;
		if (sscanf(line,
			   "%" SCNu64 "\t%" SCNu64 "\t%63[^\t\n]\t%63[^\n]",
			   &s->ino, &s->size, s->exporter, s->name) < 3)
			return -1;
	}
	return stays ? 0 : -1;
}

static bool is_exporter(const char *name)
{
	size_t i;

	for (i = 0; i < stays; i++)
		if (!strcmp(stay[i].exporter, name))
			return true;
	return false;
}

/*
 * Returns the buffer that stays with this inode, or NULL. Both lists are sorted
 * by inode, so the buffers that are skipped here are lost.
 */
static const struct stay *find(uint64_t ino, size_t *at)
{
	while (*at < stays && stay[*at].ino < ino) {
		fault("lost", stay[*at].ino, stay[*at].size, stay[*at].exporter,
		      stay[*at].name);
		++*at;
	}
	return *at < stays && stay[*at].ino == ino ? &stay[(*at)++] : NULL;
}

static bool has_gap(const struct dmabuf_snapshot *snapshot, const char *what)
{
	const struct dmabuf_gap *gap = NULL;

	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap)))
		if (!strcmp(dmabuf_gap_what(gap), what))
			return true;
	return false;
}

static void check_one(const struct dmabuf_buffer *buffer, const char *churn,
		      bool may_lack_name, size_t *at, uint64_t *last)
{
	const char *exporter = dmabuf_buffer_exporter(buffer);
	const char *name = dmabuf_buffer_name(buffer);
	uint64_t ino = 0, size = 0, refs = 0;
	const struct stay *s;

	if (dmabuf_buffer_ino(buffer, &ino) ||
	    dmabuf_buffer_size(buffer, &size) ||
	    dmabuf_buffer_refs(buffer, &refs) || !exporter) {
		fault("unknown", ino, size, exporter, name);
		return;
	}
	if (ino == *last)
		fault("twice", ino, size, exporter, name);
	*last = ino;

	s = find(ino, at);
	if (s) {
		if (s->size != size || strcmp(s->exporter, exporter) ||
		    (name ? strcmp(s->name, name) : !may_lack_name))
			fault("changed", ino, size, exporter, name);
	} else if (!size || size % 4096 || size > 1 << 30 || !refs ||
		   refs > 1000 || !is_exporter(exporter) ||
		   (name && name[0] && strncmp(name, churn, strlen(churn)))) {
		fault("garbage", ino, size, exporter, name);
	}
}

static uint64_t check_all(const struct dmabuf_snapshot *snapshot,
			  const char *churn)
{
	const bool may_lack_name = has_gap(snapshot, "names");
	const struct dmabuf_buffer *buffer = NULL;
	uint64_t last = UINT64_MAX;
	size_t at = 0;

	while ((buffer = dmabuf_snapshot_next(snapshot, buffer)))
		check_one(buffer, churn, may_lack_name, &at, &last);
	(void)find(UINT64_MAX, &at);
	return dmabuf_snapshot_count(snapshot);
}

static int compare_stays(const void *left, const void *right)
{
	const struct stay *a = left, *b = right;

	return (a->ino > b->ino) - (a->ino < b->ino);
}

int main(int argc, char **argv)
{
	struct dmabuf_snapshot_opts opts = { .size = sizeof(opts) };
	struct dmabuf_snapshot *snapshot;
	uint64_t snapshots = 0, buffers = 0, gaps = 0, shorts = 0;
	struct dmabuf_ctx *ctx;
	time_t end;

	if (argc != 4 || dmabuf_ctx_new(NULL, &ctx)) {
		fprintf(stderr, "usage: soak COLLECTOR SECONDS CHURN <STAY\n");
		return 2;
	}
	/* The first snapshot loads the programs, which takes time. */
	opts.collector = argv[1];
	if (!dmabuf_snapshot_take(ctx, &opts, &snapshot))
		dmabuf_snapshot_free(snapshot);
	if (read_stays()) {
		fprintf(stderr, "soak: cannot read the buffers that stay\n");
		return 2;
	}
	qsort(stay, stays, sizeof(stay[0]), compare_stays);
	end = time(NULL) + atoi(argv[2]);
	while (time(NULL) < end) {
		if (dmabuf_snapshot_take(ctx, &opts, &snapshot)) {
			printf("failed: %s\n", dmabuf_ctx_error(ctx)->text);
			return 1;
		}
		buffers += check_all(snapshot, argv[3]);
		gaps += dmabuf_snapshot_next_gap(snapshot, NULL) != NULL;
		shorts += has_gap(snapshot, "buffers");
		snapshots++;
		dmabuf_snapshot_free(snapshot);
	}
	printf("%" PRIu64 " snapshots, %" PRIu64 " buffers, %d faults, %" PRIu64
	       " with gaps, %" PRIu64 " short\n",
	       snapshots, buffers, faults, gaps, shorts);
	dmabuf_ctx_free(ctx);
	return faults ? 1 : 0;
}
