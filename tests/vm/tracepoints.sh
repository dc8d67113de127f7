#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: tracepoints.sh KERNEL. Compares the kernel's tracepoints of buffers,
# as tracefs shows them, with those of v7.0, and their events with the truth. The line
# protocol is that of tests/run.
# result gets conditions together with their output:
# shellcheck disable=SC2319
set -u

KERNEL=$1
TRACEFS=/sys/kernel/tracing
EVENTS=$TRACEFS/events/dma_buf

# shellcheck source=guest.sh
. ./guest.sh

# Prints all fields and how they are printed, without numbers of this boot. Before 6.2,
# char is signed on x86.
print_fields()
{
	for event in "$EVENTS"/*/format; do
		sed -e '/^ID:/d' -e '/^format:/d' -e '/ common_/d' -e '/^$/d' \
			-e '/:__data_loc char/s/signed:1/signed:0/' "$event"
	done
}

# record SCENE...: makes a scene, and writes its truth and the events to files. Lines of
# events are those of the trace from the name of the event on.
record()
{
	: >$TRACEFS/trace
	echo 1 >$EVENTS/enable
	mkbufs "$@" >truth 2>err </dev/null
	status=$?
	# The last references go a moment later.
	nothing_left "$1/nothing-left"
	echo 0 >$EVENTS/enable
	sed -n 's/^.* \(dma_buf_[a-z_]*: .*\)/\1/p' $TRACEFS/trace >events
	result $status "$1/recorded" "$(cat err)"
	! grep -q '^# entries-in-buffer' $TRACEFS/trace ||
		awk '/entries-in-buffer/ { split($3, n, "/"); exit n[1] != n[2] }' $TRACEFS/trace
	result $? "$1/no-event-is-lost" "$(head -n 4 $TRACEFS/trace)"
}

# of_buffers: prints "INO EVENT..." for each buffer of the truth
of_buffers()
{
	jq -r '.births[].ino' truth | awk '
		FNR == NR { wanted[$1]; next }
		match($0, /ino=[0-9]+/) {
			ino = substr($0, RSTART + 4, RLENGTH - 4)
			sub(/:.*/, "")
			if (ino in wanted)
				order[ino] = order[ino] " " $0
		}
		END { for (ino in wanted) print ino order[ino] }' - events
}

# devices EVENT: prints "INO DEVICE" for each of these events, sorted
devices()
{
	sed -n "s/^$1: .* ino=\([0-9]*\) .* dev_name=\(.*\)/\1 \2/p" events | sort
}

# attachments EVENT: prints "INO ATTACHMENT DEVICE", sorted
attachments()
{
	sed -n "s/^$1: .* ino=\([0-9]*\) attachment:\([^ ]*\) .* dev_name=\(.*\)/\1 \2 \3/p" events | sort
}

[ -d $EVENTS ]
result $? group "$(ls $TRACEFS/events)"
print_fields >got
differences=$(diff tracepoints.fields got)
[ -z "$differences" ]
result $? fields "$differences"

# Each buffer is made, gets a descriptor, and is mapped, in this order.
echo 16384 >$TRACEFS/buffer_size_kb
record events -n 200
of_buffers >orders
want=200x' dma_buf_export dma_buf_fd dma_buf_mmap_internal'
got=$(cut -d ' ' -f 2- orders | sort | uniq -c | sed 's/^ *\([0-9]*\) /\1x /')
[ "$got" = "$want" ]
result $? order "$got"
# What an event says of a buffer.
jq -r '.births[0].ino' truth >ino
grep -q "^dma_buf_export: exp_name=[a-z].* size=[1-9][0-9]* ino=$(cat ino)\$" events
result $? export-tells "$(grep " ino=$(cat ino)" events)"
grep -q "^dma_buf_fd: exp_name=[a-z].* size=[1-9][0-9]* ino=$(cat ino) fd=[0-9]*\$" events
result $? fd-tells "$(grep " ino=$(cat ino)" events)"

# Each attachment comes and goes once. Their addresses are wanted, rather than hashes,
# which are not there soon after boot. With this option 6.1 prints no strings of events
# that have no address.
echo nohash-ptr >$TRACEFS/trace_options 2>/dev/null
record attach
echo hash-ptr >$TRACEFS/trace_options 2>/dev/null
jq -r '.buffers[] | .ino as $ino | .attachments[]? | "\($ino) \(.device)"' truth | sort >want
[ "$(wc -l <want)" -gt 20 ]
result $? some-are-attached "$(cat want err)"
jq -r '.buffers[].ino' truth | sort -u >inos
for event in dma_buf_dynamic_attach dma_buf_detach; do
	devices $event | grep -w -F -f inos >got
	diff want got >differences
	result $? "attach/$event" "$(cat differences)"
done
attachments dma_buf_dynamic_attach >want
attachments dma_buf_detach >got
diff want got >differences
result $? attach/pairs "$(cat differences)"
# A driver takes a buffer by its descriptor, and puts it.
[ "$(grep -c '^dma_buf_get: .* fd=[0-9]*$' events)" -gt 20 ] && [ "$(grep -c ^dma_buf_put: events)" -gt 20 ]
result $? attach/references "$(cut -d : -f 1 events | sort | uniq -c)"

# All events at once, while buffers come and go, are named, mapped, and attached.
: >$TRACEFS/trace
echo 1 >$EVENTS/enable
cat $TRACEFS/trace_pipe >stress &
READER=$!
for n in 1 2 3; do
	for scene in events attach "churn -n 50"; do
		# shellcheck disable=SC2086 # a scene and its options
		mkbufs $scene >"out.$n" 2>&1 </dev/null &
	done
	mkbufs events -n 300 >/dev/null 2>&1 </dev/null
done
echo 0 >$EVENTS/enable
kill $READER
wait
nothing_left stress/nothing-left
# None of these programs maps a buffer by another file.
missing=
for event in export fd get put mmap_internal dynamic_attach detach; do
	[ "$(grep -c " dma_buf_$event: " stress)" -gt 20 ] || missing="$missing $event"
done
[ -z "$missing" ]
result $? stress/events "too few of:$missing"
