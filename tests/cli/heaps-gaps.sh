# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Heaps of trees with missing or odd files.
mkdir empty
try "dmabuf heaps --root empty"
try "dmabuf heaps --root empty --json"
mkdir -p empty/dev/dma_heap
try "dmabuf heaps --root empty"

# A number of a region is missing: heaps are listed, with a gap.
cp -r data/6.12-heaps-root tree
rm tree/sys/kernel/debug/cma/camera/maxchunk
try "dmabuf heaps --root tree"
try "dmabuf heaps --root tree --json | jq -c '.complete, .gaps[], .heaps[0]'"
# Without the column there is no gap.
try "dmabuf heaps --root tree --columns heap,region"
try "dmabuf heaps --root tree --columns heap,region --sort size"
rm -r tree/sys/kernel/debug/cma
try "dmabuf heaps --root tree --columns heap,size,used_bytes,largest_run"
rm -r tree/sys/kernel/mm
try "dmabuf heaps --root tree --columns heap,region,size"
rm tree/proc/meminfo
try "dmabuf heaps --root tree --columns heap,region,size"

# The kernel's configuration says how buffers are aligned.
cp -r data/6.12-heaps-root unaligned
rm -r unaligned/boot
try "dmabuf heaps --root unaligned --columns heap,largest_run,largest_alloc"
try "dmabuf heaps --root unaligned --columns heap,free_bytes,largest_run"

# Buffers cannot be read: another gap.
rm tree/sys/kernel/debug/dma_buf/bufinfo
try "dmabuf heaps --root tree --columns heap,buffers,bytes,top_holders"
try "dmabuf heaps --root tree --json | jq -c '.collectors, .gaps[], .totals'"
try "dmabuf heaps --root tree --columns heap,bytes --collector debugfs"

# Numbers at their limits.
mkdir -p huge/dev/dma_heap huge/sys/kernel/debug/cma/reserved huge/proc/self
touch huge/dev/dma_heap/reserved
for file in count used maxchunk; do
	echo 18446744073709551615 >"huge/sys/kernel/debug/cma/reserved/$file"
done
# Old recordings do not tell how large the pages are.
try "dmabuf heaps --root huge --columns heap,size,used_bytes,free_bytes"
echo "KernelPageSize:        4 kB" >huge/proc/self/smaps
try "dmabuf heaps --root huge --columns heap,size,used_bytes,free_bytes"
try "dmabuf heaps --root huge --columns size,largest_run --bytes"
try "dmabuf heaps --root huge --columns size,free_bytes --json"

# Names must not control a terminal or break a row.
mkdir -p nasty/dev/dma_heap
nasty=$'a\nb\033[31m\xff "\\'
touch "nasty/dev/dma_heap/$nasty" nasty/dev/dma_heap/default_cma_region
mkdir -p "nasty/sys/kernel/debug/cma/$nasty" \
	"nasty/proc/device-tree/reserved-memory/$nasty"
touch "nasty/proc/device-tree/reserved-memory/$nasty/linux,cma-default"
try "dmabuf heaps --root nasty --columns heap,aliases,region"
try "dmabuf heaps --root nasty --columns heap,aliases,region --json"
try "dmabuf heaps --root nasty --resolve none"
rm nasty/dev/dma_heap/default_cma_region
try "dmabuf heaps --root nasty --columns heap,node,region"
try "dmabuf heaps --root nasty --columns heap,node,region --json"
