#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in an exact guest, whose clock counts instructions: what one buffer and one
# process cost. Each command is timed with no buffer, with 1,000 and with 20,000; the
# cost of one is the difference to none, divided. So what a command costs to
# start is left out, and stands in a column of its own.
set -u

# The first one times itself, its loop alone.
READERS="count iter_open iter_seq list_walk bufinfo list"
# Those who look at processes.
SCANNERS="ps ps-procfs scan"

# All that has to be read to know what processes hold, and nothing more done.
scan()
{
	for process in /proc/[0-9]*; do
		cat "$process"/fdinfo/* "$process/maps"
	done 2>/dev/null
	# Some are gone, or have nothing.
	return 0
}

reader()
{
	case $1 in
	bufinfo) cat /sys/kernel/debug/dma_buf/bufinfo ;;
	ps) dmabuf ps ;;
	ps-procfs) dmabuf ps --collector procfs || [ $? -eq 3 ] ;;
	scan) scan ;;
	list) dmabuf list --json --columns ino,size,exporter,name,refs,attachments ;;
	*) dmabuf list --json --columns ino --collector "$1" ;;
	esac >/dev/null 2>&1
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

# measure_all READERS MAKER...: prints a line for each reader and the time it
# takes, with what the maker makes, if there is one.
measure_all()
{
	readers=$1
	shift
	if [ $# -gt 0 ]; then
		rm -f truth
		"$@" >truth &
		until [ -s truth ] && [ "$(tail -c 1 truth)" = "" ]; do
			sleep 1
		done
	fi
	# What making them has left to do in the background is not ours.
	sleep 5
	for reader in $readers; do
		echo "$reader $(measure "$reader")"
	done
	if [ $# -gt 0 ]; then
		kill $!
		wait $!
	fi
}

measure_all "$READERS $SCANNERS" >times-0
for n in 1000 20000; do
	measure_all "$READERS" mkbufs many -n $n --hold >times-$n
done
for n in 100 1000; do
	measure_all "$SCANNERS" crowd -p $n -b 100 >times-processes-$n
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

echo
printf '%-10s %14s %18s %18s\n' READER 'START ms' 'US/PROCESS, 100' \
	'US/PROCESS, 1,000'
for reader in $SCANNERS; do
	none=$(sed -n "s/^$reader //p" times-0)
	some=$(sed -n "s/^$reader //p" times-processes-100)
	many=$(sed -n "s/^$reader //p" times-processes-1000)
	printf '%-10s %14s %18s %18s\n' "$reader" $((none / 1000000)) \
		$(((some - none) / 100000)) $(((many - none) / 1000000))
done
