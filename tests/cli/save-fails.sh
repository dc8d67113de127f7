# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# If save fails: one line on stderr, exit status 1, and the old file stays.
f=data/7.3-basic.dmabuf
mkdir folder
touch file
try "dmabuf save --input $f nowhere/file"
try "dmabuf save --input $f folder"
try "dmabuf save --input $f file/below"
try "dmabuf save --input $f /dev/full"
try "dmabuf save --input $f - >/dev/full"
try "dmabuf save --input $f - >&-"
try "dmabuf save --input $f ''"
try "dmabuf save --input $f \$(printf '%0256d' 0) 2>&1 | tail -c 21"
mkdir $'a\nb\033[1m'
try "dmabuf save --input $f \$'a\\nb\\033[1m'"
rmdir $'a\nb\033[1m'
# A snapshot that cannot be read is not saved.
head -c 1000 $f >begin
echo old >old
try "dmabuf save --input begin old; cat old"
try "dmabuf save --input begin new; test -e new"
try "dmabuf save --input begin - | wc -c"
try "ls -A"
