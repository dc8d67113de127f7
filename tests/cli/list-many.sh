# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ten thousand buffers: each once, and in the right place.
snap many 10000
try "dmabuf list --input many.snap --no-headings | wc -l"
try "dmabuf list --input many.snap | head -n 4"
try "dmabuf list --input many.snap --json | jq -c \
'.totals, ([.buffers[].ino] | unique | length)'"
# Buffers of the same size are sorted by inode.
dmabuf list --input many.snap --no-headings --bytes --columns size,ino |
	tr -s ' ' | sed 's/^ //' >shown
try "sort -k1,1nr -k2,2n shown | cmp - shown"
try "dmabuf --input many.snap | head -n 5"
try "dmabuf --input many.snap --json | jq -c '[.exporters[].buffers] | add'"
