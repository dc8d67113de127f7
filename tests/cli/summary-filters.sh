# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sums of some buffers, and of what processes hold of these.
snap aged
try "dmabuf --input aged.snap"
try "dmabuf summary --input aged.snap --exporter udmabuf"
try "dmabuf summary --input aged.snap --older-than 10m"
try "dmabuf summary --input aged.snap --born-by 812 --json | jq -c '.totals, .exporters, .top_processes'"
try "dmabuf summary --input aged.snap --name nothing"
# Buffers that were made before tracking began are older than it, for sure. Whether they are
# older than that, and who made them, is not known.
try "dmabuf list --input aged.snap -n -o ino --older-than 2h"
try "dmabuf list --input aged.snap --older-than 3h"
try "dmabuf list --input aged.snap --json --older-than 3h --born-by camera-hal | jq -c '.complete, .gaps, .totals'"
try "dmabuf list --input aged.snap --older-than 3h --exporter udmabuf"
try "dmabuf ps --input aged.snap --older-than 3h"
try "dmabuf leaks --input aged.snap --born-by nobody"
try "dmabuf list --input aged.snap -n -o ino --born-by 812 --fail-if 'any age>1h'"
# Buffers whose births are not noted, or are lost, may match too.
snap aged-some
try "dmabuf summary --input aged-some.snap --older-than 10m"
try "dmabuf list --input aged-some.snap --born-by 812 --json | jq -c '.complete, .gaps, [.buffers[].ino]'"
try "dmabuf list --input aged-some.snap --older-than 10m --exporter system"
try "dmabuf list --input aged-some.snap -n -o ino --older-than 10m --fail-if 'buffers>2'"
try "dmabuf ps --input aged-some.snap -n -o pid,fds --born-by 812 812"
try "dmabuf leaks --input aged-some.snap --older-than 10m"
mksnap aged 5 >lost.snap
try "dmabuf list --input lost.snap -n -o ino --older-than 10m --fail-if 'buffers>1'"
