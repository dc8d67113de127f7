# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A saved snapshot has the same buffers, and saving it again gives the same file.
for f in 7.3-basic 7.3-names 7.3-attach 7.3-empty 6.1-basic; do
	try "dmabuf save --input data/$f.dmabuf copy"
	try "cmp copy data/$f.dmabuf"
	try "dmabuf save --input data/$f.dmabuf - | cmp - data/$f.dmabuf"
done
for kind in good unknown huge nasty gaps; do
	snap $kind
	try "dmabuf save --input $kind.snap copy"
	dmabuf list --json --input $kind.snap >first
	dmabuf list --json --input copy >second
	try "cmp first second"
done
try "dmabuf save --root data/7.3-basic-root copy"
dmabuf list --json --root data/7.3-basic-root >first
dmabuf list --json --input copy >second
try "cmp first second"
# Saving a file over itself.
try "dmabuf save --input copy copy"
dmabuf list --json --input copy >second
try "cmp first second"
