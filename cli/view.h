/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot as commands see it: the buffers that were asked for, and their
 * sums.
 */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include "cli/cmd.h"
#include "cli/filter.h"
#include "util/vec.h"

struct view {
	struct dmabuf_snapshot *snapshot;
	struct vec buffers; /* const struct dmabuf_buffer * */
	struct vec released; /* the same of released ones */
	struct filter filter; /* counts those that may match, too */
};

#define VIEW_NONE                                                              \
	{                                                                      \
		.buffers = VEC_OF(const struct dmabuf_buffer *),               \
		.released = VEC_OF(const struct dmabuf_buffer *),              \
	}

/*
 * Takes a snapshot, and picks the buffers that --exporter and --name leave.
 * Return: 0, or the exit status when that failed and was said.
 */
int view_take(struct cmd_env *env, struct view *view);

/* The same for commands that say nothing without holders. */
int view_take_held(struct cmd_env *env, struct view *view);

/* Whether options leave some buffers only. */
bool view_is_filtered(const struct cmd_env *env);

/* Whether there is no gap, so that the view has every buffer. */
bool view_is_whole(const struct view *view);

/* Whether there may be other buffers, which the view should have. */
bool view_lacks_buffers(const struct view *view);

/* The same of buffers that were made since births are noted. */
bool view_lacks_tracked(const struct view *view);

/* Whether any buffer of the view may have holders that were not found. */
bool view_lacks_holders(const struct view *view);

/*
 * What a command shows in place of rows that are missing because holders are.
 * Return: NULL when all holders are known.
 */
const char *view_cannot_tell(const struct view *view);

void view_fini(struct view *view);

const struct dmabuf_buffer *view_buffer(const struct view *view, size_t i);

/* The buffers, then the released ones. */
size_t view_count_all(const struct view *view);
const struct dmabuf_buffer *view_any(const struct view *view, size_t i);

enum { VIEW_SIZE_TEXT = 80 };

/*
 * A sum of bytes as far as it is known, "at least 3.0M". @bytes: 3145728
 * instead of 3.0M. Return: @text.
 */
char *view_bytes_text(const struct total *total, bool bytes,
		      char text[VIEW_SIZE_TEXT]);

/*
 * How many buffers there are and how large, "2 dma-bufs, 3.0M", by the totals
 * of view_envelope(). The rest is as above.
 */
char *view_size_text(const struct envelope *envelope, bool bytes,
		     char text[VIEW_SIZE_TEXT]);

/* Fills the envelope's kernel, collectors, gaps, and totals of the buffers. */
void view_envelope(const struct view *view, struct envelope *envelope);

/* The same when the @sums of its buffers are known already. */
void view_envelope_of(const struct view *view, const struct dmabuf_sums *sums,
		      struct envelope *envelope);

/* Return: the sums of its buffers. */
struct dmabuf_sums view_sums(const struct view *view);

/* Return: how many holders of a buffer were found. */
uint64_t view_count_holders(const struct view *view,
			    const struct dmabuf_buffer *buffer);

#endif
