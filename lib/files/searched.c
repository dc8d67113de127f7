// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/searched.h"

#include <stdio.h>

#include "files/kinds.h"
#include "snapshot/gaps.h"

/* A module that is not loaded, or built in, does not have the first file. */
static bool lacks_types(const struct sysroot *sysroot, const char *module)
{
	char loaded[64], types[64];

	snprintf(loaded, sizeof(loaded), "sys/module/%s/initstate", module);
	snprintf(types, sizeof(types), "sys/kernel/btf/%s", module);
	return sysroot_has(sysroot, loaded) && !sysroot_has(sysroot, types);
}

/* Lists the modules of a kind that lack types, with ", " between them. */
static void list_modules(const struct reach *reach, const struct kind *kind,
			 char *to, size_t size)
{
	const char *const *module = kind->modules;
	size_t n = 0;

	to[0] = 0;
	for (; module && *module && n < size; module++)
		if (lacks_types(&reach->ctx->sysroot, *module))
			n += snprintf(to + n, size - n, "%s%s", n ? ", " : "",
				      *module);
}

/* Some distributions strip modules of their types. */
static void why_missing(const struct reach *reach, const struct kind *kind,
			char *why, size_t size)
{
	const enum kernel_field field =
		layout_first_missing(&reach->layout, kind->needs);
	char modules[64];

	list_modules(reach, kind, modules, sizeof(modules));
	if (modules[0])
		snprintf(why, size,
			 "no type information (BTF) in %s: load modules that "
			 "have it, built with CONFIG_DEBUG_INFO_BTF_MODULES=y "
			 "(Linux 5.11)",
			 modules);
	else if (field != FIELDS)
		snprintf(why, size,
			 "this kernel has no type information about %s.%s",
			 layout_type(field), layout_member(field));
	else
		snprintf(why, size,
			 "this kernel has no type information about them");
}

static int add_gaps(const struct reach *reach, const struct kind *kind,
		    struct dmabuf_snapshot *snapshot)
{
	const uint32_t bit = 1U << (kind - kinds);
	char why[DMABUF_REC_WHY_LEN];
	int r = 0;

	if (reach->cut & bit)
		r = snapshot_add_gap(snapshot, kind->what, 0,
				     "one file has too many to list");
	if (!r && reach->torn & bit)
		r = snapshot_add_gap(snapshot, kind->what, 0,
				     "a list changed while it was read");
	if (!r && reach->missing & bit) {
		why_missing(reach, kind, why, sizeof(why));
		r = snapshot_add_gap(snapshot, kind->what, 0, why);
	}
	if (!r && reach->opaque & bit)
		r = snapshot_add_gap(snapshot, kind->what, 0,
				     "a driver keeps them in a way of its "
				     "own");
	return r;
}

int searched_tell(const struct reach *reach, struct dmabuf_snapshot *snapshot,
		  uint32_t types, uint32_t *covers)
{
	const uint32_t parts =
		reach->cut | reach->torn | reach->missing | reach->opaque;
	uint32_t whole = 0, unseen = 0;
	const struct kind *kind;
	int r = 0;

	for (kind = kinds; !r && kind < kinds + KEEPER_KINDS; kind++) {
		r = add_gaps(reach, kind, snapshot);
		*(parts & 1U << (kind - kinds) ? &unseen : &whole) |=
			kind->covers;
	}
	if (!r)
		*covers |= whole & ~unseen & types;
	return r;
}
