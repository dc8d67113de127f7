// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "mkbufs/basics.h"
#include "mkbufs/scenes.h"

const struct scene scenes[] = {
	{ "basic", "some buffers of every exporter, held in every way",
	  basic_make },
	{ "empty", "no buffers", empty_make },
	{ "names", "one buffer for every nasty name", names_make },
	{ "many", "N one-page buffers (1000), every second one named",
	  many_make },
	{ "churn", "N buffers (100) that stay among others that come and go",
	  churn_make },
	{ "attach", "buffers with no, one and many attachments", attach_make },
	{ "shared", "buffers that three processes share", shared_make },
	{ "maps", "mappings in part, twice, split, moved and inherited",
	  maps_make },
	{ "tables", "tables of descriptors and memory that tasks share",
	  tables_make },
	{ "kept", "buffers kept alive by something of every other kind",
	  kept_make },
	{ "leaking", "some megabytes that no process holds", leaking_make },
	{ "clean", "the same, held by descriptors", clean_make },
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
