#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: bare.sh KERNEL. The kernel has no symbols of data (-nosymbols), no types
# (-notypes), or neither (-bare, armhf). The file "btf" has its types. The walk of the
# kernel's list must begin at a buffer, and see all of them, also those that no process
# holds. Any other kernel hides its types, and then reads its memory in the same way. The
# line protocol is that of tests/run.
set -u

KERNEL=$1
LONGEST=256

# shellcheck source=guest.sh
. ./guest.sh

case $KERNEL in
*-nosymbols) TYPES='' ;;
*) TYPES='--btf btf' ;;
esac
WALK="--collector list_walk $TYPES"
FOUND=/boot/vmlinux-$(uname -r)
TRACK=/sys/fs/bpf/dmabuf/track

# fails_with NAME TEXT COMMAND...: checks the exit status and the message
fails_with()
{
	name=$1 want=$2
	shift 2
	"$@" >out 2>err
	status=$?
	test $status -eq 1 && grep -q "$want" err
	result $? "$name" "exit status $status: $(cat out err)"
}

# sees NAME: the walk sees all buffers of the scene, and no other
sees()
{
	# shellcheck disable=SC2086 # several words
	agrees "$1" $WALK
	test "$(jq -r .collectors.buffers list.json)" = list_walk
	result $? "$1-by-the-walk" "$(cat list.json)"
}

# finds_holders NAME: tables of descriptors explain the references, or a gap names modules
# whose types are hidden. Where the kernel has no types, its iterators do not read them, and
# mappings are those of /proc, as before 5.12.
finds_holders()
{
	# shellcheck disable=SC2086 # no word, or two
	dmabuf ps $TYPES --json >ps.json 2>err
	want=$(jq -c '[.buffers[].holders[] | select(.fds + .maps > 0)]
		| group_by(.pid)
		| map({ pid: .[0].pid, comm: .[0].comm,
			fds: (map(.fds) | add), maps: (map(.maps) | add) })' truth)
	got=$(jq -c '[.processes[] | select(.fds + .maps > 0)
		| { pid, comm, fds, maps }] | sort_by(.pid)' ps.json)
	test "$want" = "$got" && test "$(jq -r .collectors.holders ps.json)" = task_iter
	result $? "$1-holders" "$got instead of $want: $(cat err)"
	# shellcheck disable=SC2086 # no word, or two
	dmabuf list $TYPES --json --columns name,unexplained >list.json 2>err
	jq -e '(.gaps | any(.why | test("no type information .BTF. in "))) as $hidden
		| .buffers | length > 0 and
		all(.unexplained == 0 or ($hidden and .unexplained == null))' list.json >out
	result $? "$1-explained" "$(cat list.json err)"
}

# sees_births: kprobes note births where no trampoline can be attached. What returns
# unseen from the kernel is lost.
sees_births()
{
	echo 0 >/sys/kernel/debug/kprobes/enabled
	fails_with births-need-kprobes 'switched off' dmabuf track on --btf btf
	echo 1 >/sys/kernel/debug/kprobes/enabled
	dmabuf track on --btf btf && [ -e $TRACK/note_returned ] && ! [ -e $TRACK/note_birth ]
	result $? births-by-kprobes "$(ls $TRACK)"
	hold truth births
	dmabuf list --btf btf --json >list.json 2>err
	differences=$(jq -n -r --slurpfile truth truth --slurpfile list list.json \
		-f births.jq 2>&1)
	[ -z "$differences" ]
	result $? births "$differences $(cat err)"
	dmabuf track status --json | jq -e --slurpfile truth truth '.tracks[0] |
		.births == ($truth[0].births | length) and .lost == 0' >out
	result $? births-counted "$(dmabuf track status)"
	end_scene
	rm $TRACK/note_returned
	hold truth many -n 3
	dmabuf list --btf btf --json >list.json 2>err
	# To begin its walk, the program has made one more.
	jq -e '[.buffers[].age] == [null, null, null] and
		([.gaps[] | select(.what == "births") | .count] | . == [3] or . == [4])' list.json >out
	result $? births-lost "$(cat list.json err)"
	end_scene
	dmabuf track off
}

# The tables of kernels of 32 bits are not read: /proc tells who has what, and what it
# does not show.
tells_of_holders()
{
	dmabuf ps --btf btf --json >ps.json 2>err
	echo $? >status
	jq -e '.collectors.holders == "procfs" and .complete == false and
		([.gaps[].what] | index("GEM handles"))' ps.json >out
	result $? "$1-holders" "$(cat ps.json err)"
	grep -q 3 status
	result $? "$1-holders-status" "$(cat status)"
}

# debugfs and /proc need no types, and the program says how to make them.
needs_types()
{
	hold truth basic || exit
	agrees no-types
	test "$(jq -r .collectors.buffers list.json)" = debugfs
	result $? no-types-collector "$(cat list.json)"
	fails_with no-types-hint 'pahole --btf_encode_detached=FILE vmlinux' \
		dmabuf list --collector list_walk
	dmabuf doctor >out 2>err
	grep -q 'list_walk *no .*pahole --btf_encode_detached=FILE vmlinux' out
	result $? doctor-hint "$(cat out err)"
	dmabuf doctor --btf btf >out 2>err
	grep -q 'list_walk *works *yes' out
	result $? doctor-types "$(cat out err)"

	# The file is found where libbpf looks for it.
	mkdir -p /boot
	cp btf "$FOUND"
	agrees found
	test "$(jq -r .collectors.buffers list.json)" = list_walk
	result $? found-collector "$(cat list.json)"
	rm "$FOUND"
	end_scene
}

has_symbols()
{
	grep -qE ' (db_list|debugfs_list|dmabuf_list|dma_buf_fops)$' /proc/kallsyms
}

case $KERNEL in
*-nosymbols) [ -e /sys/kernel/btf/vmlinux ] && ! has_symbols ;;
*-notypes) ! [ -e /sys/kernel/btf ] && has_symbols ;;
*-bare | */armhf) ! [ -e /sys/kernel/btf ] && ! has_symbols ;;
*) cat /sys/kernel/btf/vmlinux >btf && mount -t tmpfs none /sys/kernel/btf ;;
esac && grep -q ' dma_buf_put$' /proc/kallsyms
result $? is-bare "$(ls /sys/kernel/btf 2>&1; grep dma_buf /proc/kallsyms)"

holders=finds_holders
scenes="basic kept shared maps tables"
# Nothing imports buffers in stock 6.12.
[ "$KERNEL" = 6.12 ] || scenes="$scenes attach"
case $KERNEL in
*/armhf)
	holders=tells_of_holders
	scenes="basic attach"
	;;
esac
for scene in $scenes; do
	hold truth "$scene" || continue
	sees "$scene"
	$holders "$scene"
	end_scene
done

# Many that stay among others that come and go: the newest are next to the head.
if hold truth churn; then
	for look in 1 2 3 4 5 6 7 8 9 10; do
		# shellcheck disable=SC2086 # several words
		dmabuf list $WALK --json --columns ino >list.json 2>err
		echo "$?" >status
		jq -n --slurpfile truth truth --slurpfile list list.json '
			[$truth[0].buffers[].ino] - [$list[0].buffers[].ino]' >missing
		[ "$(cat status missing)" = "0
[]" ] || break
	done
	test "$(cat status missing)" = "0
[]"
	result $? churn "look $look, status $(cat status): $(cat err missing)"
	end_scene
fi

[ -z "$TYPES" ] || needs_types

# Before 5.15, a kprobe ends with the process that made it.
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
case $KERNEL in
*-nosymbols) ;;
5.10*) fails_with births-need-links 'boot Linux 5.15' dmabuf track on --btf btf ;;
*/armhf) fails_with births-need-64-bits '64 bits' dmabuf track on --btf btf ;;
*) sees_births ;;
esac

# btfwalk takes the same file. It needs symbols to begin at.
case $KERNEL in
*-nosymbols) fails_with walk-needs-symbols 'no symbol' btfwalk -r dmabufs ;;
*-bare) fails_with walk-needs-symbols 'no symbol' btfwalk --btf btf -r dmabufs ;;
*/armhf) fails_with walk-needs-64-bits '32 bits' btfwalk --btf btf -r dmabufs ;;
*)
	fails_with walk-needs-types 'pahole --btf_encode_detached=FILE vmlinux' \
		btfwalk -r dmabufs
	hold truth basic || exit
	got=$(btfwalk --btf btf -r dmabufs --count 2>err)
	[ "$got" = "$(jq '.buffers | length' truth)" ]
	result $? walk "$got $(cat err)"
	end_scene
	;;
esac

# No buffer is there. The program makes one for a moment, and does not show it.
hold truth empty || exit
if [ -e /dev/udmabuf ]; then
	sees none
	nothing_left none-left
	rm -rf /dev/dma_heap
	sees none-but-udmabuf
	rm /dev/udmabuf
fi
# shellcheck disable=SC2086 # several words
fails_with nothing-to-begin-at 'no buffer leads to the list' dmabuf list $WALK
end_scene
