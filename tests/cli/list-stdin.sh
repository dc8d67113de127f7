# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot on stdin: from a pipe, from a file, and from a pipe byte by byte.
f=data/7.3-basic.dmabuf
try "cat $f | dmabuf list --input - | head -n 2"
try "dmabuf list --input - <$f | head -n 2"
try "dd if=$f bs=1 status=none | dmabuf list --input=- | head -n 2"
try "dmabuf list --input /dev/stdin <$f | head -n 2"
try "dmabuf list --input - </dev/null"
try "dmabuf list --input - <&-"
try "dmabuf list --input ./- <$f"
