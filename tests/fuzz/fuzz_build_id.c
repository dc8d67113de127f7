// SPDX-License-Identifier: GPL-2.0-or-later
/* Build IDs of files that anybody may have made. */
#include "fuzz.h"
#include "symbols/build_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t id[SYMBOL_BUILD_ID];
	int fd = fuzz_file(data, size, "", 0), r;

	memset(id, 0xa5, sizeof(id));
	r = build_id_read(fd, id);
	must(!r || r == -ENODATA);
	/* Its bytes are those of the file, then zeros. */
	must(r || memmem(data, size, id, 1));
	must(!r || id[0] == 0xa5);
	close(fd);
	return 0;
}
