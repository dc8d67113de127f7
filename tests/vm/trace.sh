# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest: trace.sh KERNEL best|kprobes. Compares events of buffers with the
# truth. The line protocol is that of tests/run.
#
# shellcheck disable=SC2086 # HOOKS is an option, or nothing
set -u

KERNEL=$1
case $2 in
kprobes) HOOKS=--kprobes ;;
*) HOOKS= ;;
esac
# The emulator takes a minute or more for 100,000 events.
case $KERNEL/$2 in
*/arm64/* | */kprobes) MANY=2000 ;;
*) MANY=20000 ;;
esac

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=hogs.sh
. ./hogs.sh

# In the background it would be a process of the shell, so "dmabuf trace" is there.
trace()
{
	dmabuf trace $HOOKS "$@"
}

# begun PROCESS: waits until it traces
begun()
{
	until for fd in /proc/"$1"/fd/*; do readlink "$fd"; done 2>/dev/null |
		grep -q '\[signalfd\|\[eventfd'; do
		sleep 0.1
	done
}

# counted N PATTERN FILE: waits until so many lines match
counted()
{
	for _ in $(seq 600); do
		[ "$(grep -c "$2" "$3")" -lt "$1" ] || break
		sleep 0.1
	done
}

# exact NAME STATUS N COMMAND...: traces a command that makes N buffers and writes their
# truth. Each event is there once and in its place, or counted as lost, which is then a
# gap. Sets lost.
exact()
{
	name=$1 want=$2 n=$3
	shift 3
	# Exporters are tried with buffers of one page.
	rm -f truth*
	trace -n -o event,pid,ino --min-size 8K -- "$@" >events 2>err </dev/null
	status=$?
	cat truth* | jq -r '"parent \(.pid)", (.births[] | "\(.ino) \(.pid)")' >truth.list
	awk -f events.awk truth.list events >differences
	lost=$(sed -n 's/^seen .* lost //p' differences)
	[ $status -eq "$want" ] && [ "$(grep -vc parent truth.list)" -eq "$n" ] &&
		[ "$(wc -l <differences)" -eq 1 ]
	result $? "$name" "exit status $status: $(cat differences err)"
	echo "  # $name: $(tail -n 1 differences)"
	[ "$lost" = 0 ] || grep -q "^dmabuf: not complete: $lost events*: " err
	result $? "$name-tells" "$(cat err)"
}

fails_with not-root 1 CAP_ as_nobody dmabuf trace
fails_with no-command 127 'nowhere: No such' dmabuf trace -- nowhere
fails_with not-a-command 126 '/: Permission' dmabuf trace -- /
fails_with unwritable 1 'cannot write to stdout: No space' \
	sh -c 'exec dmabuf trace -- sh -c "mkbufs many -n 3 >/dev/null" </dev/null >/dev/full'

# 100,000 events of five processes.
exact events 0 $MANY sh -c "exec mkbufs events -n $MANY >truth"
begin_hogs
exact hogs 0 2000 sh -c 'exec mkbufs events -n 2000 >truth'
end_hogs
# A reader that does not read: more events than there is room for.
# shellcheck disable=SC2016
exact stopped 0 5010 sh -c 'kill -STOP $PPID; mkbufs events -n 5000 >truth; kill -CONT $PPID
	sleep 2; mkbufs events -n 10 >truth2'
[ "$lost" -gt 1000 ]
result $? stopped-loses "$lost"
# What is lost is told before the events after it.
awk '/^--.*the ring was full/ { told = NR } END { exit told && told < NR ? 0 : 1 }' events
result $? lost-in-place "$(grep -n '^--' events; wc -l events)"

# A trace for viewers.
trace --format chrome --min-size 8K -- sh -c 'exec mkbufs events -n 200 >truth' \
	>trace.json 2>err </dev/null
result $? viewer "$(cat err)"
differences=$(jq -n -r --slurpfile truth truth --slurpfile trace trace.json -f trace.jq 2>&1)
[ -z "$differences" ]
result $? slices "$differences"
# Buffers that stay have an end, too, and it is said that they were not freed.
dmabuf trace $HOOKS --format chrome >trace.json 2>err &
TRACE=$!
begun $TRACE
hold truth many -n 5
kill -INT $TRACE
wait $TRACE
status=$?
[ "$status/$(jq '[.traceEvents[] | select(.ph == "e" and .args.freed == false)] | length' trace.json)" = 0/5 ]
result $? interrupted "exit status $status: $(cat err; tail -n 3 trace.json)"
# In a time namespace, which our own kernels do not have, the clock has an offset of a day.
if [ -e /proc/self/ns/time ]; then
	./unshare --time --boottime 86400 --fork dmabuf trace $HOOKS --format chrome --output trace.json -- \
		sh -c 'mkbufs many -n 5 --hold >held & until [ -s held ]; do sleep 0.1; done' 2>err </dev/null
	HOLDER=$(jq .pid held)
	kill "$HOLDER"
	while [ -d "/proc/$HOLDER" ]; do sleep 0.1; done
	got=$(jq -c '[.traceEvents[] | select(.ph == "e" and .args.freed == false)] | [length, (map(.ts) | max)]' trace.json)
	[ "$(echo "$got" | jq '.[0] == 5 and .[1] < 86400000000')" = true ]
	result $? time-namespace "$got $(cat err)"
fi

# Those that were made before.
dmabuf trace $HOOKS --json >events 2>err &
TRACE=$!
begun $TRACE
end_scene
kill -TERM $TRACE
wait $TRACE
got=$(jq -c -s 'map([.event, .ino]) | sort' events)
[ "$got" = "$(jq -c '[.buffers[] | ["freed", .ino]] | sort' truth)" ]
result $? made-before "$got $(cat err)"

# The calls that led to events. Names are found while the processes stay. Of a kretprobe,
# old kernels do not find the callers in the kernel.
case $KERNEL/$2 in
5.10/kprobes) CALLERS=false ;;
*) CALLERS=true ;;
esac
dmabuf trace $HOOKS --stacks --json >events 2>err &
TRACE=$!
begun $TRACE
hold truth births -n 200
counted 200 '"event":"made".*"site_' events
end_scene
kill -INT $TRACE
wait $TRACE
status=$?
differences=$(jq -n -r --slurpfile truth truth --slurpfile events events --argjson callers $CALLERS \
	-f trace-stacks.jq 2>&1)
[ $status/"$differences" = 0/ ]
result $? stacks "exit status $status: $differences $(cat err)"
# The memory of a process goes before its files.
got=$(jq -c -s --slurpfile truth truth 'map(select(.event == "freed" and (.ino | IN($truth[0].births[].ino))))
	| [length, (map(.stacks.user, .stacks.cut) | unique)]' events)
[ "$got" = '[200,["none could be read",[]]]' ]
result $? stacks-of-the-dead "$got $(cat err)"
# The kernel does not tell files while it maps something.
dmabuf trace $HOOKS --stacks --json --event mapped >events 2>err &
TRACE=$!
begun $TRACE
hold truth maps
counted 2 '"maps_make"' events
end_scene
kill -INT $TRACE
wait $TRACE
got=$(jq -s 'map([.stacks.user[].symbol] | index("maps_make") < index("main")) | [length > 1, unique]' -c events)
[ "$got" = '[true,[true]]' ]
result $? stacks-of-mappings "$got $(tail -n 1 events) $(cat err)"
for format in table chrome; do
	dmabuf trace $HOOKS --stacks --event made --format $format --output stacks.$format 2>err.$format &
	eval "$format=$!"
	begun $!
done
hold truth births -n 20
counted 20 '^      site_' stacks.table
counted 20 '"ph":"b".*"site_' stacks.chrome
end_scene
# shellcheck disable=SC2154 # set above
kill -INT $table $chrome
wait $table
wait $chrome
jq -r '.births[].site' truth | sort >sites
grep -o '^      site_[0-9]*+0x[0-9a-f]* (/vm/mkbufs)$' stacks.table | sed 's/ *//; s/+.*//' | sort | cmp -s - sites
result $? stacks-in-table "$(cat err.table; head -n 20 stacks.table)"
jq -r '.traceEvents[] | select(.ph == "b") | .args.user_stack[] | select(startswith("site_")) | sub("\\+.*"; "")' \
	stacks.chrome | sort | cmp -s - sites
result $? stacks-in-viewer "$(cat err.chrome; head -c 2000 stacks.chrome)"

trace --json --event made,freed -- mkbufs many -n 4 >events 2>err </dev/null
got=$(grep '^{"time' events | jq -c -s '[group_by(.event)[] | [.[0].event, length > 3]]')
[ "$got" = '[["freed",true],["made",true]]' ]
result $? only-events "$got $(cat err)"
trace --json --exporter 'nobody*' -- mkbufs many -n 4 >events 2>err </dev/null
[ "$(grep -c '^{"time' events)" = 0 ]
result $? only-exporter "$(cat events err)"
mkfifo go
sh -c 'read -r _ <go; exec mkbufs many -n 4' >truth 2>/dev/null </dev/null &
OTHER=$!
trace --json --pid $OTHER -- sh -c "mkbufs many -n 3; echo >go
	while read -r _ _ state _ </proc/$OTHER/stat && [ \"\$state\" != Z ]; do sleep 0.1; done" \
	>events 2>err </dev/null
wait $OTHER
got=$(grep '^{"time' events | jq -c -s '[(map(.pid) | unique), (map(select(.event == "made")) | length >= 4)]')
[ "$got" = "[[$OTHER],true]" ]
result $? only-pid "$got $(cat err)"

# A process that ends, or is not there.
sh -c 'read -r _ <go; exec mkbufs many -n 4' >truth 2>/dev/null </dev/null &
OTHER=$!
dmabuf trace $HOOKS --json --pid $OTHER >events 2>err &
TRACE=$!
begun $TRACE
echo >go
wait $OTHER
wait $TRACE
status=$?
got=$(jq -s 'map(select(.event == "made")) | length >= 4' events)
[ "$status/$got" = 0/true ] && grep -q "process $OTHER has ended" err
result $? pid-ends "exit status $status: $got $(cat err)"
fails_with no-pid 1 'no such process' dmabuf trace --pid $OTHER

# What a command writes is not among the events.
trace --json --output events -- sh -c 'echo noise; mkbufs many -n 4 >/dev/null' >out 2>err </dev/null
[ "$(cat out)" = noise ] && [ "$(jq -s 'map(select(.event == "made")) | length >= 4' events)" = true ]
result $? output "$(cat out err; grep -v '^{' events)"
fails_with output-fails 1 'no/where: No such' dmabuf trace --output no/where --for 1s
fails_with output-full 1 '/dev/full: No space' \
	sh -c 'exec dmabuf trace --output /dev/full -- sh -c "mkbufs many -n 3 >/dev/null" </dev/null'
for some in "--pid $$" "--event made"; do
	trace --format chrome --output trace.json $some -- mkbufs many -n 3 >out 2>err </dev/null
	jq '.otherData.no_counters, [.traceEvents[] | select(.ph == "C")] | length' trace.json >counters
	[ "$(tail -n 1 counters)" = 0 ] && ! grep -q null counters && grep -q 'no counters of bytes: ' err
	result $? "no-counters-with${some%% *}" "$(cat counters err)"
done

# The kernel awaits the end of few calls at a time. While many last, those of others are
# not seen: a task that calls once more shows that, and it is told at once.
if [ "$HOOKS" ]; then
	dmabuf trace $HOOKS --event renamed >events 2>err &
	TRACE=$!
	begun $TRACE
	hold truth stuck
	for _ in $(seq 100); do
		grep -q '^-- 4 events are lost: too many calls' events && break
		sleep 0.1
	done
	grep -q '^-- 4 events are lost: too many calls' events
	result $? lost-at-once "$(cat events err)"
	end_scene
	kill -INT $TRACE
	wait $TRACE
fi

# Devices.
if mkbufs attach >truth 2>/dev/null </dev/null && [ "$(jq '[.buffers[].attachments | length] | add' truth)" -gt 20 ]; then
	trace --json --event attached,detached -- sh -c 'exec mkbufs attach >truth' >events 2>err </dev/null
	want=$(jq -c '[.buffers[] | .ino as $ino | .attachments[]? | [$ino, .device]] | sort' truth)
	got=$(jq -c -s '[.[] | select(.event == "attached") | [.ino, .importer]] | sort' events)
	[ "$got" = "$want" ]
	result $? attached "$got $(cat err)"
	got=$(jq -c -s '[.[] | select(.event == "detached") | [.ino, .importer]] | sort' events)
	[ "$got" = "$want" ]
	result $? detached "$got $(cat err)"
fi

# Times, names, descriptors.
trace -- mkbufs names >table 2>err </dev/null
grep -q '^TIME  *EVENT  *PID  *COMM  *INO  *SIZE  *EXPORTER  *NAME  *FD  *IMPORTER' table &&
	grep -qE '^[0-9]+\.[0-9]{6} +made +[0-9]+ mkbufs ' table && ! grep -q "$(printf '\033')" table
result $? table "$(head -n 4 table) $(cat err)"
trace --json --event renamed -- sh -c 'exec mkbufs names >truth' >events 2>err </dev/null
got=$(jq -c -s 'map([.ino, .name]) | sort | map(.[1])' events)
want=$(jq -c '[.buffers | sort_by(.ino)[] | select(.name) | .name]' truth)
[ "$got" = "$want" ]
result $? names "$got $(cat err)"

# Signals, and statuses of commands.
trace -- sh -c 'exit 7' >out 2>err
[ $? -eq 7 ]
result $? status "$(cat out err)"
dmabuf trace $HOOKS -- sleep 100 >out 2>err &
TRACE=$!
until pidof sleep >/dev/null; do
	usleep 100000
done
kill -TERM $TRACE
wait $TRACE
status=$?
[ $status -eq 143 ] && ! pidof sleep >/dev/null
result $? passes-signals "exit status $status"
# As nohup(1) starts it, a trace stays when its terminal goes.
(trap '' HUP; exec dmabuf trace $HOOKS --json --event made >events 2>err) &
TRACE=$!
begun $TRACE
kill -HUP $TRACE
sleep 1
mkbufs many -n 3 >/dev/null 2>&1 </dev/null
kill -TERM $TRACE
wait $TRACE
[ "$(grep -c '"made"' events)" -ge 3 ]
result $? nohup "$(cat events err)"
# Whoever reads may have stopped; the second signal does not wait for that.
mkfifo stuck
sleep 1000 <>stuck &
READER=$!
dmabuf trace $HOOKS --json --event made >stuck 2>err &
TRACE=$!
begun $TRACE
mkbufs many -n 1000 >/dev/null 2>&1 </dev/null
kill -TERM $TRACE
sleep 1
kill -TERM $TRACE
wait $TRACE
status=$?
[ $status -eq 143 ]
result $? second-signal "exit status $status"
kill $READER
trace --for 1s >out 2>err
result $? for "$(cat out err)"
(trace -- sh -c 'mkbufs many -n 300 >/dev/null; echo done >ended'; echo $? >status) 2>err </dev/null | head -n 1 >out
[ "$(cat status ended 2>&1)" = "1
done" ] && grep -q 'cannot write to stdout: Broken pipe' err
result $? closed "$(cat status err)"

# Numbers of processes have another meaning there.
unshare --pid --fork sh -c 'mount -t proc proc /proc
	dmabuf trace --json -- mkbufs many -n 2' >events 2>err </dev/null
got=$(grep '^{"time' events | jq -c -s 'map(.pid) | unique')
[ "$got" = '[null]' ]
result $? another-namespace "$got $(cat err)"
unshare --pid --fork sh -c 'mount -t proc proc /proc; dmabuf trace --pid 1' >out 2>err
[ $? -eq 1 ] && grep -q 'first PID namespace' err
result $? another-namespace-pid "$(cat out err)"

nothing_left nothing-left
