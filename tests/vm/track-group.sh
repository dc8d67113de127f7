# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest: track-group.sh KERNEL. Members of a group read births
# without capabilities, but no stacks.
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=births.sh
. ./births.sh

# hold_as_user NAME: makes five buffers as BY says, which stay until end_scene
hold_as_user()
{
	rm -f truth
	$BY mkbufs many -n 5 --hold >truth 2>truth.err &
	SCENE=$!
	ready "$1" truth $SCENE
}

fails_with no-group 2 'no group' dmabuf track on --group nonsense
chmod a+x /sys/fs/bpf
chmod a+rw /dev/udmabuf /dev/dma_heap/* /dev/dri/* 2>/dev/null
dmabuf track on --group 4242
result $? on-group "$(ls -lR $PINNED)"
BY="./setpriv --reuid=1000 --regid=1000 --groups=4242 --bounding-set=-all"
hold_as_user scene-of-user
$BY dmabuf list --json --collector procfs >list.json 2>err
jq -e --slurpfile truth truth --arg by "mkbufs:$SCENE" '[$truth[0].buffers[].ino] as $made |
	[.buffers[] | select([.ino] | inside($made))] | length == 5 and
	all(.born_by == $by and .born_uid == 1000 and .age > 0 and .stack == null)' list.json >out
result $? group-reads-own "$(cat err; jq -c '.gaps, .buffers' list.json)"
end_scene
if dmabuf pin --group 4242 2>err; then
	hold truth births -n 100
	same group-reads --collector pinned
	got=$($BY dmabuf list --json --collector pinned | jq -c '[.buffers[].stack] | unique')
	[ "$got" = '[null]' ]
	result $? group-reads-no-stacks "$got"
	BY="./setpriv --reuid=1000 --regid=1000 --groups=4242 ./unshare --user --pid --fork"
	got=$($BY dmabuf list --json --collector pinned 2>err |
		jq -c '[.buffers[].born_by | select(.)] | unique[0]')
	[ "$got" = '"maker\ne:?"' ]
	result $? group-in-another-namespace "$got $(cat err)"
	chmod a+r $PINNED/records
	got=$(as_nobody dmabuf list --json --collector pinned | jq -c '[([.buffers[].age] | unique),
		[.gaps[] | select(.what == "births")]]')
	[ "$got" = '[[null],[]]' ]
	result $? others-read-nothing "$got"
	end_scene
	dmabuf unpin
else
	grep -q 'no dma-buf iterator' err
	result $? nothing-to-pin "$(cat err)"
fi
BY=
dmabuf track off
dmabuf track on --group 4242 --max 3
BY="./setpriv --reuid=1000 --regid=1000 --groups=4242"
hold_as_user scene-of-user-again
# How often the kernel skipped a program is only told to who has capabilities. It does not
# before 5.12, nor with a tracepoint.
if [ "$KERNEL" = 5.10 ] || [ -d /sys/kernel/tracing/events/dma_buf ]; then
	told=$(status lost) unknown='[]'
else
	told=null unknown='[null]'
fi
for by in "" "$BY"; do
	$by dmabuf list --json 2>>err | jq -c '.gaps[] | select(.what == "births") | .count'
done >out
[ "$(tr '\n' ' ' <out)" = "$(status lost) $told " ]
result $? group-is-told-of-lost "$(cat out err; dmabuf track status)"
dmabuf track off
dmabuf track on --group 4242
$BY dmabuf list --json 2>err | jq -c '[.gaps[] | select(.what == "births") | .count]' >out
[ "$(cat out)" = "$unknown" ]
result $? group-is-told-of-unknown "$(cat out err)"
end_scene
dmabuf track off
[ ! -e $PINNED ]
result $? nothing-pinned-for-group "$(ls -R $PINNED)"
chmod go-x /sys/fs/bpf
