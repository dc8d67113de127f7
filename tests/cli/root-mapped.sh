# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A recorded tree with the sizes of buffers that are only mapped.
try "dmabuf list --root data/7.3-maps-root"
try "dmabuf ps --root data/7.3-maps-root --json"
# Without the size of one of them, the sums are not known.
mkdir tree
cp -r data/7.3-maps-root/. tree
rm tree/proc/139/map_files/7fa85b2c3000-7fa85b2c5000
try "dmabuf ps --root tree"
try "dmabuf ps --root tree --json | jq -c '.totals, .processes[]'"
try "dmabuf --root tree"
try "dmabuf list --root tree --json | jq -c '.buffers[] | select(.size == null)'"
