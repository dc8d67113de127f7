# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A recorded tree made by somebody else: no FIFO, device or endless file is waited for or
# read, and no link leads out of it.
bufinfo=tree/sys/kernel/debug/dma_buf/bufinfo
records=tree/sys/fs/bpf/dmabuf/records
mkdir -p "${bufinfo%/*}" "${records%/*}" tree/sys/kernel/btf tree/proc/sys/kernel
good=data/6.1-shared-root

mkfifo $bufinfo $records tree/sys/kernel/btf/vmlinux tree/proc/sys/kernel/osrelease
try "timeout 10 dmabuf list --root tree --collector debugfs"
try "timeout 10 dmabuf list --root tree --collector pinned"
try "timeout 10 dmabuf list --root tree"
try "timeout 10 dmabuf doctor --root tree | grep -c ."
try "timeout 10 btfwalk --root tree --explain init_task task_struct.tasks pid"
rm $bufinfo $records tree/proc/sys/kernel/osrelease

# A sparse file of 1 TB.
truncate -s 1T $bufinfo $records
try "timeout 10 dmabuf list --root tree --collector debugfs"
try "timeout 10 dmabuf list --root tree --collector pinned"
rm $bufinfo $records

# Links out of the tree, and one that is absolute, but stays in it.
cp $good/sys/kernel/debug/dma_buf/bufinfo outside
ln -s ../../../../../outside $bufinfo
try "dmabuf list --root tree --collector debugfs"
ln -sf "$PWD/outside" $bufinfo
try "dmabuf list --root tree --collector debugfs"
cp outside tree/inside
ln -sf /inside $bufinfo
try "dmabuf list --root tree --collector debugfs --no-headings | wc -l"

# Processes: descriptors of the reader, mappings that wait, a folder that is a link.
cp -r $good/proc/* tree/proc/
mkdir -p tree/proc/90 tree/proc/91/fd tree/proc/92/fdinfo
ln -s ../../../../../../../../../../proc/self/fd tree/proc/90/fd
mkfifo tree/proc/90/maps tree/proc/91/maps tree/proc/91/comm tree/proc/91/cgroup
ln -s /dmabuf:x tree/proc/91/fd/3
ln -s /proc/self tree/proc/93
try "timeout 10 dmabuf ps --root tree --collector debugfs"

# Heaps: a node that is a link to another one, one that leads out, a FIFO as a figure.
cp -r data/6.12-heaps-root heaps
ln -s camera heaps/dev/dma_heap/vidbuf
ln -s /dev/null heaps/dev/dma_heap/out
try "dmabuf heaps --root heaps --columns node,size"
rm heaps/sys/kernel/debug/cma/camera/count heaps/proc/meminfo
mkfifo heaps/sys/kernel/debug/cma/camera/count heaps/proc/meminfo
try "timeout 10 dmabuf heaps --root heaps --columns node,size"
(cd heaps/dev/dma_heap && seq -f node%g 30000 | xargs touch)
try "timeout 10 dmabuf heaps --root heaps --columns node,size"
# What the user names may be a FIFO.
mkfifo input
cat data/6.1-basic.dmabuf >input &
try "timeout 10 dmabuf list --input input --no-headings | wc -l"
