# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Buffers shared by processes; the totals count only these.
snap held
try "dmabuf shared --input held.snap 101 102"
try "dmabuf shared --input held.snap 101 102 103"
try "dmabuf shared --input held.snap 102 101 --json"
try "dmabuf shared --input held.snap 101 102 --exporter udmabuf --json | jq -c .totals"
try "dmabuf shared --input held.snap 101 104"
