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
look heap-vendor-name
look heap-uncached

# No region has the name of this heap.
cp -r data/field/heap-uncached tree
touch tree/dev/dma_heap/secure
try "dmabuf heaps --root tree --columns heap,region,size"
