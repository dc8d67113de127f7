# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The text of Android's dmabuf_dump, and of dmabuf_dump -b.
snap held
try "dmabuf ps --input held.snap --format=dmabuf_dump"
try "dmabuf ps --input held.snap --format dmabuf_dump 102"
try "dmabuf list --input held.snap --format dmabuf_dump"
try "dmabuf list --input held.snap --format table --no-headings | wc -l"
try "dmabuf list --input held.snap --format json | jq .totals.bytes"
try "dmabuf list --input held.snap --format csv"
try "dmabuf list --input held.snap --json --format dmabuf_dump"
try "dmabuf summary --input held.snap --format dmabuf_dump"
# A name cannot forge a line.
snap nasty
try "dmabuf ps --input nasty.snap --format dmabuf_dump"
try "dmabuf list --input nasty.snap --format dmabuf_dump"
snap blind
try "dmabuf ps --input blind.snap --format dmabuf_dump --fail-if 'buffers>1'"
# dmabuf_dump -b has no holders, so they are not searched for.
try "dmabuf list --root data/6.12-shared-root --format dmabuf_dump | tail -n 1"
try "dmabuf list --root data/6.12-shared-root --format dmabuf_dump >list"
try "dmabuf list --root data/6.12-shared-root --format dmabuf_dump --fail-if 'kernel_only>1P' >list"
