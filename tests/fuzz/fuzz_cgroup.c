// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths of cgroups, which users choose: the names in them. */
#include "cli/cgroup.h"
#include "collect/process_cgroup.h"
#include "fuzz.h"

/* Each name is a part of the path, but where the escapes of systemd are undone.
 */
static bool is_part(const char *text, const char *name)
{
	return strstr(text, "\\x") || strstr(text, name);
}

/* The same of both names of a unit. */
static void check_unit(const char *text, char *unit)
{
	char *inner = strchr(unit, '/');

	must(*unit);
	if (inner) {
		*inner = 0;
		must(is_part(text, inner + 1));
	}
	must(is_part(text, unit));
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
	must(!found || (*found && is_part(text, found)));
	free(found);
	if (process_parse_cgroup(text, path, sizeof(path)))
		must(strlen(path) < sizeof(path) && !strchr(path, '\n'));
	free(text);
	return 0;
}
