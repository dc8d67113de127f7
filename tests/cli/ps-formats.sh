# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What processes hold, in every format.
snap held
try "dmabuf ps --input held.snap"
try "dmabuf ps --input held.snap --bytes --sort pid"
try "dmabuf ps --input held.snap --columns pid,comm,cgroup,unit,container"
try "dmabuf ps --input held.snap --json"
# A process's figures do not depend on who else is asked for.
try "dmabuf ps --input held.snap --bytes 102"
try "dmabuf ps --input held.snap --no-headings 103 101 103"
# To the byte.
try "dmabuf ps --input held.snap --json | jq -c '.totals,
	(.processes | map(.pss) | add) + .totals.kernel_only == .totals.bytes,
	(.processes | map(.rss) | add) == .totals.userspace_rss'"
# Nobody looked for holders when this was saved.
snap good
try "dmabuf ps --input good.snap"
try "dmabuf ps --input good.snap --json"
