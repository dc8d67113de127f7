#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with a kernel that watches itself: stress.sh KERNEL SECONDS.
# Four tasks make and free buffers, two read the classic iterator, two the open-
# coded one, one the kernel's own list, all at once; then the iterators' error
# paths. tools/vm judges the kernel's log and asks for leaks at the end; here the
# list must close, nothing be missed and no reference stay.
# Conditions, and what they came to, are handed to result.
# shellcheck disable=SC2319
set -u

KERNEL=$1
SECONDS_OF_STRESS=$2
LONGEST=1000
READERS="iter_seq-1 iter_seq-2 iter_open-1 iter_open-2 bufinfo-1"
BUFINFO=/sys/kernel/debug/dma_buf/bufinfo
# How many stay, of each churner: all records of them are more than one read of
# the classic iterator gives, 32 KiB.
STAY=150

# shellcheck source=guest.sh
. ./guest.sh

# Without them a clean log says little.
detectors_are_there()
{
	zcat /proc/config.gz >config 2>/dev/null
	lacking=
	for option in KASAN PROVE_LOCKING DEBUG_ATOMIC_SLEEP DEBUG_KMEMLEAK \
		FAULT_INJECTION; do
		grep -qx "CONFIG_$option=y" config || lacking="$lacking $option"
	done
	test -z "$lacking"
	result $? stress-detectors "this kernel lacks$lacking"
}

# It turns itself off at its first report, and when its tables are full.
lockdep_is_on()
{
	grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats 2>/dev/null
	result $? "$1" "lockdep has turned itself off: $(grep debug_locks \
		/proc/lockdep_stats 2>&1)"
}

# Reads the kernel's own list until the time is over; says what soak says.
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

# They wait for the buffers that stay, with their programs loaded: to open a FIFO
# for them with "<" would have to wait as well, and start them only then.
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

# A reader that read nothing has tested nothing.
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

# Buffers are numbered as they are made.
newest()
{
	awk -F '\t' '$6 ~ /^[0-9]+$/ && $6 + 0 > n { n = $6 + 0 } END { print n + 0 }' \
		$BUFINFO
}

all_at_once()
{
	start_readers
	# Each has two tasks.
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

detectors_are_there
hold truth basic || exit
keeper=$SCENE
dmabuf pin || not_ok stress-pin "see above"

all_at_once
# Whoever looks sees what is there, with as many references as before.
for collector in iter_open iter_seq list_walk pinned; do
	agrees "stress-$collector" --collector $collector
done
faults "vm/$KERNEL"
agrees faults-iter_open --collector iter_open

dmabuf unpin
kill "$keeper"
wait "$keeper"
nothing_left stress-freed
lockdep_is_on stress-lockdep
