#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in an exact guest, whose clock counts instructions: what one buffer
# costs. Each command is timed with no buffer, with 1,000 and with 20,000; the
# cost of one is the difference to none, divided. So what a command costs to
# start is left out, and stands in a column of its own.
set -u

# The first one times itself, its loop alone.
READERS="count iter_open iter_seq list_walk bufinfo list"

reader()
{
	case $1 in
	bufinfo) cat /sys/kernel/debug/dma_buf/bufinfo ;;
	list) dmabuf list --json --columns ino,size,exporter,name,refs,attachments ;;
	*) dmabuf save --collector "$1" - ;;
	esac >/dev/null
}

# Prints the fewest nanoseconds of three that a reader takes; the guest has
# other work, such as a timer tick, now and then.
measure()
{
	least=
	for _ in 1 2 3; do
		if [ "$1" = count ]; then
			took=$(countbufs) || exit
		else
			before=$(nsnow)
			reader "$1" || exit
			after=$(nsnow)
			took=$((after - before))
		fi
		[ -n "$least" ] && [ "$least" -le "$took" ] || least=$took
	done
	echo "$least"
}

# Prints a line for each reader and the time it takes: with $1 buffers.
measure_all()
{
	if [ "$1" -gt 0 ]; then
		mkbufs many -n "$1" --hold >truth &
		until [ -s truth ] && [ "$(tail -c 1 truth)" = "" ]; do
			sleep 1
		done
	fi
	# What making them has left to do in the background is not ours.
	sleep 5
	for reader in $READERS; do
		echo "$reader $(measure "$reader")"
	done
	if [ "$1" -gt 0 ]; then
		kill $!
		wait $!
	fi
}

for n in 0 1000 20000; do
	measure_all $n >times-$n
done

printf '%-10s %14s %18s %18s\n' READER 'START ms' 'NS/BUFFER, 1,000' \
	'NS/BUFFER, 20,000'
for reader in $READERS; do
	none=$(sed -n "s/^$reader //p" times-0)
	some=$(sed -n "s/^$reader //p" times-1000)
	many=$(sed -n "s/^$reader //p" times-20000)
	printf '%-10s %14s %18s %18s\n' "$reader" $((none / 1000000)) \
		$(((some - none) / 1000)) $(((many - none) / 20000))
done
