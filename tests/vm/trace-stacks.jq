# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares the stacks of events, $events, with the truth of who made buffers, $truth.
# $callers: whether the callers of functions of the kernel are known. Prints differences.

def symbols: map(.symbol // "");

($truth[0].births | map({key: "\(.ino)", value: .site}) | from_entries) as $sites
| [$events[] | select(.event == "made" and $sites["\(.ino)"])] as $made
| (if ($made | length) != ($sites | length) then "made: \($made | length)" else empty end),
  ($made[]
	| $sites["\(.ino)"] as $site
	| select([.stacks.user | symbols[] | select(startswith("site_"))] != [$site])
	| "\(.ino) was made in \($site): \(.stacks.user)"),
  ($made[]
	| (.stacks.kernel | symbols) as $calls
	| select($callers and $calls[0] == "" or ($calls | any(test("bpf|^__traceiter_|kretprobe|rethook|^dma_buf_export$"))))
	| "\(.ino): the kernel's stack begins with what traces: \($calls)"),
  ($made[]
	| (.stacks.kernel | symbols) as $calls
	| select($callers and ($calls | any(test("sys_ioctl$|entry_SYSCALL|el0")) | not))
	| "\(.ino): the kernel's stack does not begin at a system call: \($calls)")
