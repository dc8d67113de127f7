# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest: track-short-lived.sh KERNEL. Many processes that each make a buffer and end
# at once, PID namespaces, and folders that another program left behind.
set -u

KERNEL=$1
# How many processes.
case $KERNEL in
7.3) PROCESSES=10000 ;;
*) PROCESSES=1000 ;;
esac

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=births.sh
. ./births.sh

# doctor STATE PATTERN: the row of births
doctor()
{
	dmabuf doctor --json | jq -e --arg state "$1" --arg pattern "$2" '.probes[] |
		select(.collector == "births") | .state == $state and
		(.why + "; " + (.hint // "") | test($pattern))' >out
	result $? "doctor-$1" "$(dmabuf doctor)"
}

doctor no 'not noted; dmabuf track on'

# A birth is right, or counted as lost: with so many processes, some wait for the CPU in
# each of the programs.
dmabuf track on
hold made short-lived -n $PROCESSES
dmabuf list --json -o ino,age,born_by,born_uid >list.json 2>err
jq -c --slurpfile list list.json '([$list[0].buffers[] | select(.age == null) |
	{key: "\(.ino)", value: true}] | from_entries) as $unknown |
	.births |= map(select($unknown["\(.ino)"] | not))' made >truth
unknown=$((PROCESSES - $(jq '.births | length' truth)))
differences=$(jq -n -r --slurpfile truth truth --slurpfile list list.json -f births.jq 2>&1)
[ -z "$differences" ] && [ $unknown -le "$(status lost)" ]
result $? short-lived "$unknown unknown: $(dmabuf track status) $(cat err) $differences"
[ $(($(status births) + $(status lost))) -ge $PROCESSES ]
result $? short-lived-are-counted "$(dmabuf track status)"
doctor works "noted for .*: $(status births) of 65536, $(status lost) lost, memory [0-9]"
end_scene

# Processes have the numbers of the first namespace.
rm truth
./unshare --pid --kill-child ./mkbufs many -n 3 --hold >truth 2>truth.err &
OUTER=$!
ready scene-inside truth $OUTER
dmabuf list --json | jq -c --slurpfile truth truth '[$truth[0].buffers[].ino] as $made |
	[.buffers[] | select([.ino] | inside($made))]' >inside
jq -e 'length == 3 and all(.holders[0].pid > 1 and .born_by == "mkbufs:\(.holders[0].pid)")' inside >out
result $? made-in-a-namespace "$(cat inside)"
# unshare ignores SIGTERM while it waits; its child ends with it.
kill -KILL $OUTER
wait $OUTER
dmabuf track off

# What a process left behind that was killed before it was done.
dmabuf track on
mv $PINNED/track $PINNED/track_new
fails_with half-way-is-off 1 'dmabuf track on' dmabuf track status
dmabuf track on && hold truth births -n 10 && same after-half-way
end_scene
[ "$(ls $PINNED)" = track ]
result $? half-way-is-gone "$(ls -R $PINNED)"

# A part of the folder; then maps that are not what they should be.
mv $PINNED/track/state $PINNED/track/other
dmabuf list --json >list.json 2>err
jq -e '[.buffers[].age | select(.)] == []' list.json >out
result $? part-is-unknown "$(cat err list.json)"
fails_with part-is-on 1 'dmabuf track off' dmabuf track on
mv $PINNED/track/births $PINNED/track/state
mv $PINNED/track/other $PINNED/track/births
fails_with another-version 1 'another version.*track off' dmabuf track status
dmabuf list --json >list.json 2>err
[ $? -eq 3 ] && jq -e '.gaps[] | select(.what == "births") | .why | test("another version")' \
	list.json >out
result $? another-version-is-a-gap "$(jq -c .gaps list.json)"
dmabuf track off
result $? another-version-off "$(ls -R $PINNED)"

# Without kprobes, what the first program misses is missed.
enabled=/sys/kernel/debug/kprobes/enabled
if echo 0 2>/dev/null >$enabled; then
	dmabuf track on 2>err
	result $? on-without-kprobes "$(cat err)"
	hold truth births -n 10
	same without-kprobes
	end_scene
	dmabuf track off
	echo 1 >$enabled
fi
[ ! -e $PINNED ]
result $? nothing-pinned "$(ls -R $PINNED)"
nothing_left nothing-left
