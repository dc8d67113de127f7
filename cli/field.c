// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "field.h"

const struct field fields[FIELDS] = {
	[FIELD_INO] = { "ino", TYPE_NUMBER,
			"inode number, as fstat and fdinfo give it" },
	[FIELD_SIZE] = { "size", TYPE_BYTES, "size in bytes" },
	[FIELD_EXPORTER] = { "exporter", TYPE_TEXT,
			     "who made it: a heap, udmabuf, a driver" },
	[FIELD_NAME] = { "name", TYPE_TEXT, "name that a process gave it" },
	[FIELD_REFS] = { "refs", TYPE_NUMBER,
			 "references the kernel counts to its file" },
	[FIELD_ATTACHMENTS] = { "attachments", TYPE_LIST,
				"attached devices: how many; which, in JSON" },
	[FIELD_ADDRESS] = { "address", TYPE_ADDRESS,
			    "kernel address of its struct dma_buf" },
	[FIELD_HOLDERS] = { "holders", TYPE_LIST,
			    "processes that hold it: how many; which, in "
			    "JSON" },
	[FIELD_BUFFERS] = { "buffers", TYPE_NUMBER, "number of buffers" },
	[FIELD_LARGEST] = { "largest", TYPE_BYTES,
			    "size of the largest buffer in bytes" },
	[FIELD_ATTACHED] = { "attached", TYPE_NUMBER,
			     "buffers with a device attached" },
	[FIELD_COLLECTOR] = { "collector", TYPE_TEXT, "name of the collector" },
	[FIELD_STATE] = { "state", TYPE_TEXT,
			  "works, cuts (its answer is short), or no" },
	[FIELD_USED] = { "used", TYPE_FLAG,
			 "whether it is the one used by default" },
	[FIELD_NOTE] = { "note", TYPE_PROSE,
			 "why it does not work and the cure, or a remark" },
	[FIELD_WHY] = { "why", TYPE_PROSE,
			"why it does not work, or a remark" },
	[FIELD_CURE] = { "cure", TYPE_PROSE, "what to do about it" },
	[FIELD_GIVES] = { "gives", TYPE_LIST, "what it knows of a buffer" },
	[FIELD_MISSES] = { "misses", TYPE_PROSE, "what it cannot see" },
};

bool field_find(const enum field_id *set, const char *name, size_t length,
		enum field_id *ret)
{
	for (; *set != FIELD_END; set++) {
		if (strlen(fields[*set].name) == length &&
		    !strncmp(fields[*set].name, name, length)) {
			*ret = *set;
			return true;
		}
	}
	return false;
}

int field_compare(enum field_type type, const struct value *a,
		  const struct value *b)
{
	if (a->known != b->known)
		return b->known - a->known;
	if (!a->known)
		return 0;
	if (type == TYPE_TEXT || type == TYPE_PROSE)
		return strcmp(a->text, b->text);
	return (a->number > b->number) - (a->number < b->number);
}

/* @number / 2^@shift, to the nearest, a half up. */
static uint64_t divide(unsigned __int128 number, int shift)
{
	return (number + ((unsigned __int128)1 << shift >> 1)) >> shift;
}

void field_human_bytes(uint64_t bytes, char *buf, size_t size)
{
	static const char units[] = "BKMGTPE";
	unsigned int whole, tenths;
	int unit = 0;

	/* 1023.5 of a unit would be shown as 1024 of it: take the next one. */
	while (units[unit + 1] && divide(bytes, 10 * unit) >= 1024)
		unit++;
	whole = divide(bytes, 10 * unit);
	tenths = divide((unsigned __int128)bytes * 10, 10 * unit);
	if (unit && tenths < 100)
		snprintf(buf, size, "%u.%u%c", tenths / 10, tenths % 10,
			 units[unit]);
	else
		snprintf(buf, size, "%u%c", whole, units[unit]);
}
