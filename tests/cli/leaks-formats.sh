# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Buffers that no process holds, and references that nothing explains.
snap leaking
try "dmabuf leaks --input leaking.snap"
try "dmabuf leaks --input leaking.snap --json"
try "dmabuf leaks --input leaking.snap --columns buffers,inos,devices,size --no-headings"
try "dmabuf leaks --input leaking.snap --name 'l*' --json | jq -c .totals"
try "dmabuf leaks --input leaking.snap --exporter udmabuf"
# Without access to all processes there is no verdict.
snap blind
try "dmabuf leaks --input blind.snap"
try "dmabuf leaks --input blind.snap --json | jq -c .totals"
snap good
try "dmabuf leaks --input good.snap"
