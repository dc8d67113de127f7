# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Buffers that have left the kernel's list, but whose memory descriptors opened with
# O_PATH keep.
snap released
try "dmabuf --input released.snap"
try "dmabuf list --input released.snap"
try "dmabuf list --input released.snap --bytes --exporter cma"
try "dmabuf list --input released.snap --json | jq -c '.complete, .totals, .buffers[-6:][]'"
try "dmabuf list --input released.snap --format dmabuf_dump"
try "dmabuf show --input released.snap 40"
try "dmabuf show --input released.snap 50 --json"
try "dmabuf leaks --input released.snap"
try "dmabuf leaks --input released.snap --json | jq -c .leaks[]"
try "dmabuf ps --input released.snap"
try "dmabuf ps 105 --input released.snap --json | jq -c .totals"
try "dmabuf shared 101 105 --input released.snap"
try "dmabuf leaks --input released.snap --fail-if 'released>5' >/dev/null"
try "dmabuf leaks --input released.snap --fail-if 'released_bytes>=6M' >/dev/null"
# They are no leak of the kernel's.
try "dmabuf leaks --input released.snap --fail-if 'kernel_only>64K,unexplained>0' >/dev/null"
# A saved file has them.
try "dmabuf save --input released.snap - | dmabuf leaks --input -"
# The size of one is not known.
snap released 1
try "dmabuf list --input released.snap --exporter system --name unsized --json | jq -c .totals"
try "dmabuf list --input released.snap --fail-if 'released_bytes>1G' >/dev/null"
# Nobody looked for them.
snap blind
try "dmabuf list --input blind.snap --json | jq -c .totals"
try "dmabuf list --input blind.snap --fail-if 'released>0' >/dev/null"
