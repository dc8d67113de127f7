# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that are not snapshots, or truncated ones: an error, never an empty table.
f=data/7.3-basic.dmabuf
try "dmabuf list --input /nonexistent"
try "dmabuf list --input /nonexistent --json"
try "dmabuf list --input ''"
try "dmabuf list --input ."
try "dmabuf list --input data/README"
: >nothing
try "dmabuf list --input nothing"
for size in 1 7 127 128 264 300 2951; do
	head -c "$size" $f >begin
	try "dmabuf list --input begin # of $size bytes"
done
try "dmabuf --input begin"
try "dmabuf --input begin --json"
(cat $f; echo more) >long
try "dmabuf list --input long"
cat $f $f >twice
try "dmabuf list --input twice"
snap newer
try "dmabuf list --input newer.snap"
snap swapped
try "dmabuf list --input swapped.snap"
snap noise 5000
try "dmabuf list --input noise.snap"
snap noisy-body 5000
try "dmabuf list --input noisy-body.snap"
gzip -c $f >compressed
try "dmabuf list --input compressed"
try "dmabuf list --input \$'a\\nb\\033[1m'"
