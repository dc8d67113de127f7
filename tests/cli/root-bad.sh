# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A recorded tree that is missing, empty or damaged: an error, never "no buffers".
mkdir empty
touch file
try "dmabuf list --root /nonexistent"
try "dmabuf list --root file"
try "dmabuf list --root ''"
try "dmabuf list --root empty"
try "dmabuf list --root empty --json"
try "dmabuf --root empty"
try "dmabuf list --root empty --collector pinned"
try "dmabuf list --root empty --collector iter_open"
try "dmabuf list --root empty --collector iter_seq"
try "dmabuf list --root empty --collector list_walk"

mkdir -p tree/sys/fs/bpf/dmabuf
records=tree/sys/fs/bpf/dmabuf/records
good=data/7.3-basic-root/sys/fs/bpf/dmabuf/records
head -c 1000 $good >$records
try "dmabuf list --root tree --collector pinned"
echo "no records" >$records
try "dmabuf list --root tree --collector pinned"
# Recorded on a big-endian machine.
printf '\333\017\001\001\000\000\001\000' >$records
try "dmabuf list --root tree --collector pinned"
# A saved snapshot without its head also has records of holders.
dmabuf save --root data/6.1-shared-root saved 2>/dev/null
tail -c +129 saved >$records
try "dmabuf list --root tree --collector pinned"
rm $records saved
mkdir $records
try "dmabuf list --root tree --collector pinned"
rmdir $records
ln -s records $records
try "dmabuf list --root tree --collector pinned"
rm $records

text=tree/sys/fs/bpf/dmabuf/prog_dmabufIter_iter_dmabuf
printf '1\n4096\n\nsystem\n2\n4096\n' >$text
try "dmabuf list --root tree --collector pinned"
printf '1\n4096\n\nsystem\n2\n-1\n\nsystem\n' >$text
try "dmabuf list --root tree --collector pinned"
printf '1\n4096\nname\0more\nsystem\n' >$text
try "dmabuf list --root tree --collector pinned"
# Without --collector all collectors are tried, and none works.
try "dmabuf list --root tree"
