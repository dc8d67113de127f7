#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: guest.sh SCENE SIZES CASES [TIMES]. Makes the scene in each size
# and runs each case TIMES times. Prints the fewest nanoseconds, which are instructions
# in an exact guest, and the peak memory:
#
#   figure SCENE SIZE CASE NANOSECONDS KILOBYTES
#
# Some programs measure their main part themselves and print its time. That figure is
# a separate case, kernel-CASE; for again it is the whole of a later look.
set -u

SCENE=$1
SIZES=$2
CASES=$3
TIMES=${4:-1}

PINNED=/sys/fs/bpf/dmabuf

# maker SIZE: the command that makes the scene
maker()
{
	case $SCENE in
	buffers) echo mkbufs many -n "$1" --hold ;;
	processes) echo mkprocs -p "$1" -b 50 -o 50 ;;
	# 1,000 buffers among 20,000 descriptors.
	steady) echo mkprocs -p 200 -b 5 -s 0 -o 95 ;;
	# Its cases make buffers, and free them.
	pairs) echo mkbufs many -n 1 --hold ;;
	# Scenes of one size, whose buffers other files keep.
	*) echo mkbufs "$SCENE" --hold ;;
	esac
}

# program CASE: the command that is measured
program()
{
	case $1 in
	count | again | sysfsread | procscan) echo "$1" ;;
	bufinfo) echo cat /sys/kernel/debug/dma_buf/bufinfo ;;
	text) echo cat $PINNED/prog_dmabufIter_iter_dmabuf ;;
	records) echo cat $PINNED/records ;;
	take-*) echo collect "${1#take-}" ;;
	save | save-*) echo dmabuf "$(options "$1")" saved ;;
	show) echo dmabuf show "$(grep -o '"ino":[0-9]*' truth | head -n 1 | cut -d : -f 2)" ;;
	*) echo dmabuf "$(options "$1")" ;;
	esac
}

# options CASE: list-json-pinned is dmabuf list --json --collector pinned
options()
{
	echo "$1" | sed 's/-json/ --json/; s/-dump/ --format=dmabuf_dump/
		s/-\(pinned\|procfs\)/ --collector \1/'
}

# pairs SIZE CASE: measures what tracking adds to SIZE buffers that are made and freed
pairs()
{
	# So that nothing is done for the first time, or for what was before.
	command pairs 100 >/dev/null
	sleep 5
	plain=$(command pairs "$1")
	case $2 in
	pair-track) dmabuf track on --stacks off || exit ;;
	pair-stacks) dmabuf track on || exit ;;
	esac
	command pairs 100 >/dev/null
	sleep 5
	echo "$(($(command pairs "$1") - plain)) 0" >spent
	dmabuf track off || exit
}

# once CASE: writes the figure to spent, and the output of the command to out
once()
{
	words=$(program "$1")
	output=/dev/null
	case $1 in
	count | again | take-*) output=out ;;
	esac
	# shellcheck disable=SC2086 # a command of words
	cost spent $words >$output 2>err
	status=$?
	# procfs and some collectors of doctor miss buffers: exit status 3 is correct.
	case $1-$status in
	*-0 | ps-procfs-3 | doctor-3) ;;
	*)
		echo "$SCENE, $1: '$words' failed ($status): $(cat err)" >&2
		exit 1
		;;
	esac
	if [ $output = out ]; then
		read -r own <out
	fi
}

# least OLD NEW: prints the smaller one; OLD is empty at first
least()
{
	if [ -n "$1" ] && [ "$1" -le "$2" ]; then
		echo "$1"
	else
		echo "$2"
	fi
}

# measure SIZE CASE
measure()
{
	whole=
	part=
	own=
	for _ in $(seq "$TIMES"); do
		case $2 in
		pair-*) pairs "$1" "$2" ;;
		*) once "$2" ;;
		esac
		read -r took kilobytes <spent
		whole=$(least "$whole" "$took")
		[ -z "$own" ] || part=$(least "$part" "$own")
	done
	echo "figure $SCENE $1 $2 $whole $kilobytes"
	[ -z "$part" ] || echo "figure $SCENE $1 kernel-$2 $part -"
}

# make_scene SIZE
make_scene()
{
	rm -f truth
	words=$(maker "$1")
	# shellcheck disable=SC2086 # a command of words
	$words >truth &
	maker=$!
	until [ -s truth ] && [ "$(tail -c 1 truth)" = "" ]; do
		kill -0 $maker || exit 1
		sleep 1
	done
	# Background work from making the scene must not be measured.
	sleep 5
}

# The signal kills the maker, so ignore its exit status.
end_scene()
{
	kill $maker
	wait $maker 2>/dev/null || true
}

echo "kernel $(uname -r)"
# Kernels without an iterator have nothing to pin.
case $CASES in
*text* | *records* | *pinned*) dmabuf pin || exit ;;
esac
for size in $SIZES; do
	make_scene "$size"
	for case in $CASES; do
		measure "$size" "$case"
	done
	end_scene
done
