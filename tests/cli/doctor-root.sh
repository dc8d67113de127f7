# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On a recorded tree only collectors with files in it work. doctor does not ask the
# kernel.
try "dmabuf doctor --root data/7.3-basic-root"
try "dmabuf doctor --root data/7.3-basic-root --json"
try "dmabuf doctor --root data/7.3-basic-root --no-headings"
try "dmabuf doctor --root data/7.3-basic-root --columns collector,gives"
try "dmabuf doctor --root data/7.3-basic-root --columns collector,used,misses \
--sort -collector"
try "dmabuf doctor --root data/7.3-basic-text-root"
try "dmabuf doctor --root data/7.3-basic-root --json | jq -c \
'[.probes[] | [.collector, .used]]'"
