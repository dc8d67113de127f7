# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Attached devices: their number in the table, each of them in JSON.
f=data/7.3-attach.dmabuf
try "dmabuf list --input $f"
try "dmabuf list --input $f --sort -attachments --columns attachments,name"
try "dmabuf list --input $f --json | jq -c \
'.buffers[] | [.name, (.attachments | length), (.attachments | unique)]'"
snap good
try "dmabuf list --input good.snap --json"
