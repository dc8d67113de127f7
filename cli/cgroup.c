// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
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

struct part {
	const char *at;
	size_t n;
};

/* Goes through the parts of a path. Return: false at its end. */
static bool next_part(const char **path, struct part *ret)
{
	ret->at = *path + strspn(*path, "/");
	ret->n = strcspn(ret->at, "/");
	*path = ret->at + ret->n;
	return ret->n;
}

/*
 * Whether it stands before units. A reader in a cgroup namespace sees ".." in
 * the paths of other cgroups.
 */
static bool is_slice(const struct part *part)
{
	return ends_with(part->at, part->n, ".slice") ||
	       (part->n == 2 && !memcmp(part->at, "..", 2));
}

/* Whether it is a service whose own units follow, those of a user. */
static bool is_user_manager(const struct part *part)
{
	static const char begin[] = "user@";

	return part->n > strlen(begin) &&
	       !memcmp(part->at, begin, strlen(begin));
}

/* The name of a unit. systemd adds '_' to one that the kernel may have. */
static struct part unit_name(struct part part)
{
	const size_t escape = part.at[0] == '_';

	return (struct part){ part.at + escape, part.n - escape };
}

char *cgroup_unit(const char *path)
{
	struct part part, host = { "", 0 }, inner = { "", 0 };
	/* Whether only slices came so far, so that this systemd has the unit */
	bool ours = true;
	char *unit;

	while (next_part(&path, &part)) {
		if (!is_unit(part.at, part.n)) {
			ours = ours && is_slice(&part);
		} else if (ours) {
			host = unit_name(part);
			ours = is_user_manager(&host);
		} else {
			inner = unit_name(part);
		}
	}
	if ((!host.n && !inner.n) ||
	    asprintf(&unit, "%.*s%s%.*s", (int)host.n, host.at,
		     inner.n ? "/" : "", (int)inner.n, inner.at) < 0)
		return NULL;
	return unit;
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
