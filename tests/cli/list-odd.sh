# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is unknown, at the limits of numbers, not whole, or nasty.
for kind in unknown huge gaps nasty; do
	snap $kind
	try "dmabuf list --input $kind.snap"
	try "dmabuf list --input $kind.snap --bytes --no-headings"
	try "dmabuf list --input $kind.snap --json"
	try "dmabuf list --input $kind.snap --json | jq -e .complete"
done
