# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names with every byte that is special for a terminal, a line or JSON.
f=data/7.3-names.dmabuf
try "dmabuf list --input $f"
try "dmabuf list --input $f --columns name --no-headings --sort ino"
try "dmabuf list --input $f --json --sort ino"
try "dmabuf list --input $f --json | jq -c '[.buffers[].name]'"
# Each buffer has one line, and names have no control characters.
try "dmabuf list --input $f --no-headings | wc -l"
try "dmabuf list --input $f | LC_ALL=C tr -d '[:print:]\n\200-\377' | wc -c"
try "dmabuf list --input $f | iconv -f UTF-8 -t UTF-8 >/dev/null"
try "dmabuf list --input $f --json | iconv -f UTF-8 -t UTF-8 >/dev/null"
