// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/glob.h"

#include <fnmatch.h>
#include <locale.h>

bool glob_matches(const char *pattern, const char *name)
{
	/* This one is a constant of the C library: it takes no memory. */
	const locale_t bytes = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	const locale_t before = uselocale(bytes);
	const bool found = !fnmatch(pattern, name, 0);

	uselocale(before);
	freelocale(bytes);
	return found;
}
