# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that cannot be written completely does not replace the old one.
f=data/7.3-attach.dmabuf
echo old >old
# The limit of a file's size is one block, and the snapshot is larger.
try "(ulimit -f 1; trap '' XFSZ; dmabuf save --input $f old); cat old"
# The signal of this limit ends the program.
limited()
{
	(ulimit -f 1; exec env --default-signal=XFSZ dmabuf save --input $f old) &
	wait $! 2>/dev/null
}
try limited
try "ls -A; cat old"
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
# Several writers
for _ in 1 2 3 4 5 6; do
	for input in one two; do
		dmabuf save --input $input file &
	done
	wait
done
try "dmabuf list --input file --no-headings --columns ino | wc -l | tr 2 3"
dmabuf save --input one file
# The file is the last one written, with new numbers for its keys.
dmabuf save --input one again
try "cmp again file"
