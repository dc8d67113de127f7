# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every format of the heaps of a recorded kernel, which has two CMA regions.
r=data/6.12-heaps-root
try "dmabuf heaps --root $r"
try "dmabuf heaps --root $r --bytes"
try "dmabuf heaps --root $r --no-headings 2>/dev/null"
try "dmabuf heaps --root $r --columns node,access,device,used_bytes"
try "dmabuf heaps --root $r --columns=heap,buffers,bytes"
try "dmabuf heaps --root $r --json"
try "dmabuf heaps --root $r --json --columns heap,aliases"
# Options for tables do not change JSON.
try "dmabuf heaps --root $r --json --bytes --no-headings | jq -c .totals"
# Unknown values come last in both directions.
for column in free_bytes -free_bytes -buffers -heap top_holders -aliases; do
	try "dmabuf heaps --root $r --columns heap --sort $column"
done
try "dmabuf --root $r heaps --columns heap"

# A tree without buffers and without regions can have heaps.
mkdir -p tree/dev/dma_heap
touch tree/dev/dma_heap/system
try "dmabuf heaps --root tree --columns heap,aliases,region,size"
try "dmabuf heaps --root tree --columns heap,aliases,region,size --json"
