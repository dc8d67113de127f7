// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of Android's dmabuf_dump, which each command writes by itself. It
 * has no columns: nothing is searched for on their behalf, such as holders.
 */
#include "cli/format.h"

static int write_dump(const struct answer *answer, FILE *file)
{
	return answer->envelope->dump(answer->envelope->data, file);
}

const struct format format_dmabuf_dump = {
	.name = "dmabuf_dump",
	.write = write_dump,
};
