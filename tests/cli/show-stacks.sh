# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# From where in the code buffers were made.
snap born
for ino in 1 3 4 5 6 10 11 12; do
	try "dmabuf show --input born.snap $ino"
done
try "dmabuf show --input born.snap 1 --json | jq -c .stacks.kernel[],.stacks.user[],.stacks.cut"
try "dmabuf show --input born.snap 5 --json | jq -c .stacks"
try "dmabuf list --input born.snap -o ino,born_by,stack"
try "dmabuf list --input born.snap --json | jq -c '.buffers[] | [.ino, .stack]'"
# A row for each stack.
try "dmabuf leaks --input born.snap"
try "dmabuf leaks --input born.snap --json | jq -c '.leaks[] | [.inos, .made, .stack]'"
# A saved file has them.
try "dmabuf save --input born.snap - | dmabuf show --input - 1"
