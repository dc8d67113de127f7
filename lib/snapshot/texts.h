/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts that stay where they are until all of them are freed. */
#ifndef SNAPSHOT_TEXTS_H
#define SNAPSHOT_TEXTS_H

#include <stddef.h>

struct texts_block;

/**
 * struct texts - such texts, all zero at first
 * @last: the block with room, behind it those that are full
 * @shared: the last texts of texts_share()
 * @next: which one of these is the oldest
 */
struct texts {
	struct texts_block *last;
	const char *shared[4];
	size_t next;
};

void texts_fini(struct texts *texts);

/*
 * Return: where a text of at most @size bytes, a record's, may be written, or
 * NULL without memory. Its bytes are texts_keep()'s.
 */
char *texts_room(struct texts *texts, size_t size);

/* Keeps the first @size bytes of the room. */
void texts_keep(struct texts *texts, size_t size);

/* Return: a copy of @text, or NULL without memory. */
const char *texts_add(struct texts *texts, const char *text);

/* The same of a text that many have: mostly it is one of the last ones. */
const char *texts_share(struct texts *texts, const char *text);

#endif
