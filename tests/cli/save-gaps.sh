# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot that is not whole is saved, said to be so, and stays so.
snap gaps
try "dmabuf save --input gaps.snap copy"
try "dmabuf save --input gaps.snap - | cmp - copy"
try "dmabuf list --input copy"
try "dmabuf list --input copy --json"
try "dmabuf list --input copy --json 2>/dev/null | jq -c .gaps"
