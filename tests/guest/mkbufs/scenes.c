// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/scenes.h"

const struct scene scenes[] = {
	{
		.name = "basic",
		.desc = "some buffers of every exporter, held in every way",
		.make = basic_make,
	},
	{
		.name = "empty",
		.desc = "no buffers",
		.make = empty_make,
	},
	{
		.name = "names",
		.desc = "one buffer for every nasty name",
		.make = names_make,
	},
	{
		.name = "many",
		.desc = "N one-page buffers (1000), every second one named",
		.make = many_make,
	},
	{
		.name = "churn",
		.desc = "N buffers (100) that stay among others that come and "
			"go",
		.make = churn_make,
		.stop = churn_stop,
		.report = churn_report,
	},
	{
		.name = "attach",
		.desc = "buffers with no, one and many attachments",
		.make = attach_make,
	},
	{
		.name = "shared",
		.desc = "buffers that three processes share",
		.make = shared_make,
	},
	{
		.name = "maps",
		.desc = "mappings in part, twice, split, moved and inherited",
		.make = maps_make,
	},
	{
		.name = "tables",
		.desc = "tables of descriptors and memory that tasks share",
		.make = tables_make,
	},
	{
		.name = "kept",
		.desc = "buffers kept alive by something of every other kind",
		.make = kept_make,
	},
	{
		.name = "leaking",
		.desc = "some megabytes that no process holds",
		.make = leaking_make,
	},
	{
		.name = "clean",
		.desc = "the same, held by descriptors",
		.make = clean_make,
	},
	{
		.name = "released",
		.desc = "memory that only descriptors opened with O_PATH keep",
		.make = released_make,
	},
	{
		.name = "same-memory",
		.desc = "udmabufs of the same pages of a memfd",
		.make = same_memory_make,
	},
	{
		.name = "nested",
		.desc = "buffers in files that nothing but messages, rings or "
			"mappings keep",
		.make = nested_make,
	},
	{
		.name = "rss",
		.desc = "processes with one buffer or a few, each opened and "
			"mapped in its own way",
		.make = rss_make,
	},
	{
		.name = "waiting",
		.desc = "buffers that polls of every kind wait for",
		.make = waiting_make,
		.stop = waiting_stop,
	},
	{
		.name = "scanout",
		.desc = "a buffer that only the screen keeps",
		.make = scanout_make,
		.stop = scanout_stop,
	},
	{
		.name = "hostile-files",
		.desc = "long chains, cycles, and thousands of what keeps a "
			"buffer",
		.make = hostile_files_make,
	},
	{
		.name = "garbage",
		.desc = "a buffer in a socket that only its own queue keeps",
		.make = garbage_make,
	},
	{
		.name = "forgotten",
		.desc = "a buffer that a driver has leaked, see tests/guest/"
			"forget",
		.make = forgotten_make,
	},
	{
		.name = "births",
		.desc = "N buffers (1000) that five processes make",
		.make = births_make,
	},
	{
		.name = "short-lived",
		.desc = "N buffers (1000), each of a process that then ends",
		.make = short_lived_make,
	},
	{
		.name = "events",
		.desc = "N buffers (1000) that five processes make, name, map "
			"and free",
		.make = events_make,
	},
	{
		.name = "stuck",
		.desc = "N threads (64) in a rename that does not end, and "
			"five that do",
		.make = stuck_make,
	},
};

const size_t nscenes = ARRAY_SIZE(scenes);

const struct scene *scene_find(const char *name)
{
	size_t i;

	for (i = 0; i < nscenes; i++)
		if (!strcmp(scenes[i].name, name))
			return &scenes[i];
	return NULL;
}
