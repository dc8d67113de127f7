# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Processes and their buffers, in every format.
snap held
try "dmabuf ps --input held.snap"
try "dmabuf ps --input held.snap --bytes --sort pid"
try "dmabuf ps --input held.snap --columns pid,comm,cgroup,unit,container"
try "dmabuf ps --input held.snap --json"
# The figures of a process do not depend on the other operands.
try "dmabuf ps --input held.snap --bytes 102"
try "dmabuf ps --input held.snap --no-headings 103 101 103"
# Totals are exact to the byte.
try "dmabuf ps --input held.snap --json | jq -c '.totals,
	(.processes | map(.pss) | add) + .totals.kernel_only == .totals.bytes,
	(.processes | map(.rss) | add) == .totals.userspace_rss'"
# This snapshot was saved without a search for holders.
snap good
try "dmabuf ps --input good.snap"
try "dmabuf ps --input good.snap --json"
