# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Trees after reports from the field: what is odd costs one line, one buffer or one
# process. tests/data/README says what is odd in each.

# look TREE: all buffers, what leaks, and whether that is the whole answer
look()
{
	try "dmabuf list --root data/field/$1"
	try "dmabuf leaks --root data/field/$1"
	try "dmabuf list --root data/field/$1 --json | jq -c '.complete, .totals, (.buffers[] | [.name, .kernel_only, .processes])'"
}

look count-0
look fence-newline
look huge-numbers
look refs-of-a-driver
look same-ino
look sysfs-odd
look fdinfo-without-ino
look fdinfo-other-ino
look fdinfo-vendor-line
look maps-long-path
try "dmabuf list --root data/field/maps-long-path --collector procfs"

# A line that no kernel writes, in one process.
cp -r data/field/maps-long-path tree
echo "1000-2000 /dmabuf:" >>tree/proc/200/maps
try "dmabuf leaks --root tree"
try "dmabuf list --root tree --collector procfs"

# A line of a vendor after the devices of one buffer.
cp -r data/field/huge-numbers vendor
sed -i 's/^Total 3 devices attached/&\n\tallocated by: camera/' \
	vendor/sys/kernel/debug/dma_buf/bufinfo
try "dmabuf list --root vendor"

# An absolute link does not lead out of the tree.
try "dmabuf heaps --root data/field/absolute-link --resolve default-cma"

# Nothing tells two buffers with one inode number apart: their holders are unknown.
cp -r data/field/same-ino twins
sed -i 's/^00008192/00004096/; s/\tb$/\ta/; s/, 12288 bytes/, 8192 bytes/' \
	twins/sys/kernel/debug/dma_buf/bufinfo
rm twins/proc/78/fd/5 twins/proc/78/fdinfo/5
try "dmabuf leaks --root twins"
try "dmabuf list --root twins --json | jq -c '.totals, (.buffers[] | [.ino, .name, .kernel_only, .processes])'"
