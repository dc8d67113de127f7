#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with two CPUs. Measures how long allocating and freeing a buffer
# takes on one CPU while the other CPU reads 10,000 buffers in a loop; or while it is
# idle, and births are noted, without stacks ("track") or with them ("stacks"). Readers
# take turns, so that other work of the host affects all of them. Prints the median of
# each figure in nanoseconds:
#
#   latency READER alloc|free MEDIAN P99 WORST
set -u

BUFFERS=10000
ROUNDS=5
SECONDS_EACH=3

readers="idle track stacks iter_open iter_seq list_walk bufinfo"
[ ! -d /sys/kernel/dmabuf/buffers ] || readers="$readers sysfsread"

# reads READER: reads in a loop until killed, and prints a line each time
reads()
{
	case $1 in
	bufinfo)
		while cat /sys/kernel/debug/dma_buf/bufinfo >/dev/null; do echo; done
		;;
	sysfsread) while sysfsread >/dev/null; do echo; done ;;
	*) exec collect "$1" 1000000000 ;;
	esac
}

# is_reader READER: whether the other CPU reads
is_reader()
{
	case $1 in
	idle | track | stacks) false ;;
	esac
}

# round READER: appends to the figures of the reader
round()
{
	case $1 in
	track) dmabuf track on --stacks off || exit ;;
	stacks) dmabuf track on || exit ;;
	esac
	if is_reader "$1"; then
		rm -f passes
		taskset 2 sh harm.sh "$1" >passes &
		until [ -s passes ]; do
			kill -0 $! || exit
			usleep 100000
		done
	fi
	taskset 1 latency $SECONDS_EACH >took || exit
	while read -r what figures; do
		echo "$figures" >>"$1-$what"
	done <took
	case $1 in
	track | stacks) dmabuf track off || exit ;;
	esac
	if is_reader "$1"; then
		wc -l <passes >>"$1-passes"
		kill $! || exit
		wait $! 2>/dev/null
		# A child of the reader may still run; it exits by itself.
		sleep 1
	fi
}

# median FILE COLUMN
median()
{
	cut -d ' ' -f "$2" "$1" | sort -n | sed -n $(((ROUNDS + 1) / 2))p
}

if [ $# -gt 0 ]; then
	reads "$1"
	exit
fi
rm -f truth
mkbufs many -n $BUFFERS --hold >truth &
maker=$!
until [ -s truth ] && [ "$(tail -c 1 truth)" = "" ]; do
	kill -0 $maker || exit 1
	sleep 1
done
for _ in $(seq $ROUNDS); do
	for reader in $readers; do
		round "$reader"
	done
done
for reader in $readers; do
	for what in alloc free; do
		echo "latency $reader $what $(median "$reader-$what" 1)" \
			"$(median "$reader-$what" 2) $(median "$reader-$what" 3)"
	done
done
for reader in $readers; do
	! is_reader "$reader" || echo "passes $reader: $(tr '\n' ' ' <"$reader-passes")" >&2
done
kill $maker
wait $maker 2>/dev/null || true
