# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot of an arm64 kernel, read on any machine.
f=data/6.12-arm64-basic.dmabuf
try "dmabuf list --input $f"
try "dmabuf ps --input $f"
try "dmabuf leaks --input $f"
# Saved here, it has the same bytes.
try "dmabuf save --input $f - | cmp - $f"
