// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cgroup.h"
#include "util/array.h"

enum { ID_LEN = 64, ID_SHOWN = 12 };

static bool ends_with(const char *s, size_t n, const char *end)
{
	const size_t size = strlen(end);

	return n > size && !memcmp(s + n - size, end, size);
}

static bool is_unit(const char *s, size_t n)
{
	static const char *const types[] = {
		".service", ".scope", ".socket", ".mount", ".swap",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (ends_with(s, n, types[i]))
			return true;
	return false;
}

/* Goes through the parts of a path, from the end. Return: false at its begin.
 */
static bool previous_part(const char *path, const char **part, size_t *n)
{
	const char *end = *part ? *part - 1 : path + strlen(path);

	if (end <= path)
		return false;
	for (*part = end; *part > path && (*part)[-1] != '/'; --*part)
		;
	*n = end - *part;
	return true;
}

char *cgroup_unit(const char *path)
{
	const char *part = NULL;
	size_t n;

	while (previous_part(path, &part, &n))
		if (is_unit(part, n))
			return strndup(part, n);
	return NULL;
}

/* Such as docker-ID.scope, cri-containerd-ID.scope, or just ID. */
static char *find_id(const char *part, size_t n)
{
	if (ends_with(part, n, ".scope"))
		n -= strlen(".scope");
	if (n < ID_LEN || (n > ID_LEN && part[n - ID_LEN - 1] != '-'))
		return NULL;
	part += n - ID_LEN;
	if (strspn(part, "0123456789abcdef") < ID_LEN)
		return NULL;
	return strndup(part, ID_SHOWN);
}

/* What stands between @begin and @end, if both are there. */
static char *find_name(const char *part, size_t n, const char *begin,
		       const char *end)
{
	const size_t skip = strlen(begin);

	if (n <= skip + strlen(end) || strncmp(part, begin, skip))
		return NULL;
	if (end[0] && !ends_with(part, n, end))
		return NULL;
	return strndup(part + skip, n - skip - strlen(end));
}

char *cgroup_container(const char *path)
{
	const char *part = NULL;
	char *found = NULL;
	size_t n;

	while (!found && previous_part(path, &part, &n))
		found = find_id(part, n)
				?: find_name(part, n, "lxc.payload.", "")
				?: find_name(part, n, "machine-", ".scope");
	return found;
}
