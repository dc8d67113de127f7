// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cgroup.h"
#include "util/array.h"
#include "util/cleanup.h"

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

static bool is_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

/* Undoes the escapes of systemd in place: "a\x2db" is "a-b". */
static char *unescape(char *name)
{
	char *to = name, *at;
	unsigned int byte;

	for (at = name; at && *at; at++, to++) {
		*to = *at;
		if (!strncmp(at, "\\x", 2) && is_hex(at + 2, 2) &&
		    sscanf(at + 2, "%2x", &byte) == 1 && byte) {
			*to = byte;
			at += 3;
		}
	}
	if (to)
		*to = 0;
	return name;
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
	return unescape(unit);
}

/* Whether the part ends with "-" or ":" and an ID of 64 digits, or is one. */
static bool ends_with_id(const struct part *part, const char **ret)
{
	const char *id = part->at + part->n - ID_LEN;

	if (part->n < ID_LEN || !is_hex(id, ID_LEN) ||
	    (part->n > ID_LEN && !strchr("-:", id[-1])))
		return false;
	*ret = id;
	return true;
}

/* ECS has 32 digits, "-", and a decimal number. */
static bool is_ecs_id(const struct part *part)
{
	enum { TASK = 32 };

	return part->n > TASK + 1 && is_hex(part->at, TASK) &&
	       part->at[TASK] == '-' &&
	       strspn(part->at + TASK + 1, "0123456789") == part->n - TASK - 1;
}

/*
 * Such as docker-ID.scope, cri-containerd-ID.scope, SLICE:cri-containerd:ID, or
 * just ID. Each container of Podman and CRI-O has a monitor beside it.
 */
static char *find_id(struct part part)
{
	static const char monitor[] = "conmon";
	const char *id;

	if (ends_with(part.at, part.n, ".scope"))
		part.n -= strlen(".scope");
	if (is_ecs_id(&part))
		return strndup(part.at, ID_SHOWN);
	if (!ends_with_id(&part, &id) ||
	    (id > part.at && ends_with(part.at, id - 1 - part.at, monitor)))
		return NULL;
	return strndup(id, ID_SHOWN);
}

/* Whether libvirt or another manager gave this name to a virtual machine. */
static bool is_vm(const char *name)
{
	static const char *const begins[] = { "qemu-", "xen-", "ch-" };
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		n = strlen(begins[i]);
		if (!strncmp(name, begins[i], n) &&
		    isdigit((unsigned char)name[n]))
			return true;
	}
	return false;
}

/* Finds a name in a part that is made for a container of this name. */
static char *find_name(const struct part *part)
{
	static const struct {
		const char *begin, *end;
	} makers[] = {
		{ "lxc.payload.", "" },
		{ "machine-", ".scope" },
		{ "systemd-nspawn@", ".service" },
		{ "crun-", ".scope" },
		{ "runc-", ".scope" },
	};
	size_t i, begin, end;

	for (i = 0; i < ARRAY_SIZE(makers); i++) {
		begin = strlen(makers[i].begin);
		end = strlen(makers[i].end);
		if (part->n > begin + end &&
		    !memcmp(part->at, makers[i].begin, begin) &&
		    !memcmp(part->at + part->n - end, makers[i].end, end))
			return unescape(strndup(part->at + begin,
						part->n - begin - end));
	}
	return NULL;
}

/* Whether the next part is the name of a container of LXC. */
static bool is_lxc(const struct part *part)
{
	return (part->n == 3 && !memcmp(part->at, "lxc", 3)) ||
	       (part->n == 11 && !memcmp(part->at, "lxc.payload", 11));
}

char *cgroup_container(const char *path)
{
	struct part part;
	char *found = NULL;
	bool of_lxc = false;

	while (!found && next_part(&path, &part)) {
		found = find_id(part) ?: find_name(&part);
		if (!found && of_lxc)
			found = strndup(part.at, part.n);
		of_lxc = is_lxc(&part);
	}
	if (found && is_vm(found))
		free(take_ptr(found));
	return found;
}
