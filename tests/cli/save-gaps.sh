# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot with gaps is saved with its gaps, and save reports them.
snap gaps
try "dmabuf save --input gaps.snap copy"
try "dmabuf save --input gaps.snap - | cmp - copy"
try "dmabuf list --input copy"
try "dmabuf list --input copy --json"
try "dmabuf list --input copy --json 2>/dev/null | jq -c .gaps"
