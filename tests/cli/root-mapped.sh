# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A recorded tree with the sizes of buffers that are only mapped.
try "dmabuf list --root data/7.3-maps-root"
try "dmabuf ps --root data/7.3-maps-root --json"
