# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unknown values, sums that overflow, gaps, and nasty names.
for kind in unknown huge gaps nasty; do
	snap $kind
	try "dmabuf --input $kind.snap"
	try "dmabuf --input $kind.snap --bytes --no-headings"
	try "dmabuf --input $kind.snap --json"
	try "dmabuf --input $kind.snap --json | jq -e .complete"
done
