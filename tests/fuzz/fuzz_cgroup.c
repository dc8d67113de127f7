// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths of cgroups, which users choose: the names in them. */
#include "cli/cgroup.h"
#include "collect/process_cgroup.h"
#include "fuzz.h"

/* Each name of a unit is a part of the path. */
static void check_unit(const char *text, char *unit)
{
	char *inner = strchr(unit, '/');

	must(*unit);
	if (inner) {
		*inner = 0;
		must(inner[1] && strstr(text, inner + 1));
	}
	must(strstr(text, unit));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[DMABUF_REC_CGROUP_LEN], *found, *text;

	text = strndup((const char *)data, size);
	must(text);
	found = cgroup_unit(text);
	if (found)
		check_unit(text, found);
	free(found);
	found = cgroup_container(text);
	must(!found || (*found && strstr(text, found)));
	free(found);
	if (process_parse_cgroup(text, path, sizeof(path)))
		must(strlen(path) < sizeof(path) && !strchr(path, '\n'));
	free(text);
	return 0;
}
