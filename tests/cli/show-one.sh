# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One buffer, and its references.
snap leaking
for ino in 1 3 4 5 20 30 31 32 33 34; do
	try "dmabuf show --input leaking.snap $ino"
done
try "dmabuf show --input leaking.snap 1 --columns type,pid,tid,start,offset,length --bytes"
try "dmabuf show --input leaking.snap 1 --json"
try "dmabuf show --input leaking.snap 30 --json"
snap blind
try "dmabuf show --input blind.snap 2"
snap good
try "dmabuf show --input good.snap 12"
snap nasty
try "dmabuf show --input nasty.snap 1"
try "dmabuf ps --input nasty.snap --columns pid,comm,cgroup,unit"
