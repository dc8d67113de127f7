# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A link stays, and the file that it leads to is replaced, as the kernel finds it.
# Not emulated: QEMU 7.2 does not know openat2()
f=data/7.3-basic.dmabuf
mkdir one two
echo old >one/file
ln -s ../one/file two/link
ln -s two/link link
export inode
inode=$(stat -c %i one/file)
try "dmabuf save --input $f link; cmp $f one/file; readlink link two/link"
# A new file, not new bytes in the old one.
try "test \$inode -ne \$(stat -c %i one/file)"
try "dmabuf save --input $f two/../link; ls -A . one two"
# A link to a file that does not exist
ln -s nothing dangling
try "dmabuf save --input $f dangling; readlink dangling; test -e nothing"
ln -s loop loop
try "dmabuf save --input $f loop"
ln -s /dev/null null
try "dmabuf save --input $f null; readlink null"
ln -s one folder
try "dmabuf save --input $f folder"
try "dmabuf save --input $f folder/"
try "dmabuf save --input $f new/"
try "dmabuf save --input $f folder/new; ls -A one"
# A link to a descriptor of the program
ln -s /proc/self/fd/1 out
echo log >log
try "dmabuf save --input $f out >>log; { echo log; cat $f; } | cmp - log; readlink out"
