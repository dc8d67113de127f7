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
try "dmabuf list $in --columns ino --fail-if 'bytes>1G,userspace_rss>1' | wc -l"
try "dmabuf ps $in --fail-if 'userspace_pss<1' | wc -l"
try "dmabuf $in --json --fail-if 'bytes>1' | jq .totals.bytes"
# Status 4 takes precedence over 3: the known buffers are enough.
snap blind
try "dmabuf leaks --input blind.snap --fail-if 'buffers>1'"
try "dmabuf leaks --input blind.snap --fail-if 'kernel_only>1'"
snap good
try "dmabuf list --input good.snap --no-headings --fail-if 'unexplained>0' | wc -l"
# What is not known matters only to conditions on it, and a lower limit may be enough.
try "dmabuf summary --input blind.snap --no-headings --fail-if 'bytes>1G'"
snap gaps
try "dmabuf summary --input gaps.snap --no-headings --fail-if 'bytes>1G'"
try "dmabuf summary --input gaps.snap --no-headings --fail-if 'bytes>1M'"
try "dmabuf summary --input gaps.snap --no-headings --fail-if 'bytes<1G'"
# Totals are of what is shown.
try "dmabuf ps $in 101 --json --fail-if 'buffers>3' | jq -c .totals"
try "dmabuf ps $in --fail-if 'buffers>3' | wc -l"
try "dmabuf ps $in 101 --fail-if 'fds>4,userspace_rss>3.1M' | wc -l"
try "dmabuf ps $in 101 --fail-if 'fds>3,userspace_rss>3M,rss>2M' | wc -l"
# Rows.
try "dmabuf ps $in --fail-if 'any fds>4' | wc -l"
try "dmabuf ps $in --fail-if 'any fds>3,any pss>10M' | wc -l"
try "dmabuf list $in --columns ino --fail-if 'any refs > 3' | wc -l"
try "dmabuf list $in --columns ino --fail-if 'any processes>2' | wc -l"
try "dmabuf leaks $in --fail-if 'any buffers>3' | wc -l"
try "dmabuf show 1 $in --fail-if 'any length>=1M' | wc -l"
try "dmabuf summary $in --fail-if 'any largest>4M' | wc -l"
try "dmabuf list --input blind.snap --no-headings --fail-if 'any processes>1'"
try "dmabuf ps --input blind.snap --no-headings --fail-if 'any fds>1'"
try "dmabuf ps --input blind.snap --no-headings --fail-if 'any fds>0'"
for wrong in '' 'kernel_only' 'kernel_only>' 'bogus>1' 'bytes>1X' 'bytes>1,' 'bytes>1,x' \
	'fsd>1' 'any fsd>1' 'any' 'any exporter>1' 'refs>1'; do
	try "dmabuf leaks $in --fail-if '$wrong' | wc -l"
done
