// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/texts.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

struct texts_block {
	struct texts_block *before;
	size_t used;
	char bytes[(1 << 12) - 64];
};

void texts_fini(struct texts *texts)
{
	struct texts_block *block;

	while ((block = texts->last)) {
		texts->last = block->before;
		free(block);
	}
}

char *texts_room(struct texts *texts, size_t size)
{
	struct texts_block *block = texts->last;

	if (block && block->used + size <= sizeof(block->bytes))
		return block->bytes + block->used;
	block = malloc(sizeof(*block));
	if (!block)
		return NULL;
	block->before = texts->last;
	block->used = 0;
	texts->last = block;
	return block->bytes;
}

void texts_keep(struct texts *texts, size_t size)
{
	texts->last->used += size;
}

const char *texts_add(struct texts *texts, const char *text)
{
	const size_t size = strlen(text) + 1;
	char *room;

	if (!text[0])
		return "";
	room = texts_room(texts, size);
	if (!room)
		return NULL;
	texts_keep(texts, size);
	return memcpy(room, text, size);
}

const char *texts_share(struct texts *texts, const char *text)
{
	const char *added;
	size_t i;

	if (!text[0])
		return "";
	for (i = 0; i < ARRAY_SIZE(texts->shared); i++)
		if (texts->shared[i] && !strcmp(texts->shared[i], text))
			return texts->shared[i];
	added = texts_add(texts, text);
	if (added)
		texts->shared[texts->next++ % ARRAY_SIZE(texts->shared)] =
			added;
	return added;
}
