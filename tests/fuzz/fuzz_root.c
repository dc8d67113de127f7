// SPDX-License-Identifier: GPL-2.0-or-later
/* Recorded systems: each command on a tree of files that anybody made. */
#include "program.h"
#include "tree.h"

static const char *const lines[] = {
	"list --root %",
	"list --root % --json --collector procfs",
	"list --root % --json --collector sysfs",
	"list --root % --json --collector debugfs",
	"list --root % --json --collector pinned",
	"leaks --root % --json",
	"ps --root % --json --columns pid,comm,cgroup,unit,container",
	"heaps --root % --json",
	"doctor --root %",
	"summary --root % --fail-if kernel_only>1M",
	"show --root % 5",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	tree_begin();
	tree_unpack(data + 1, size - 1);
	program_run(lines[data[0] % ARRAY_SIZE(lines)], tree);
	tree_clear();
	return 0;
}
