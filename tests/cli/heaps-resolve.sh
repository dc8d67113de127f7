# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints only the path of a heap, or an error.
r=data/6.12-heaps-root
try "dmabuf heaps --root $r --resolve default-cma"
try "dmabuf heaps --root $r --resolve=system"
# Resolving an alias gives the alias.
try "dmabuf heaps --root $r --resolve reserved"
try "dmabuf heaps --root $r --resolve camera --json"
try "dmabuf heaps --root $r --resolve none"
try "dmabuf heaps --root $r --resolve ''"
try "dmabuf heaps --root $r --resolve /dev/dma_heap/system"
try "dmabuf heaps --root $r --resolve \$'a\\nb\\033[31m\\xff'"

# The names of the default heap on kernels without a fixed name.
mkdir -p tree/dev/dma_heap tree/sys/kernel/mm/cma/pool@78000000 \
	tree/proc/device-tree/reserved-memory/pool@78000000
for heap in system default-pool reserved linux,cma pool@78000000; do
	touch "tree/dev/dma_heap/$heap"
done
touch tree/proc/device-tree/reserved-memory/pool@78000000/linux,cma-default
for heap in pool@78000000 linux,cma default-pool reserved; do
	try "dmabuf heaps --root tree --resolve default-cma"
	rm "tree/dev/dma_heap/$heap"
done
try "dmabuf heaps --root tree --resolve default-cma"
rm tree/dev/dma_heap/system
try "dmabuf heaps --root tree --resolve default-cma"
rmdir tree/dev/dma_heap
try "dmabuf heaps --root tree --resolve default-cma"
try "dmabuf heaps --root /nonexistent --resolve default-cma"
