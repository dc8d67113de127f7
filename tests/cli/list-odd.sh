# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unknown values, numbers at their limits, gaps, and nasty names.
for kind in unknown huge gaps nasty; do
	snap $kind
	try "dmabuf list --input $kind.snap"
	try "dmabuf list --input $kind.snap --bytes --no-headings"
	try "dmabuf list --input $kind.snap --json"
	try "dmabuf list --input $kind.snap --json | jq -e .complete"
done
