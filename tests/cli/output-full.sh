# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A full device: each command reports the error and the reason.
f=data/7.3-basic.dmabuf
snap many 2000
try "dmabuf --input $f >/dev/full"
try "dmabuf list --input $f >/dev/full"
try "dmabuf list --input $f --json >/dev/full"
try "dmabuf list --input data/7.3-empty.dmabuf >/dev/full"
try "dmabuf list --input many.snap >/dev/full"
try "dmabuf list --input many.snap --json >/dev/full"
try "dmabuf doctor --root data/7.3-basic-root >/dev/full"
try "dmabuf --help >/dev/full"
try "dmabuf --version >/dev/full"
try "dmabuf save --input $f - >/dev/full"
snap gaps
try "dmabuf list --input gaps.snap >/dev/full"
# A pipe without a reader. If SIGPIPE is ignored, there is an error.
try "dmabuf list --input many.snap | head -n 1"
try "(trap '' PIPE; dmabuf list --input many.snap) | head -n 1"
