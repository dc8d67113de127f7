# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Holders of each buffer, in the list and in totals; also with filters.
snap leaking
try "dmabuf list --input leaking.snap"
try "dmabuf list --input leaking.snap --sort -processes --json"
try "dmabuf list --input leaking.snap --columns ino,explained,unexplained,kernel_only"
try "dmabuf list --input leaking.snap --exporter 'd*' --columns ino,exporter"
try "dmabuf list --input leaking.snap --name '' --columns ino,name"
try "dmabuf list --input leaking.snap --name nothing"
try "dmabuf --input leaking.snap"
try "dmabuf --input leaking.snap --json"
try "dmabuf --input leaking.snap --exporter drm --json | jq -c .totals"
