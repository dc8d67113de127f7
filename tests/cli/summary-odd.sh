# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is unknown, larger than a sum can be, not whole, or nasty.
for kind in unknown huge gaps nasty; do
	snap $kind
	try "dmabuf --input $kind.snap"
	try "dmabuf --input $kind.snap --bytes --no-headings"
	try "dmabuf --input $kind.snap --json"
	try "dmabuf --input $kind.snap --json | jq -e .complete"
done
