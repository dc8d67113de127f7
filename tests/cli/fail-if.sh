# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Conditions: true, unknown, and invalid ones.
snap leaking
in="--input leaking.snap --no-headings"
try "dmabuf leaks $in --fail-if 'kernel_only>1M' | tail -n 1"
try "dmabuf leaks $in --fail-if 'kernel_only>1G' | tail -n 1"
try "dmabuf leaks $in --fail-if 'kernel_only>1G,unexplained>0' | tail -n 1"
try "dmabuf leaks $in --fail-if 'unexplained>0' --name sent"
try "dmabuf list $in --columns ino --fail-if 'buffers>=14' | wc -l"
try "dmabuf ps $in --fail-if 'userspace_pss<1' | wc -l"
try "dmabuf $in --json --fail-if 'bytes>1' | jq .totals.bytes"
# Status 4 takes precedence over 3: the known buffers are enough.
snap blind
try "dmabuf leaks --input blind.snap --fail-if 'buffers>1'"
try "dmabuf leaks --input blind.snap --fail-if 'kernel_only>1'"
snap good
try "dmabuf list --input good.snap --no-headings --fail-if 'unexplained>0' | wc -l"
for wrong in '' 'kernel_only' 'kernel_only>' 'bogus>1' 'bytes>1X' 'bytes>1,' 'bytes>1,x'; do
	try "dmabuf leaks $in --fail-if '$wrong' | wc -l"
done
