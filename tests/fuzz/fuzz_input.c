// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshot files: every command, and each way in which it writes. */
#include "program.h"
#include "snapshot/file.h"

static const char *const lines[] = {
	"summary --input %",
	"summary --input % --json --fail-if buffers>1,kernel_only>=4K",
	"list --input %",
	"list --input % --json --sort -size",
	"list --input % --columns ino,size,holders,address --sort name",
	"list --input % --json --exporter sys* --name *a*",
	"ps --input %",
	"ps --input % --json",
	"ps --input % --columns pid,cgroup,unit,container --sort container",
	"ps --input % --format dmabuf_dump",
	"list --input % --format dmabuf_dump",
	"shared --input % 101 102",
	"shared --input % 101 102 --json",
	"leaks --input %",
	"leaks --input % --json --sort verdict",
	"show --input % 1",
	"show --input % 30 --json",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot_head head = {
		.magic = SNAPSHOT_MAGIC,
		.order = SNAPSHOT_ORDER,
		.version = SNAPSHOT_VERSION,
	};
	char path[32];
	int fd;

	if (!size)
		return 0;
	/* As the file, or as what follows a good head. */
	head.bytes = size - 1;
	fd = data[0] & 0x80
		     ? fuzz_file(data + 1, size - 1, "", 0)
		     : fuzz_file(&head, sizeof(head), data + 1, size - 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	program_run(lines[(data[0] & 0x7f) % ARRAY_SIZE(lines)], path);
	close(fd);
	return 0;
}
