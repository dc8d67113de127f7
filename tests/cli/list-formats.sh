# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every format of the list, on a recorded kernel.
f=data/7.3-basic.dmabuf
try "dmabuf list --input $f"
try "dmabuf list --input $f --bytes"
try "dmabuf list --input $f --no-headings"
try "dmabuf list --input $f --columns name,size,ino"
try "dmabuf list --input $f --columns=refs --no-headings"
try "dmabuf list --input $f --columns ino,ino --no-headings | head -n 1"
try "dmabuf list --input $f --json"
try "dmabuf list --input $f --json --columns attachments,ino"
try "dmabuf list --input $f --json | jq -c '.totals, (.buffers | length)'"
# A file does not have kernel addresses, so they are unknown.
try "dmabuf list --input $f --columns ino,address | head -n 2"
try "dmabuf list --input $f --columns ino,address --json | sed -n 2p"
# Letters are the same as names.
try "cmp <(dmabuf list --input $f -J) <(dmabuf list --input $f --json)"
try "cmp <(dmabuf list --input $f -nb) <(dmabuf list --input $f --no-headings --bytes)"
try "dmabuf list --input $f -nboino,size | head -n 2"
