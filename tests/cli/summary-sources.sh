# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Other kernels and collectors; no buffers at all; recorded trees.
try "dmabuf --input data/6.1-basic.dmabuf"
try "dmabuf --input data/6.1-basic.dmabuf --json"
try "dmabuf --input data/7.3-empty.dmabuf"
try "dmabuf --input data/7.3-empty.dmabuf --no-headings"
try "dmabuf --input data/7.3-empty.dmabuf --json"
try "dmabuf --root data/7.3-basic-root"
# Android's text does not have attachments: they are unknown, not zero.
try "dmabuf --root data/7.3-basic-text-root"
try "dmabuf --root data/7.3-basic-text-root --json"
# Options before and after the command.
try "dmabuf --bytes --root data/7.3-basic-root summary --no-headings"
