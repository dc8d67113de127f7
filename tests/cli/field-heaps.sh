# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Heaps of trees after reports from the field; tests/data/README says what is odd in each.

# look TREE: its heaps, and the node of the default region
look()
{
	try "dmabuf heaps --root data/field/$1"
	try "dmabuf heaps --root data/field/$1 --json"
	try "dmabuf heaps --root data/field/$1 --resolve default-cma"
}

look pages-16k
look heap-link
look heap-vendor-name
look heap-uncached
look heap-helpers

# A recorded size of pages says what the sum of the regions cannot.
cp -r data/field/heap-link tree
mkdir -p tree/proc/self
echo "KernelPageSize:       16 kB" >tree/proc/self/smaps
try "dmabuf heaps --root tree --columns heap,size,free_bytes"
echo "KernelPageSize:       17 kB" >tree/proc/self/smaps
try "dmabuf heaps --root tree --columns heap,size,free_bytes"

# The name of a link comes after that of its node, wherever both stand.
ln -s system tree/dev/dma_heap/a-link
ln -s vidbuf_cached tree/dev/dma_heap/z-link
try "dmabuf heaps --root tree --columns heap,aliases,region,buffers"

# Buffers of the only heap are that heap's.
cp -r data/field/heap-helpers one
rm one/dev/dma_heap/system
try "dmabuf heaps --root one"

# No region has the name of this heap.
cp -r data/field/heap-uncached other
touch other/dev/dma_heap/secure
try "dmabuf heaps --root other --columns heap,region,size"
