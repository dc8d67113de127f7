# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names with every byte that a terminal, a line or JSON could trip over.
f=data/7.3-names.dmabuf
try "dmabuf list --input $f"
try "dmabuf list --input $f --columns name --no-headings --sort ino"
try "dmabuf list --input $f --json --sort ino"
try "dmabuf list --input $f --json | jq -c '[.buffers[].name]'"
# A line is a buffer, and no byte of a name is a control character.
try "dmabuf list --input $f --no-headings | wc -l"
try "dmabuf list --input $f | LC_ALL=C tr -d '[:print:]\n\200-\377' | wc -c"
try "dmabuf list --input $f | iconv -f UTF-8 -t UTF-8 >/dev/null"
try "dmabuf list --input $f --json | iconv -f UTF-8 -t UTF-8 >/dev/null"
