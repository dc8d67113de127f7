# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# When and by whom the buffers of processes were made, and only some buffers.
snap aged
in="--input aged.snap"
try "dmabuf ps $in -o pid,comm,buffers,oldest_age,made_buffers,made_bytes"
try "dmabuf ps $in --json -o pid,oldest_age,made_buffers,made_bytes | jq -c .processes[]"
try "dmabuf ps $in --older-than 10m"
try "dmabuf ps $in --born-by 812 --bytes"
try "dmabuf ps $in --born-by 812 --json | jq -c '.totals, (.processes[] | [.pid, .fds, .rss, .pss])'"
try "dmabuf ps $in --exporter udmabuf 812 813"
try "dmabuf ps $in --name nothing"
try "dmabuf ps $in --name nothing 812"
try "dmabuf ps $in --format dmabuf_dump --exporter udmabuf"
# A buffer without a birth may be the oldest, so that this cannot be told.
try "dmabuf ps $in -n -o pid --fail-if 'any oldest_age>40m'"
try "dmabuf ps $in -n -o pid --fail-if 'any oldest_age>1h'"
try "dmabuf ps $in -n -o pid --fail-if 'any oldest_age>1h' --name frame"
try "dmabuf list $in -n -o ino --fail-if 'any age>=50m'"
try "dmabuf list $in -n -o ino --fail-if 'any age>50m' --exporter udmabuf"
try "dmabuf ps $in -n -o pid --fail-if 'made_buffers>1,any made_bytes>8K'"
for wrong in 'age>10m' 'any age>10' 'any age>10k' 'any age>' 'any age>123456789012345678901234567890s'; do
	try "dmabuf list $in -n -o ino --fail-if '$wrong' | wc -l"
done
# Of births that were lost, nobody knows who made them.
mksnap aged 5 >lost.snap
try "dmabuf ps --input lost.snap -o pid,oldest_age,made_buffers"
# Births of one exporter are noted: nothing is known of others.
snap aged-some
try "dmabuf ps --input aged-some.snap -o pid,oldest_age,made_buffers"
try "dmabuf ps --input aged-some.snap -o pid,oldest_age,made_buffers --exporter system"
snap held
try "dmabuf ps --input held.snap -o pid,oldest_age,made_buffers"
try "dmabuf ps --input held.snap --older-than 1h"
# What is kept and released is summed up as without a filter.
for which in held leaking released; do
	mksnap $which >some.snap
	dmabuf ps --input some.snap --json | jq -c .processes[] >all
	dmabuf ps --input some.snap --json --exporter '*' | jq -c .processes[] >filtered
	try "wc -l <all; diff all filtered"
done
