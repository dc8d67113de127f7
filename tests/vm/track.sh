# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest: track.sh KERNEL. Compares who made each buffer, and when, with the
# truth. The line protocol is that of tests/run.
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=hogs.sh
. ./hogs.sh
# shellcheck source=births.sh
. ./births.sh

# Freed buffers have no birth, and nothing was ever lost.
ends_empty()
{
	for _ in $(seq 100); do
		[ "$(status births)" = 0 ] && break
		sleep 0.2
	done
	test "$(status births)/$(status lost)" = 0/0
	result $? "$1" "$(buffers_left) buffers are left: $(dmabuf track status)"
}

umount /sys/fs/bpf
fails_with no-file-system 1 'mount -t bpf' dmabuf track on
mount -t bpf bpf /sys/fs/bpf
fails_with not-on 1 'dmabuf track on' dmabuf track status
fails_with not-off 1 'dmabuf track on' dmabuf track off
fails_with no-ages 1 'dmabuf track on' dmabuf list --older-than 1h
fails_with not-root 1 CAP_ as_nobody dmabuf track on

# A cgroup that is there, and one that has gone when its buffers are looked at.
mkdir -p /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
mkdir -p /sys/fs/cgroup/cam/front

dmabuf alloc system 4K --hold >old 2>/dev/null &
OLD=$!
hold before many -n 3
BEFORE=$SCENE
dmabuf track on
result $? on "$(ls -R $PINNED)"
fails_with on-twice 1 'track off' dmabuf track on
[ "$(status births)" = 0 ]
result $? nothing-is-guessed "$(dmabuf track status)"

begin_hogs
hold truth births
end_hogs
same births
[ "$(status births)" = "$(jq '.births | length' truth)" ]
result $? counted "$(dmabuf track status)"
got=$(dmabuf list --json | jq -c --slurpfile before before \
	'[.buffers[] | select(.ino as $ino | $before[0].buffers | any(.ino == $ino)) |
		[.age, .born_by, .born_uid, .born_cgroup]] | unique')
[ "$got" = '[[null,null,null,null]]' ]
result $? older-is-unknown "$got"

got=$(dmabuf list --born-by maker-a --json | jq '.buffers | length')
[ "$got" = 200 ]
result $? born-by-name "$got"
pid=$(jq '.births[0].pid' truth)
got=$(dmabuf list --born-by "$pid" --json | jq '.buffers | length')
[ "$got" = 200 ]
result $? born-by-pid "$got"
got=$(dmabuf ps --born-by maker-a --json -o pid,buffers,made_buffers |
	jq -c '.processes | map([.pid, .buffers, .made_buffers])')
[ "$got" = "[[$pid,200,200]]" ]
result $? ps-born-by "$got"
dmabuf ps -n -o pid --fail-if 'any oldest_age>1d' --born-by maker-a --exporter none >out 2>err
result $? fail-if-old "$(cat out err)"
# Who made what was there before is not known. 5.10 may lack the heap.
earlier=$(jq '.buffers | length' before)
[ -s old ] && earlier=$((earlier + 1))
dmabuf ps -n -o pid --fail-if 'any oldest_age>1d' --born-by "$pid" >out 2>err
[ $? -eq 3 ] && grep -q " $earlier buffers that may match: .*who made them is not known" err
result $? fail-if-unknown "$(cat out err)"
dmabuf ps -n -o pid --fail-if 'any oldest_age>0s' --born-by "$pid" >out 2>err
[ $? -eq 4 ] && grep -q "oldest_age of pid $pid is" err
result $? fail-if-older "$(cat out err)"
# What was there before is older than this, and what came later is not.
sleep 2
all=$(dmabuf list --json | jq '.buffers | length')
got=$(dmabuf list --older-than 0s --json | jq '.buffers | length')
[ "$got" = "$all" ]
result $? older-than-nothing "$got of $all"
dmabuf list --older-than 1d --json >list.json
[ $? -eq 3 ] && jq -e --argjson earlier "$earlier" '.buffers == [] and
	([.gaps[] | [.what, .count]] == [["buffers that may match", $earlier]])' list.json >out
result $? older-than-a-day "$(jq -c .gaps list.json)"

ino=$(jq '.births[0].ino' truth)
dmabuf show "$ino" >shown
grep -q "^made [0-9.]*[0-9ms]* ago by maker-a:$pid of uid 1001" shown
result $? shown "$(cat shown)"
dmabuf list -o ino,age,born_by >table
grep -qE "^ *$ino +[0-9.ms]+ maker-a:$pid *$" table
result $? table "$(grep "^ *$ino " table)"
! grep -q '^e:' table && grep -q 'maker.*e:[0-9]' table
result $? table-of-one-line-each "$(grep -v maker table)"

# Each buffer has the stack of the function that made it; shows one of each stack. All are
# named at once: that takes the longest.
dmabuf list --json | jq -r '[.buffers[] | select(.stack)] | unique_by(.stack)[].ino' >inos
dmabuf save saved
while read -r one; do
	dmabuf show "$one" --input saved --json
done <inos | jq -s 'map({key: .buffer.stack, value: .stacks}) | from_entries' >stacks
dmabuf list --json | jq -r --slurpfile truth truth --slurpfile stacks stacks \
	-f stacks.jq >differences 2>&1
[ ! -s differences ]
result $? call-sites "$(cat differences)"
got=$(jq -c '[.[].user[].symbol | select(. and startswith("site_"))] | unique | length' stacks)
[ "$got" = 20 ]
result $? all-call-sites "$got: $(head -c 300 stacks)"
! grep -q 'bpf_' stacks && [ "$(jq '[.[].kernel[] | select(.symbol)] | length > 0' stacks)" = true ]
result $? calls-of-the-kernel "$(jq -c '[.[].kernel[].symbol] | unique' stacks)"
grep -q '^stack 0x' shown && grep -q '^  site_[0-9]*+0x[0-9a-f]* (.*/mkbufs)$' shown &&
	grep -q '^  [a-z_0-9]*ioctl+0x' shown && ! grep -q '(cut' shown
result $? shown-stacks "$(cat shown)"

# The kernel names them itself, however it hides addresses.
case $KERNEL in
7.3*)
	restrict=$(cat /proc/sys/kernel/kptr_restrict)
	echo 2 >/proc/sys/kernel/kptr_restrict
	dmabuf show "$ino" --json | jq -c .stacks.kernel >out
	echo "$restrict" >/proc/sys/kernel/kptr_restrict
	dmabuf show "$ino" --json | jq -c .stacks.kernel | cmp - out && grep -q '_ioctl"' out
	result $? hidden-addresses "$(cat out)"
	;;
esac

same saved --input saved
dmabuf show "$ino" --input saved --json | jq -c .stacks >out
dmabuf show "$ino" --json | jq -c .stacks | cmp - out
result $? saved-stacks "$(cat out)"
same debugfs --collector debugfs
./unshare --pid --fork --mount-proc dmabuf list --json 2>/dev/null |
	jq -c '[.buffers[].born_by | select(.)] | unique' >seen
[ "$(cat seen)" = '["maker\ne:?","maker c:?","maker-a:?","maker-b:?","maker:d:?"]' ]
result $? another-namespace "$(cat seen)"
# There, the clock has an offset of a day. Our own kernels have no such namespaces.
OFFSET="./unshare --time --boottime 86400 --fork"
[ -e /proc/self/ns/time ] || OFFSET=
for by in "" "$OFFSET"; do
	$by dmabuf track status --json | jq '.tracks[].since'
	$by dmabuf list --json | jq '.buffers[].age | select(.)'
done >out
jq -s -e 'min > 0 and max < 86400000000000' out >seen
result $? time-namespace "$(sort -n out | sed -n '1p;$p')"
begin_hogs
end_scene
end_hogs
ends_empty freed

# What made it has ended, and a process of another user has its buffer in a socket.
hold truth leaking
dmabuf leaks >shown
grep -q "^3 buffers like [0-9]*: made by mkbufs:$SCENE, the first .* ago in .*leak_make" shown
result $? leak-is-named "$(cat shown)"
got=$(dmabuf leaks --json | jq '[.leaks[] | select(.made | test("leak_make"))] | length')
[ "$got" = 3 ]
result $? leak-in-json "$(dmabuf leaks --json | jq -c '.leaks[].made')"
end_scene

# The shell is in the cgroup, and so is what it starts.
if echo $$ >/sys/fs/cgroup/cam/front/cgroup.procs 2>/dev/null; then
	hold truth births -n 10
	echo $$ >/sys/fs/cgroup/cgroup.procs
	got=$(dmabuf list --json | jq -c '[.buffers[].born_cgroup | select(.)] | unique')
	[ "$got" = '["/cam/front"]' ]
	result $? cgroup "$got"
	cat /sys/fs/cgroup/cam/front/cgroup.procs >members
	while read -r pid; do
		echo "$pid" >/sys/fs/cgroup/cgroup.procs
	done <members
	rmdir /sys/fs/cgroup/cam/front
	got=$(dmabuf list --json | jq -c '[.buffers[].born_cgroup | select(.)] | unique')
	[ "$got" = '[]' ]
	result $? cgroup-has-gone "$got"
	end_scene
else
	not_ok cgroup "no unified hierarchy"
fi

dmabuf track off
result $? off "$(ls -R $PINNED 2>&1)"
[ ! -e $PINNED ]
result $? nothing-pinned "$(ls -R $PINNED)"

# No room for all.
dmabuf track on --max 100
hold truth births
dmabuf list --json >list.json
[ $? -eq 3 ] && jq -e '[.gaps[] | select(.what == "births")] == [.gaps[0]] and
	.gaps[0].count >= 900 and .gaps[0].count <= 910 and ([.buffers[] | select(.age)] | length) == 100' list.json >out
result $? lost "$(jq -c .gaps list.json)"
# Each maker tries one or two exporters first.
all=$(($(status noted) + $(status lost)))
[ "$(status births)" = 100 ] && [ $all -ge 1000 ] && [ $all -le 1010 ]
result $? lost-status "$(dmabuf track status)"
got=$(dmabuf doctor --json | jq -c '.probes[] | select(.collector == "births") | [.state, .hint]')
echo "$got" | grep -q '^."works",".*--max'
result $? lost-is-told-by-doctor "$got"
got=$(dmabuf list --older-than 0s --json | jq '.buffers | length')
[ "$got" = 100 ]
result $? lost-is-not-old "$got"
end_scene

dmabuf track off

# Without stacks, and with only the innermost calls.
dmabuf track on --stacks off
hold truth births -n 10
got=$(dmabuf list --json | jq -c '[.buffers[].stack] | unique')
[ "$got" = '[null]' ] && [ "$(status frames)" = 0 ]
result $? no-stacks "$got"
same no-stacks-but-births
end_scene
dmabuf track off
dmabuf track on --stacks 3
hold truth births -n 10
ino=$(jq '.births[0].ino' truth)
dmabuf show "$ino" >shown
[ "$(grep -c '^  (cut: .*--stacks' shown)" = 2 ] && [ "$(grep -c '^  [_a-z].*+0x' shown)" = 6 ]
result $? few-frames "$(cat shown)"
end_scene
fails_with bad-stacks 2 "'off'" dmabuf track on --stacks 65

# Whoever may list the folder may lock it.
as_nobody ./flock --close $PINNED sleep 300 &
while ./flock --nonblock $PINNED true; do sleep 0.1; done
fails_with locked 1 'cannot lock' dmabuf track off
kill "$(pidof flock)"
dmabuf track off

# Many at a time, and some that are killed.
for _ in 1 2 3 4 5 6; do
	dmabuf track on 2>/dev/null &
	echo $! >>begun
done
one=0
while read -r pid; do
	wait "$pid" && one=$((one + 1))
done <begun
[ $one = 1 ] && [ "$(status births)" = 0 ]
result $? one-of-many "$one"
dmabuf track off
for n in 1 2 3 4 5 6 7 8; do
	dmabuf track on 2>/dev/null &
	sleep 0.$n
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
done
dmabuf track off 2>err
dmabuf track on && hold truth births -n 10 && same after-kill
end_scene
dmabuf track off
[ ! -e $PINNED ]
result $? nothing-pinned-after-kill "$(ls -R $PINNED)"

kill $OLD $BEFORE 2>/dev/null
wait
nothing_left nothing-left
