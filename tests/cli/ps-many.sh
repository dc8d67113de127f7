# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A hundred thousand operands, and as many processes: the time is proportional to both,
# not to their product, which would take more CPU seconds than the limit.
snap processes 100000
ulimit -t 10
seq 100000 -1 1 >all
try "xargs -s 2000000 -n 100000 dmabuf ps --input processes.snap --no-headings <all | wc -l"
try "xargs -s 2000000 -n 100000 dmabuf shared --input processes.snap --no-headings <all"
try "dmabuf ps --input processes.snap --no-headings --columns pid --sort pid 9 7 9"
