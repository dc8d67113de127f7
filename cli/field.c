// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/field.h"
#include "util/u64.h"

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
	[FIELD_PROCESSES] = { "processes", TYPE_NUMBER,
			      "how many processes hold it", true },
	[FIELD_KERNEL_ONLY] = { "kernel_only", TYPE_FLAG,
				"whether no process holds it", true },
	[FIELD_EXPLAINED] = { "explained", TYPE_NUMBER,
			      "references that are known by name", true },
	[FIELD_UNEXPLAINED] = { "unexplained", TYPE_NUMBER,
				"references that nothing seen accounts for",
				true },
	[FIELD_HOLDERS] = { "holders", TYPE_NAMES, "processes that hold it",
			    true },
	[FIELD_BUFFERS] = { "buffers", TYPE_NUMBER, "number of buffers" },
	[FIELD_LARGEST] = { "largest", TYPE_BYTES,
			    "size of the largest buffer in bytes" },
	[FIELD_ATTACHED] = { "attached", TYPE_NUMBER,
			     "buffers with a device attached" },
	[FIELD_KERNEL_ONLY_BYTES] = { "kernel_only_bytes", TYPE_BYTES,
				      "bytes that no process holds", true },
	[FIELD_PID] = { "pid", TYPE_NUMBER, "process ID" },
	[FIELD_TID] = { "tid", TYPE_NUMBER,
			"thread, when it has a table of descriptors of its "
			"own" },
	[FIELD_COMM] = { "comm", TYPE_TEXT, "name of the process" },
	[FIELD_FDS] = { "fds", TYPE_NUMBER, "descriptors" },
	[FIELD_MAPS] = { "maps", TYPE_NUMBER, "mappings" },
	[FIELD_HANDLES] = { "handles", TYPE_NUMBER, "GEM handles" },
	[FIELD_RSS] = { "rss", TYPE_BYTES,
			"bytes of all buffers that it holds" },
	[FIELD_PSS] = { "pss", TYPE_BYTES,
			"its share of these: each divided by its holders" },
	[FIELD_CGROUP] = { "cgroup", TYPE_TEXT, "path of its cgroup" },
	[FIELD_UNIT] = { "unit", TYPE_TEXT, "its systemd unit" },
	[FIELD_CONTAINER] = { "container", TYPE_TEXT,
			      "its container, as its manager calls it" },
	[FIELD_TYPE] = { "type", TYPE_TEXT, "what the reference is kept in" },
	[FIELD_PLACE] = { "place", TYPE_NUMBER,
			  "descriptor, GEM handle, or number of the slot" },
	[FIELD_START] = { "start", TYPE_ADDRESS, "where a mapping begins" },
	[FIELD_LENGTH] = { "length", TYPE_BYTES, "bytes that are mapped" },
	[FIELD_OFFSET] = { "offset", TYPE_BYTES,
			   "where in the buffer a mapping begins" },
	[FIELD_BYTES] = { "bytes", TYPE_BYTES, "bytes of all of them" },
	[FIELD_INOS] = { "inos", TYPE_NAMES, "their inode numbers" },
	[FIELD_DEVICES] = { "devices", TYPE_NAMES, "devices attached" },
	[FIELD_CERTAIN] = { "certain", TYPE_FLAG,
			    "whether every reference is accounted for" },
	[FIELD_VERDICT] = { "verdict", TYPE_PROSE, "what keeps them" },
	[FIELD_COLLECTOR] = { "collector", TYPE_TEXT, "name of the collector" },
	[FIELD_STATE] = { "state", TYPE_TEXT,
			  "works, cuts (its answer is short), or no" },
	[FIELD_USED] = { "used", TYPE_FLAG,
			 "whether it is the one used by default" },
	[FIELD_NOTE] = { "note", TYPE_PROSE,
			 "why it does not work and what to do, or a remark" },
	[FIELD_WHY] = { "why", TYPE_PROSE,
			"why it does not work, or a remark" },
	[FIELD_HINT] = { "hint", TYPE_PROSE, "what to do about it" },
	[FIELD_GIVES] = { "gives", TYPE_LIST, "what it knows of a buffer" },
	[FIELD_MISSES] = { "misses", TYPE_PROSE, "what it cannot see" },
	[FIELD_HEAP] = { "heap", TYPE_TEXT, "name of the heap" },
	[FIELD_NODE] = { "node", TYPE_TEXT, "path of its node" },
	[FIELD_ALIASES] = { "aliases", TYPE_NAMES,
			    "names of other nodes of the same memory" },
	[FIELD_DEVICE] = { "device", TYPE_TEXT,
			   "major and minor number of its node" },
	[FIELD_ACCESS] = { "access", TYPE_FLAG,
			   "whether this user may allocate from it" },
	[FIELD_REGION] = { "region", TYPE_TEXT, "CMA region that it is of" },
	[FIELD_USED_BYTES] = { "used_bytes", TYPE_BYTES,
			       "bytes of the region that are allocated" },
	[FIELD_FREE_BYTES] = { "free_bytes", TYPE_BYTES,
			       "bytes of the region that are free" },
	[FIELD_LARGEST_RUN] = { "largest_run", TYPE_BYTES,
				"bytes of its largest free run" },
	[FIELD_TOP_HOLDERS] = { "top_holders", TYPE_NAMES,
				"processes that hold most of its buffers",
				true },
	[FIELD_FD] = { "fd", TYPE_NUMBER, "descriptor of the buffer" },
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
	return u64_compare(a->number, b->number);
}

void value_set_text(struct value *value, const char *text)
{
	value->known = text;
	value->text = text;
}

void value_take_text(struct value *value, char *text)
{
	value_set_text(value, text);
	value->made = text;
}

void value_fini(struct value *value)
{
	free(value->made);
	value->made = NULL;
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
