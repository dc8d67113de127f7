# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sums of some buffers, and of what processes hold of these.
snap aged
try "dmabuf --input aged.snap"
try "dmabuf summary --input aged.snap --exporter udmabuf"
try "dmabuf summary --input aged.snap --older-than 10m"
try "dmabuf summary --input aged.snap --born-by 812 --json | jq -c '.totals, .exporters, .top_processes'"
try "dmabuf summary --input aged.snap --name nothing"
