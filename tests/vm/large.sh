#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: large.sh KERNEL. 100,000 buffers are ordinary.
set -u

KERNEL=$1
N=100000

mkbufs many -n $N --hold >truth &
until [ -s truth ] && [ "$(tail -c 1 truth)" = "" ]; do
	sleep 1
done

while read -r collector; do
	maxrss kilobytes dmabuf list --json --collector "$collector" \
		>list.json 2>err
	status=$?
	listed=$(grep -c '{"ino":' list.json)
	kilobytes=$(cat kilobytes)
	if [ $status -ne 0 ] || [ "$listed" -ne $N ]; then
		echo "not ok vm/$KERNEL/large-$collector"
		echo "  # status $status, $listed buffers: $(head -n 1 err)"
	else
		echo "ok vm/$KERNEL/large-$collector"
	fi
	if [ "$kilobytes" -gt 0 ] && [ "$kilobytes" -lt 65536 ]; then
		echo "ok vm/$KERNEL/large-memory-$collector"
	else
		echo "not ok vm/$KERNEL/large-memory-$collector"
	fi
	echo "  # $listed buffers in $kilobytes kB"
done <"$KERNEL"
kill $!
wait $!
