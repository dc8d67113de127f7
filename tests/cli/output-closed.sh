# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Closed streams: no output is lost or written to a wrong file.
f=data/7.3-basic.dmabuf
try "dmabuf --input $f >&-"
try "dmabuf list --input $f --json >&-"
try "dmabuf --help >&-"
try "dmabuf --version >&-"
try "dmabuf save --input $f - >&-"
try "dmabuf frob >&-"
# Without stderr the exit status reports the error.
try "dmabuf --input $f 2>&- | head -n 1"
try "dmabuf --input /nonexistent 2>&-"
try "btfwalk --list >&-"
try "btfwalk --root ../kernel --explain all_widgets widget.node id 2>&- | head -n 1"
snap gaps
try "dmabuf list --input gaps.snap --columns ino 2>&-"
try "dmabuf save --input gaps.snap first 2>&-"
try "dmabuf save --input first second <&- 2>&-; cmp first second"
try "dmabuf list --input $f <&- | head -n 1"
try "dmabuf list --input gaps.snap <&- >&- 2>&-"
