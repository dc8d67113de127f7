/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of references in words, and which of them were searched for. */
#ifndef CLI_ROWS_KINDS_H
#define CLI_ROWS_KINDS_H

#include "cli/view.h"

struct json;
struct strbuf;

/**
 * struct ref_kind - a type of reference in words
 * @type: one of enum dmabuf_ref_type
 * @plural: what it is, for a list of kinds
 * @kept: what keeps a buffer that no process holds by it; NULL when it makes
 *	the process a holder
 */
struct ref_kind {
	int type;
	const char *plural, *kept;
};

/* Ends with type 0. */
extern const struct ref_kind ref_kinds[];

/* Whether every kind of reference was searched for in every process. */
bool kinds_all_searched(const struct view *view);

/* Says which kinds were searched: "kinds searched: descriptors, mappings". */
void kinds_say_searched(struct strbuf *buf, const struct view *view);

/* Writes the member "searched" of JSON: the types, as dmabuf show has them. */
void kinds_put_searched(const struct view *view, struct json *json);

#endif
