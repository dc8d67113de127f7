#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with a debug kernel: stress.sh KERNEL SECONDS. At the same time, four
# tasks make and free buffers, two read the classic iterator, two the open-coded one,
# and one the kernel's own list. tools/vm searches the kernel's log and asks kmemleak at
# the end. The tests here check that the walk of the list reaches the end, that no buffer
# is missed and no reference leaks.
# result gets conditions together with their output:
# shellcheck disable=SC2319
set -u

KERNEL=$1
SECONDS_OF_STRESS=$2
LONGEST=1000
READERS="iter_seq-1 iter_seq-2 iter_open-1 iter_open-2 bufinfo-1"
BUFINFO=/sys/kernel/debug/dma_buf/bufinfo
# The number of buffers of each churner that stay. Their records need more than one
# read of the classic iterator, which returns 32 KiB.
STAY=150

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=detectors.sh
. ./detectors.sh

# Reads the kernel's own list until the time is over, and prints a summary like soak.
read_bufinfo()
{
	stays=$(wc -l)
	end=$(($(date +%s) + SECONDS_OF_STRESS))
	reads=0 shorts=0
	while [ "$(date +%s)" -lt $end ]; do
		cat $BUFINFO >bufinfo
		total=$(sed -n 's/^Total \([0-9]*\) objects.*/\1/p' bufinfo)
		[ "${total:-0}" -ge "$stays" ] || shorts=$((shorts + 1))
		reads=$((reads + 1))
	done
	echo "$reads snapshots, $shorts short"
}

# The readers load their programs and wait for the list of buffers that stay. With "<"
# the shell would wait in open() and start the readers too late, so use cat.
# shellcheck disable=SC2002
start_readers()
{
	for reader in $READERS; do
		mkfifo "$reader.go"
		case $reader in
		bufinfo-*) cat "$reader.go" | read_bufinfo ;;
		*) cat "$reader.go" |
			soak "${reader%-*}" "$SECONDS_OF_STRESS" churn ;;
		esac >"$reader.out" 2>&1 &
		echo $! >"$reader.pid"
	done
}

# A reader that did not read anything is a failure.
end_readers()
{
	for reader in $READERS; do
		wait "$(cat "$reader.pid")"
		status=$?
		said=$(tail -n 1 "$reader.out")
		[ $status -eq 0 ] &&
			echo "$said" | grep -q '^[1-9][0-9]* snapshots,.* 0 short$'
		result $? "stress-$reader" "exit status $status: $(cat "$reader.out")"
		echo "  # $reader: $said"
	done
}

# The kernel numbers buffers in the order of making.
newest()
{
	awk -F '\t' '$6 ~ /^[0-9]+$/ && $6 + 0 > n { n = $6 + 0 } END { print n + 0 }' \
		$BUFINFO
}

all_at_once()
{
	start_readers
	# Each scene has two tasks.
	hold churn-1 churn -n $STAY || return
	churner=$SCENE
	hold churn-2 churn -n $STAY || return
	jq -r '.buffers[] | [.ino, .size, .exporter, .name // ""] | @tsv' \
		truth churn-1 churn-2 >stay
	echo "  # $(buffers_left) buffers at the start, $(wc -l <stay) of them stay"
	made=$(newest)
	for reader in $READERS; do
		cat stay >"$reader.go"
	done
	end_readers
	made=$(($(newest) - made))
	echo "  # $(buffers_left) buffers at the end, $made were made meanwhile"
	kill "$churner" "$SCENE"
	wait "$churner" && wait "$SCENE"
	status=$?
	[ $status -eq 0 ] && [ $made -gt $STAY ]
	result $? stress-churn "exit status $status, $made were made: $(cat churn-*.err)"
}

detectors_are_there stress-detectors
hold truth basic || exit
keeper=$SCENE
dmabuf pin || not_ok stress-pin "see above"

all_at_once
# Every collector lists the same buffers with the same references as before.
for collector in iter_open iter_seq list_walk pinned; do
	agrees "stress-$collector" --collector $collector
done

dmabuf unpin
kill "$keeper"
wait "$keeper"
nothing_left stress-freed
lockdep_is_on stress-lockdep
