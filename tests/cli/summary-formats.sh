# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every format of the summary, the default command, on a recorded kernel.
f=data/7.3-basic.dmabuf
try "dmabuf --input $f"
try "dmabuf summary --input $f"
try "dmabuf summary --input $f --bytes"
try "dmabuf summary --input $f --no-headings"
try "dmabuf summary --input $f --columns size,exporter"
try "dmabuf summary --input $f --columns=exporter --no-headings"
try "dmabuf summary --input $f --json"
try "dmabuf summary --input $f --json --columns exporter,largest"
# Options for tables do not change JSON.
try "dmabuf summary --input $f --json --bytes --no-headings | jq -c .totals"
