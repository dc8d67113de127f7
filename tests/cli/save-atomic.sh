# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that cannot be written completely does not replace the old one.
f=data/7.3-attach.dmabuf
echo old >old
# The limit of a file's size is one block, and the snapshot is larger.
try "(ulimit -f 1; trap '' XFSZ; dmabuf save --input $f old); cat old"
try "ls -A"
# A reader sees either the old file or the new one.
mksnap many 2000 >one
mksnap many 3000 >two
cp one file
for _ in 1 2 3 4 5 6 7 8 9 10; do
	dmabuf save --input two file
	dmabuf save --input one file
done &
writer=$!
while kill -0 $writer 2>/dev/null; do
	dmabuf list --input file --no-headings --columns ino >seen || echo failed
	wc -l <seen
done | sort | uniq | grep -vE '^(2000|3000)$'
wait
# The file is the last one written, with new numbers for its keys.
dmabuf save --input one again
try "cmp again file"
