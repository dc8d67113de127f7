#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: large.sh KERNEL PART. 100,000 buffers and 1,000 processes are
# ordinary. There may also be a process with 500,000 descriptors, or one with 10,000
# threads.
# shellcheck disable=SC2319
set -u

KERNEL=$1
PART=$2
N=100000

# shellcheck source=guest.sh
. ./guest.sh

# begin PROGRAM...: starts a program that runs until end, and waits for its first line
begin()
{
	rm -f truth
	"$@" >truth 2>truth.err &
	PROGRAM=$!
	ready "$1" truth $PROGRAM
}

end()
{
	kill $PROGRAM
	wait $PROGRAM || true
}

# small_enough NAME MEGABYTES: checks the peak memory that cost measured
small_enough()
{
	kilobytes=0
	read -r _ kilobytes <spent
	rm -f spent
	test "$kilobytes" -gt 0 && [ "$kilobytes" -lt $(($2 * 1024)) ]
	result $? "large-memory-$1" "$kilobytes kB"
	echo "  # $1: $kilobytes kB"
}

test_buffers()
{
	begin mkbufs many -n $N --hold || return
	while read -r collector; do
		cost spent dmabuf list --json --columns "$OF_BUFFERS" \
			--collector "$collector" >list.json 2>err
		status=$?
		[ "$collector" != procfs ] || status=$((status - 3))
		listed=$(grep -c '{"ino":' list.json)
		test $status -eq 0 && [ "$listed" -eq $N ]
		result $? "large-$collector" \
			"status $status, $listed buffers: $(head -n 1 err)"
		small_enough "$collector" 64
	done <"$KERNEL"
	cost spent dmabuf list --json >list.json
	test "$(grep -c '"processes":1,' list.json)" -eq $N
	result $? large-holders "$(head -c 400 list.json)"
	small_enough holders 128
	end
}

# processes_by COLLECTOR NAME MEGABYTES: runs ps, and selects the fields that every
# collector knows
processes_by()
{
	cost spent dmabuf ps --json --collector "$1" >ps-"$1".json
	jq -c '.processes[] | { pid, comm, buffers, fds, maps }' ps-"$1".json \
		>processes-"$1"
	small_enough "$2-$1" "$3"
}

test_processes()
{
	begin mkprocs -p 1000 -b 100 || return
	processes_by task_iter processes 128
	wrong=$(jq -c --slurpfile truth truth '$truth[0] as $t
		| (.processes | map(select(.comm == "mkprocs-one"))) as $all
		| ($all | length, (map(select(.rss != $t.rss)) | length)),
		  ((.processes | map(.pss) | add) + .totals.kernel_only
		   - .totals.bytes), .totals.bytes - $t.bytes' ps-task_iter.json)
	test "$(echo "$wrong" | tr '\n' ' ')" = "1000 0 0 0 "
	result $? large-processes "$wrong"

	# procfs must find the same buffers too, or the sums differ.
	processes_by procfs processes 128
	cmp processes-task_iter processes-procfs 2>err
	result $? large-processes-procfs "$(cat err)"
	end
}

test_descriptors()
{
	begin mkprocs -p 1 -b 1 -s 1 -d 500000 || return
	pid=$(jq .pid truth)
	for collector in task_iter procfs; do
		processes_by $collector descriptors 256
		jq -e --argjson pid "$pid" '.processes | map(select(.pid == $pid))
			| .[0].fds == 500000 and .[0].buffers == 1' \
			ps-$collector.json >/dev/null
		result $? "large-descriptors-$collector" \
			"$(head -n 3 processes-$collector)"
	done
	end
}

test_threads()
{
	begin mkprocs -p 1 -b 2 -d 1 -t 10000 || return
	for collector in task_iter procfs; do
		processes_by $collector threads 64
		test "$(jq -r .comm processes-$collector | tr '\n' ' ')" = \
			"mkprocs-one mkprocs "
		result $? "large-threads-$collector" \
			"$(cat processes-$collector)"
	done
	end
}

# Short-lived processes share references with those that stay. Nothing leaks, so dmabuf
# must explain all references.
test_children()
{
	begin mkprocs -p 1 -b 20 -s 10 -f 8 || return
	wrong=
	for _ in 1 2 3; do
		dmabuf list --json --columns ino,refs,unexplained >list.json 2>err
		wrong=$wrong$(jq -c '.buffers[] | select(.unexplained > 0)' list.json)
	done
	test -z "$wrong" && [ "$(jq '.buffers | length' list.json)" -eq 20 ]
	result $? children-are-no-leak "$wrong$(cat err)"
	dmabuf ps --json >ps.json 2>err
	rest=$(jq '(.processes | map(.pss) | add) + .totals.kernel_only
		- .totals.bytes' ps.json)
	test "$rest" = 0
	result $? children-come-and-go "$rest: $(cat err)"
	end
}

# Readers that cannot see all processes: in another namespace, with hidepid, or without
# permission.
test_views()
{
	begin mkprocs -p 2 -b 4 || return
	pid=$(jq .pid truth)
	for collector in task_iter procfs; do
		# PIDs are those of the namespace, and only its processes are visible.
		unshare -p -f -m sh -c "mount -t proc none /proc
			mkprocs -p 1 -b 2 >inner & sleep 5
			dmabuf ps --json --collector $collector" >ps.json 2>err
		test "$(jq '[.processes[] | select(.comm == "mkprocs-one").pid] |
			length == 1 and .[0] < 20' ps.json)" = true
		result $? "pid-namespace-$collector" "$(cat ps.json err)"
	done

	mount -o remount,hidepid=2 /proc
	dmabuf ps "$pid" >out 2>err
	result $? hidepid-of-root "$(cat out err)"
	dmabuf pin --mode 0444 && chmod a+x /sys/fs/bpf
	# Then only /proc is left to find holders.
	rm -f /sys/fs/bpf/dmabuf/descriptors /sys/fs/bpf/dmabuf/mappings
	as_nobody dmabuf ps >out 2>err
	test $? -eq 3 && grep -q hidepid err
	result $? hidepid-of-nobody "$(cat out err)"
	mount -o remount,hidepid=0 /proc
	as_nobody dmabuf ps >out 2>err
	test $? -eq 3 && grep -q "could not be inspected" err
	result $? all-of-nobody "$(cat out err)"
	as_nobody dmabuf ps "$pid" >out 2>err
	test $? -ne 0 && grep -q "permission denied" err
	result $? one-of-nobody "$(cat out err)"
	dmabuf unpin
	end
}

case $PART in
buffers) test_buffers ;;
processes) test_processes ;;
descriptors) test_descriptors ;;
threads) test_threads ;;
views)
	timed children test_children
	timed views test_views
	;;
*) not_ok "large-$PART" "no such part" ;;
esac
