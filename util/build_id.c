// SPDX-License-Identifier: LGPL-2.1-or-later
#include "util/build_id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static bool are_zeros_from(const uint8_t id[BUILD_ID_BYTES], size_t at)
{
	while (at < BUILD_ID_BYTES && !id[at])
		at++;
	return at == BUILD_ID_BYTES;
}

char *build_id_text(const uint8_t id[BUILD_ID_BYTES], char text[BUILD_ID_TEXT])
{
	const size_t n = are_zeros_from(id, 8)	  ? 8
			 : are_zeros_from(id, 16) ? 16
						  : BUILD_ID_BYTES;
	size_t i;

	for (i = 0; i < n; i++)
		sprintf(text + 2 * i, "%02x", id[i]);
	return text;
}
