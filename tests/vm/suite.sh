#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: suite.sh KERNEL PART. Compares the output of dmabuf for real buffers
# with the truth of mkbufs, which made them. The parts are at the end. Prints the line
# protocol of tests/run. result gets conditions together with their output:
# shellcheck disable=SC2319
set -u

KERNEL=$1
PART=$2
# The collectors that work on this kernel, best first.
EXPECT=$(cat "$KERNEL")
FIRST=$(echo "$EXPECT" | head -n 1)
LONGEST=1000

# shellcheck source=guest.sh
. ./guest.sh

expects()
{
	echo "$EXPECT" | grep -qx "$1"
}

# longest COLLECTOR: prints how many attachments of a buffer it reads, which may be
# fewer than the scene has
longest()
{
	case "$scene $FIRST $1" in
	"attach "*" iter_seq" | "attach iter_seq task_iter") echo 32 ;;
	*) echo 1000 ;;
	esac
}

# Makes a scene that stays until end_scene, and writes its truth to the file truth.
begin_scene()
{
	hold truth "$@"
}

# ------------------------------------------------------------------ the tests

test_doctor()
{
	begin_scene basic || return
	works=$(dmabuf doctor --json |
		jq -r '.probes[] | select(.state == "works").collector
			| select(startswith("dma_") | not)')
	test "$works" = "$EXPECT"
	result $? doctor-works "works: $works"

	used=$(dmabuf list --json | jq -r .collectors.buffers)
	test "$used" = "$FIRST"
	result $? default-collector "$used instead of $FIRST"

	# A collector that does not work has a reason, and a hint or the release it needs.
	mute=$(dmabuf doctor --json | jq -r '.probes[]
		| select(.state != "works")
		| select((.why | length) == 0 or
			 (.hint == null and (.why | test("since") | not)))')
	test -z "$mute"
	result $? doctor-says-why "$mute"
	end_scene
}

test_scene()
{
	scene=$1
	shift
	begin_scene "$scene" "$@" || return
	for collector in $EXPECT; do
		LONGEST=$(longest "$collector")
		agrees "$scene-$collector" --collector "$collector" \
			--columns "$OF_BUFFERS,address"
		# The address is the best key to join holders.
		case $collector in
		iter_* | list_walk) knows_addresses "$scene-$collector-addresses" ;;
		esac
	done
	LONGEST=$(longest "$FIRST")
	agrees "$scene-default"

	holders_agree "$scene-holders"
	# There is no locale here. Names that are not ASCII must not confuse the table.
	rows=$(timeout 60 dmabuf list --input held.dmabuf --no-headings | wc -l)
	test "$rows" -eq "$(jq '.buffers | length' truth)"
	result $? "$scene-table" "$rows rows"

	want=$(jq -c '[(.buffers | length), ([.buffers[].size] | add // 0)]' truth)
	got=$(dmabuf --input held.dmabuf --json |
		jq -c '[.totals.buffers, .totals.bytes]')
	test "$want" = "$got"
	result $? "$scene-summary" "$got instead of $want"

	# If a reader leaked a reference, the count is higher now.
	agrees "$scene-refs-after"
	LONGEST=1000
	end_scene
	nothing_left "$scene-freed"
}

# knows_addresses NAME: checks the list that was compared last
knows_addresses()
{
	unknown=$(jq '[.buffers[] | select(.address == null)] | length' list.json)
	test "$unknown" = 0
	result $? "$1" "$unknown buffers without an address"
}

# Writes the output of commands for one snapshot to held-COMMAND.json.
ask()
{
	dmabuf save held.dmabuf 2>err
	case $? in 0 | 3) ;; *) return 1 ;; esac
	for command in list ps leaks; do
		dmabuf $command --input held.dmabuf --json >held-$command.json
	done
	: >held-show.json
}

# Does the same, and runs show for each buffer.
ask_all()
{
	ask || return
	for ino in $(jq '.buffers[].ino' held-list.json); do
		dmabuf show "$ino" --input held.dmabuf --json
	done >held-show.json
	return 0
}

held_differences()
{
	jq -n -r --slurpfile truth "$1" --slurpfile list held-list.json \
		--slurpfile ps held-ps.json --slurpfile leaks held-leaks.json \
		--slurpfile show held-show.json -f holders.jq 2>&1
}

# Compares holders and sums with the truth. Only kernels that cannot search for some
# holders may have gaps.
holders_agree()
{
	name=$1
	case $scene in names | many) ask ;; *) ask_all ;; esac
	result $? "$name-taken" "$(cat err)"
	differences=$(held_differences truth)
	test -z "$differences"
	result $? "$name" "$differences"
	processes_agree "$name-procfs" --collector procfs
	explains_agree "$name-explained"

	gaps=$(jq -r '.gaps[] | select(.what != "lists of attachments") |
		"\(.what): \(.why)"' held-list.json)
	case $KERNEL in
	5.10*) echo "$gaps" | sed '/^$/d; s/^/  # gap: /' ;;
	*)
		test -z "$gaps"
		result $? "$name-whole" "$gaps"
		;;
	esac
}

# Compares the number of references that procfs finds, each once although processes may
# share a table or memory.
explains_agree()
{
	want=$(jq -c '[.buffers[] | select(.held.fd + .held.map > 0)
		| [.ino, .size, .held.fd + .held.map]] | sort' truth)
	got=$(dmabuf list --json --collector procfs 2>err |
		jq -c '[.buffers[] | [.ino, .size, .explained]] | sort')
	test "$want" = "$got"
	result $? "$1" "$got instead of $want: $(cat err)"
}

# Compares only descriptors and mappings of each process.
processes_agree()
{
	name=$1
	shift
	want=$(jq -c '[.buffers[].holders[] | select(.fds + .maps > 0)]
		| group_by(.pid)
		| map({ pid: .[0].pid, comm: .[0].comm,
			fds: (map(.fds) | add), maps: (map(.maps) | add) })' truth)
	got=$(dmabuf ps --json "$@" 2>err |
		jq -c '[.processes[] | { pid, comm, fds, maps }] | sort_by(.pid)')
	test "$want" = "$got"
	result $? "$name" "$got instead of $want: $(cat err)"
}

test_holders()
{
	scene=$1
	begin_scene "$scene" || return
	holders_agree "$scene-holders"
	end_scene
	nothing_left "$scene-freed"
}

# A second look, at all processes or at one, gives the same output.
test_ps()
{
	begin_scene maps || return
	ask
	jq -c '.processes[]' held-ps.json >ps-saved
	dmabuf ps --json | jq -c '.processes[]' >ps-all
	cmp ps-saved ps-all 2>err
	result $? ps-again "$(cat err)"
	pid=$(jq .pid truth)
	dmabuf ps --json "$pid" | jq -c '.processes[]' >ps-one
	jq -c --argjson pid "$pid" 'select(.pid == $pid)' ps-all | cmp - ps-one 2>err
	result $? ps-one "$(cat err)"
	dmabuf --json | jq -c '[.totals.bytes, .totals.kernel_only]' >of-summary
	jq -c '[.totals.bytes, .totals.kernel_only]' held-ps.json >of-ps
	cmp of-summary of-ps 2>err
	result $? summary-of-holders "$(cat err of-summary of-ps)"
	end_scene
}

# RSS in each case of Android's test of its own. Each process shares nothing, so its PSS
# is the same. A process that has no buffer has no row.
test_rss()
{
	begin_scene rss || return
	test "$(jq '[.processes[].case] | unique | length' truth)" -eq 12
	result $? rss-cases "$(cat truth)"
	for collector in default procfs; do
		set -- --collector $collector
		[ $collector != default ] || set --
		dmabuf ps --json "$@" >ps.json 2>err
		wrong=$(jq -n -r --slurpfile truth truth --slurpfile ps ps.json '
			($ps[0].processes | map({ (.pid | tostring): . }) | add) as $rows
			# A handle of another process would make the share smaller.
			| any($ps[0].gaps[]; .what == "GEM handles") as $handles
			| $truth[0].processes[]
			| ($rows[.pid | tostring] // { rss: 0, pss: 0 }) as $row
			| select($row.rss != .rss or
				 ($row.pss != .rss and ($handles and $row.pss == null | not)))
			| "\(.case), step \(.step): RSS \($row.rss), PSS \($row.pss)
				instead of \(.rss)"')
		test -z "$wrong"
		result $? "rss-$collector" "$wrong $(cat err)"
	done
	end_scene
	nothing_left rss-freed
}

# The size of a buffer that is only mapped is in the mapped file, which only readers with
# a capability may open. Without it, no sum is known.
test_mapped()
{
	begin_scene maps || return
	caps=+sys_ptrace,+dac_read_search
	for known in false true; do
		as_nobody --inh-caps=$caps --ambient-caps=$caps \
			dmabuf ps --json --collector procfs >ps.json 2>err
		got=$(jq -c '[.totals.bytes, .processes[].rss]
			| map(. != null) | unique' ps.json)
		test "$got" = "[$known]"
		result $? "mapped-sizes-$known" "$(cat ps.json err)"
		caps=$caps,+checkpoint_restore
	done
	end_scene
}

# Sums must be correct while processes start and exit, and their buffers are freed.
test_holders_of_churn()
{
	begin_scene churn || return
	echo '{"buffers":[]}' >nobody
	wrong=
	for _ in 1 2; do
		ask || wrong="$wrong failed: $(cat err)"
		wrong=$wrong$(held_differences nobody)
	done
	test -z "$wrong"
	result $? churn-holders "$wrong"
	end_scene
}

test_shared()
{
	begin_scene shared || return
	first=$(jq .pid truth)
	second=$(jq '[.buffers[] | select(.name == "shared-two").holders[].pid][0]' truth)
	want=$(jq -c --argjson a "$first" --argjson b "$second" \
		'[.buffers[] | select([.holders[].pid] | contains([$a, $b])).ino] | sort' truth)
	got=$(dmabuf shared "$first" "$second" --json |
		jq -c '[.buffers[].ino] | sort')
	test "$want" = "$got" && [ "$want" != "[]" ]
	result $? shared-by-two "$got instead of $want"
	end_scene
}

test_leaks()
{
	limit='kernel_only>1M'
	begin_scene leaking || return
	dmabuf leaks --fail-if "$limit" >out 2>err
	status=$?
	test $status -eq 4 && grep -q "frame" out && grep -q "condition met: kernel_only" err
	result $? leaks-fail "exit status $status: $(cat out err)"
	dmabuf leaks --fail-if "$limit" --name 'no*' >out 2>err
	status=$?
	test $status -ne 4
	result $? leaks-of-others "exit status $status: $(cat out err)"
	end_scene

	begin_scene clean || return
	dmabuf leaks --fail-if "$limit" >out 2>err
	status=$?
	case $status in 0) true ;; 3) [ "${KERNEL#5.10}" != "$KERNEL" ] ;; *) false ;; esac
	result $? clean-passes "exit status $status: $(cat out err)"
	end_scene
}

# Four udmabufs have the same 16M of a memfd. Others have as much of their own, or only a
# part of these pages. No other buffer of the tests has the memory of another one.
test_same_memory()
{
	[ -e /dev/udmabuf ] || return
	begin_scene same-memory || return
	dmabuf list --json >list.json 2>err
	status=$?
	want=$(jq -r '[.buffers[] | select(.name | startswith("same-")).ino] | sort |
		"3: the memory of buffer \(.[0]) is that of \(.[1]), \(.[2]), \(.[3]), too:" +
		" sums are 50331648 bytes too high"' truth)
	got=$(jq -r '.gaps[] | select(.what == "buffers with repeated memory") |
		"\(.count): \(.why)"' list.json)
	test $status -eq 3 && [ "$got" = "$want" ]
	result $? same-memory-is-told "exit status $status: $got instead of $want"
	# It is in saved snapshots, too.
	dmabuf save snapshot 2>/dev/null
	dmabuf --input snapshot 2>err >out
	test $? -eq 3 && grep -q "3 buffers with repeated memory" err
	result $? same-memory-is-saved "$(cat out err)"
	end_scene
	nothing_left same-memory-freed
}

# A descriptor opened with O_PATH keeps the memory of a buffer that has left the kernel's
# list. Only the iterator over tasks finds it.
test_released()
{
	begin_scene released || return
	want=$(jq -c '[.released[] | [.ino, .size, (.holders | map([.pid, .fds]) | sort)]] |
		sort' truth)
	size=$(jq '[.released[].size] | add' truth)
	dmabuf list --json >list.json 2>err
	status=$?
	got=$(jq -c '[.buffers[] | select(.released) |
		[.ino, .size, (.holders | map([.pid, .fds]) | sort)]] | sort' list.json)
	[ "$want" = "$got" ]
	result $? released-list "exit status $status: $got instead of $want $(cat err)"
	jq -e --slurpfile truth truth --argjson size "$size" '
		.totals.released == ($truth[0].released | length) and
		.totals.released_bytes == $size and
		.totals.buffers == ($truth[0].buffers | length) and
		.totals.bytes == ([$truth[0].buffers[].size] | add) and
		.totals.unexplained == 0 and all(.gaps[]; .what != "released buffers")' \
		list.json >/dev/null
	result $? released-totals "$(jq -c .totals,.gaps list.json)"

	# Who has the memory: each of two processes, by its descriptors.
	want=$(jq -c '[.released[] | .size as $size | .holders[] | {pid, $size}] |
		group_by(.pid) | map([.[0].pid, (map(.size) | add)])' truth)
	got=$(dmabuf ps --json 2>err | jq -c '[.processes[] | [.pid, .released_bytes]]')
	[ "$want" = "$got" ]
	result $? released-ps "$got instead of $want $(cat err)"

	dmabuf leaks --json >leaks.json 2>err
	jq -e --slurpfile truth truth '[.leaks[] | select(.released)] as $rows |
		([$rows[].inos[]] | sort) == ([$truth[0].released[].ino] | sort) and
		all($rows[]; .certain and .unexplained == 0 and
		    (.verdict | test("^released, its memory kept by"))) and
		any($rows[]; .verdict | test("4 O_PATH descriptors of mkbufs")) and
		any($rows[]; .verdict | test("message in flight in a socket, fd .* of mkbufs"))' \
		leaks.json >/dev/null
	result $? released-leaks "$(cat leaks.json err)"
	dmabuf leaks --fail-if "released_bytes>=$size" >out 2>err
	[ $? -eq 4 ]
	result $? released-condition "$(cat out err)"

	dmabuf save saved 2>err
	dmabuf list --input saved --json |
		jq -c '[.totals, [.buffers[] | select(.released)]]' >again
	jq -c '[.totals, [.buffers[] | select(.released)]]' list.json | cmp -s - again
	result $? released-saved "$(cat again err)"
	dmabuf list --collector procfs --json 2>err |
		jq -e '.totals.released == null and
			any(.gaps[]; .what == "released buffers")' >/dev/null
	result $? released-procfs "$(cat err)"
	end_scene
	nothing_left released-freed
}

# Runs a command as the first process of a new PID namespace, with its own /proc.
in_namespace()
{
	unshare -p -f -m sh -c 'mount -t proc none /proc && "$@"' sh "$@"
}

# A reader in a container cannot see the holders outside, and does not guess.
test_namespace()
{
	begin_scene basic || return
	for collector in default task_iter procfs; do
		[ $collector != task_iter ] || expects list_walk || continue
		set -- --collector $collector
		[ $collector != default ] || set --
		in_namespace dmabuf leaks "$@" --fail-if 'kernel_only>0' >out 2>err
		status=$?
		test $status -eq 3 && grep -q "outside this PID namespace" err
		result $? "namespace-$collector-fail-if" "exit status $status: $(cat out err)"
		in_namespace dmabuf list --json "$@" >list.json 2>err
		guessed=$(jq -c '.totals.kernel_only, .totals.unexplained,
			(.buffers[] | select(.explained != .refs) |
			 .processes, .kernel_only, .unexplained) | select(. != null)' list.json)
		test -z "$guessed"
		result $? "namespace-$collector-does-not-guess" "$guessed"
	done
	end_scene

	# The references of a buffer that only this namespace has are all found, where the
	# kernel tells of all kinds.
	case $KERNEL in 5.10*) return ;; esac
	cat >inside <<-'EOF'
	mount -t proc none /proc
	. ./guest.sh
	hold truth basic
	dmabuf list --json >list.json 2>err
	end_scene
	EOF
	unshare -p -f -m sh inside
	jq -n -e --slurpfile list list.json --slurpfile truth truth '
		$list[0].complete and ($list[0].buffers | length) > 0 and
		all($list[0].buffers[]; .unexplained == 0) and
		($list[0].totals.kernel_only ==
		 ([$truth[0].buffers[] | select(.holders == []).size] | add // 0))' >/dev/null
	result $? namespace-of-the-holders "$(cat err list.json)"
}

test_pids()
{
	begin_scene basic || return
	pid=$(jq .pid truth)
	fails_with no-such-process 1 "no such process" dmabuf ps 4194303
	sleep 1000 &
	idle=$!
	dmabuf ps --json $idle >out 2>err
	test "$(jq '.processes | length' out)" = 0
	result $? idle-process "$(cat out err)"
	kill $idle
	dmabuf ps --format dmabuf_dump "$pid" >out 2>err
	grep -q "^ *mkbufs:$pid" out && grep -q "^dmabuf total: .*userspace_pss:" out
	result $? dmabuf-dump "$(cat out err)"
	end_scene
}

test_snapshot()
{
	begin_scene basic || return
	dmabuf save snapshot 2>/dev/null
	dmabuf list --json --input snapshot |
		grep '^{"ino"' >from-file
	dmabuf list --json | grep '^{"ino"' >from-kernel
	cmp from-file from-kernel 2>err
	result $? save-and-load "$(cat err)"

	./example-biggest >out 2>&1
	biggest=$(jq '[.buffers[].size] | max' truth)
	grep -q ": $biggest bytes from " out
	result $? example-program "$(cat out)"
	end_scene
}

# 6.16 and 6.17 truncate the iterator's output after one read of 32 KiB.
test_many()
{
	test_scene many -n 600

	expects iter_open && ! expects iter_seq || return
	begin_scene many -n 600 || return
	state=$(dmabuf doctor --json |
		jq -r '.probes[] | select(.collector == "iter_seq").state')
	test "$state" = cuts
	result $? cut-iterator-is-told "iter_seq: $state"
	fails_with cut-iterator-leaves-a-gap 3 "not complete: buffers: this kernel" \
		dmabuf list --collector iter_seq
	fails_with cut-iterator-is-not-pinned 1 "truncates the iterator" dmabuf pin
	end_scene
}

test_pinned()
{
	if ! expects iter_seq; then
		expects iter_open ||
			fails_with pin-without-iterator 1 "no dma-buf iterator" \
				dmabuf pin
		return
	fi

	begin_scene names || return
	fails_with nothing-pinned-yet 1 "nothing is pinned" dmabuf unpin
	dmabuf pin --mode 0444 2>err && chmod a+x /sys/fs/bpf
	result $? pin "$(cat err)"
	fails_with pin-twice 1 "pinned already" dmabuf pin

	agrees pinned-records --collector pinned
	# nobody may not search for holders. That is a gap only if holders are wanted.
	rm -f /sys/fs/bpf/dmabuf/descriptors /sys/fs/bpf/dmabuf/mappings
	as_nobody dmabuf list --json --columns "$OF_BUFFERS" >list.json 2>err
	result $? pinned-for-nobody "$(cat err)"
	as_nobody dmabuf list --json >held-list.json
	test $? -eq 3 && jq -e '.gaps[] | select(.what == "holders")' held-list.json >/dev/null
	result $? pinned-knows-no-holders "$(cat held-list.json)"
	# An alarm on what can be seen does not depend on what cannot.
	as_nobody dmabuf --fail-if 'bytes>1T' >out 2>err
	result $? pinned-alarm-is-off "$(cat out err)"
	as_nobody dmabuf --fail-if 'bytes>1' >out 2>err
	test $? -eq 4
	result $? pinned-alarm-is-on "$(cat out err)"
	as_nobody dmabuf leaks --fail-if 'kernel_only>0' >out 2>err
	test $? -eq 3 && grep -q "^cannot tell" out
	result $? pinned-cannot-tell "$(cat out err)"
	test "$(jq -r .collectors.buffers list.json)" = pinned &&
		! grep -q address list.json
	result $? pinned-hides-addresses "$(cat list.json)"

	# The text has four lines for each buffer, with any name.
	text=/sys/fs/bpf/dmabuf/prog_dmabufIter_iter_dmabuf
	cat $text >text-whole
	lines=$(wc -l <text-whole)
	buffers=$(jq '.buffers | length' truth)
	test "$lines" -eq $((4 * buffers))
	result $? text-lines "$lines lines, $buffers buffers"
	for bs in 1 7 100 64k; do
		dd if=$text of=text-$bs bs=$bs 2>/dev/null
		cmp text-whole text-$bs 2>err
		result $? "text-by-$bs" "$(cat err)"
	done
	rm /sys/fs/bpf/dmabuf/records
	jq -c '.buffers |= map(.refs = null | .attachments = null |
		.name |= (. // "" | gsub("\n"; " ")))' truth >t && mv t truth
	agrees_without_refs pinned-text

	# A reader that stops in the middle holds one buffer, and dmabuf shows it.
	exec 9<$text
	dd bs=1 count=1 <&9 >/dev/null 2>&1
	dmabuf save held.dmabuf 2>err
	# Child processes inherit the descriptor, but it is one reference.
	found=$(for ino in $(jq '.buffers[].ino' truth); do
		dmabuf show "$ino" --input held.dmabuf --json
	done | jq -s '[.[].holders[] | select(.type == "iterator").refs] | add')
	test "$found" = 1
	result $? stopped-iterator-is-named "'$found' references: $(cat err)"
	exec 9<&-

	# The reference is dropped when the reader ends.
	dd if=/sys/fs/bpf/dmabuf/prog_dmabufIter_iter_dmabuf of=/dev/null \
		bs=1 count=1 2>/dev/null
	dmabuf unpin && [ ! -e /sys/fs/bpf/dmabuf ]
	result $? unpin "it is still there"
	end_scene
	nothing_left pinned-freed
}

# The buffers of a list whose references are all in pinned files: a line each with its
# holders. 5.10 has no iterator over mappings.
held_in_files()
{
	[ -e /sys/fs/bpf/dmabuf/mappings ] && other=map || other=fd
	jq -c --slurpfile truth truth --arg other "$other" '
		($truth[0].buffers | map(select(.held | del(.fd, .[$other]) == {}).ino)) as $all
		| .buffers | map(select(.ino | IN($all[]))) | sort_by(.ino)[]
		| [.ino, .kernel_only, .unexplained, (.holders | map([.pid, .fds, .maps]) | sort)]' \
		"$1"
}

# pinned_holders_agree NAME: compares what nobody sees in pinned files with what root sees
pinned_holders_agree()
{
	dmabuf list --json >list.json 2>err
	held_in_files list.json >want
	as_nobody dmabuf list --json >list.json 2>err
	held_in_files list.json | cmp want - 2>>err && [ -s want ] &&
		[ "$(jq -r .collectors.holders list.json)" = pinned_holders ]
	result $? "$1" "$(cat err want list.json)"
}

# A reader without capabilities sees holders in pinned files, with the process IDs of
# its own namespace.
test_pinned_holders()
{
	expects iter_seq || return
	begin_scene tables || return
	dmabuf pin --mode 0444 2>err && chmod a+x /sys/fs/bpf
	result $? pin-holders "$(cat err)"
	pinned_holders_agree pinned-holders-of-tables
	end_scene
	begin_scene shared || return
	pinned_holders_agree pinned-holders
	# What a message in flight holds is not in the files. With a display, that
	# may be a handle of a process.
	jq -e '.complete == false and any(.gaps[]; .what == "other references") and
		(.buffers[] | select(.name == "shared-in-flight")
		 | .kernel_only != false and .unexplained != 0)' list.json >/dev/null
	result $? pinned-holders-misses "$(cat list.json)"
	# No addresses: a record has a key, which is 0, and the hash of a table at 8
	# and 24.
	for file in /sys/fs/bpf/dmabuf/descriptors /sys/fs/bpf/dmabuf/mappings; do
		[ ! -e $file ] || od -A n -t x8 -v -w88 $file
	done >records
	addresses=$(awk '$2 !~ /^0*$/ || $4 ~ /^(ffff[89c]|0*$)/' records)
	test -s records && [ -z "$addresses" ]
	result $? pinned-holders-hide-addresses "$addresses"
	end_scene

	begin_scene clean || return
	as_nobody dmabuf leaks --fail-if 'kernel_only>0,unexplained>0' >out 2>err
	status=$?
	test $status -eq 0 && grep -q "every reference is explained" out && [ ! -s err ]
	result $? pinned-reader-sees-no-leak "exit status $status: $(cat out err)"
	end_scene

	# Process IDs are those of the namespace.
	cat >inside <<-'EOF'
	mount -t proc none /proc
	. ./guest.sh
	hold truth clean
	as_nobody ./dmabuf list --json >list.json 2>err
	end_scene
	EOF
	unshare -p -f -m sh inside
	jq -n -e --slurpfile list list.json --slurpfile truth truth '
		([$list[0].buffers[].holders[].pid] | unique) ==
		([$truth[0].buffers[].holders[].pid] | unique) and
		$list[0].complete' >/dev/null
	result $? pinned-holders-of-a-namespace "$(cat err list.json)"

	# Somebody else's file is not read.
	begin_scene clean || return
	chown 1000 /sys/fs/bpf/dmabuf/descriptors
	as_nobody dmabuf list --json >list.json 2>err
	test $? -eq 3 && [ "$(jq -r .collectors.holders list.json)" != pinned_holders ]
	result $? pinned-holders-of-another "$(cat list.json err)"
	dmabuf unpin && [ ! -e /sys/fs/bpf/dmabuf ]
	result $? unpin-holders "it is still there"
	end_scene
}

# Text of 5,000 buffers: the stream is the same for every size of read.
test_pinned_many()
{
	expects iter_seq || return
	begin_scene many -n 5000 || return
	dmabuf pin
	text=/sys/fs/bpf/dmabuf/prog_dmabufIter_iter_dmabuf
	jq -r '.buffers[] | .ino, .size, .name // "", .exporter' truth >text-truth
	for bs in 1 100 64k; do
		dd if=$text of=text-$bs bs=$bs 2>/dev/null
		# The text has the newest first, the truth the oldest first.
		paste - - - - <text-$bs | sort -n >text-sorted
		paste - - - - <text-truth | sort -n | cmp - text-sorted 2>err
		result $? "text-of-many-by-$bs" "$(cat err)"
	done
	cmp text-1 text-100 2>err && cmp text-100 text-64k 2>err
	result $? text-of-many-is-the-same "$(cat err)"
	dmabuf unpin
	end_scene
	nothing_left text-of-many-freed
}

agrees_without_refs()
{
	dmabuf list --json --columns "$OF_BUFFERS" --collector pinned >list.json
	jq -e '[.buffers[] | .refs, .attachments] | all(. == null)' list.json \
		>/dev/null
	result $? "$1-knows-no-refs" "$(cat list.json)"
	jq -n -r --argjson longest 1000 --slurpfile truth truth \
		--slurpfile list list.json -f compare.jq >differences
	test ! -s differences
	result $? "$1" "$(cat differences)"
}

# Processes make and free buffers as fast as they can. A list must have all buffers
# that stay, and the others must look valid.
churn_some()
{
	for _ in 1 2 3 4 5; do
		dmabuf list --json --columns "$OF_BUFFERS" --collector "$1" \
			2>list.err
		# Status 3 is an answer with gaps.
		case $? in 0 | 3) ;; *) return 1 ;; esac
	done >list.json
	jq -n -r --slurpfile truth truth --slurpfile list list.json -f churn.jq
}

test_churn()
{
	collector=$1 soak=$2 seconds=$3
	begin_scene churn -n 100 || return
	jq -r '.buffers[] | [.ino, .size, .exporter, .name // ""] | @tsv' \
		truth >stay
	soak "$collector" "$soak" "$(jq -r .churn_name truth)" <stay >soak.out
	result $? "soak-$collector" "$(cat soak.out)"
	echo "  # $collector: $(tail -n 1 soak.out)"

	end=$(($(date +%s) + seconds))
	lists=0 wrong=""
	while [ "$(date +%s)" -lt $end ] && [ -z "$wrong" ]; do
		wrong=$(churn_some "$collector") || wrong="failed: $(cat list.err)"
		lists=$((lists + 5))
	done
	end_scene
	test -z "$wrong"
	result $? "churn-$collector" "$wrong"
	echo "  # $collector: $lists lists; $(tail -n 1 truth.err)"
}

# unknown_is_told NAME: when only procfs is left, nobody knows what no process holds
unknown_is_told()
{
	dmabuf --json --fail-if 'kernel_only>0' >out 2>err
	status=$?
	[ "$(jq -r .collectors.buffers out)" = procfs ] || return
	test $status -eq 3 && grep -q "kernel_only: not known" err &&
		jq -e '.totals | .kernel_only == null and .unexplained == null' out >/dev/null
	result $? "$1-totals-are-not-known" "exit status $status: $(cat out err)"
	dmabuf >out 2>err
	grep -q "^at least .*, not known how much no process holds" out
	result $? "$1-summary-says-so" "$(cat out err)"
	dmabuf leaks >out 2>err
	test $? -eq 3 && grep -q "^cannot tell\|^no leak found, but not" out
	result $? "$1-leaks-cannot-tell" "$(cat out err)"
}

test_bad_input()
{
	begin_scene basic || return

	if expects sysfs; then
		as_nobody dmabuf list --json >list.json 2>err
		test $? -eq 3 && jq -e '.gaps[] | select(.what == "holders")' \
			list.json >/dev/null
		result $? not-root "$(cat list.json err)"
		agrees sysfs-for-nobody --collector sysfs
	else
		fails_with not-root 1 "no CAP_BPF.*run as root, or" \
			as_nobody dmabuf list
	fi

	# Each collector works with these capabilities and needs no others.
	for collector in $EXPECT; do
		caps=+bpf,+perfmon
		case $FIRST/$collector in
		*/list_walk | list_walk/task_iter) caps=$caps,+syslog ;;
		*/debugfs) caps=+dac_read_search ;;
		*/sysfs) caps=-all ;;
		*/procfs) caps=+sys_ptrace,+dac_read_search ;;
		esac
		# Before 5.11 the memory of maps counts as locked memory.
		case $KERNEL in 5.10*) caps=$caps,+sys_resource ;; esac
		as_nobody --inh-caps=$caps --ambient-caps=$caps \
			dmabuf list --json --columns "$OF_BUFFERS" \
			--collector "$collector" >list.json 2>err
		status=$?
		test $status -eq 0 || { [ "$collector" = procfs ] && [ $status -eq 3 ]; }
		result $? "capabilities-$collector" "$(cat err)"
	done

	old=$(cat /proc/sys/kernel/kptr_restrict)
	echo 2 >/proc/sys/kernel/kptr_restrict
	fails_with hidden-addresses 1 "kptr_restrict=2.*sysctl" \
		dmabuf list --collector list_walk
	agrees hidden-addresses-need-not-matter
	echo "$old" >/proc/sys/kernel/kptr_restrict

	mount -t tmpfs none /sys/kernel/btf
	agrees no-btf
	test "$(jq -r .collectors.buffers list.json)" = debugfs
	result $? no-btf-collector "$(cat list.json)"
	processes_agree no-btf-processes
	# If there is a DRM device, its handles are a gap, because /proc does not show them.
	handles=$(find /sys/class/drm /sys/class/accel -maxdepth 1 \
		\( -name 'card*' -o -name 'render*' -o -name 'accel[0-9]*' \) \
		2>/dev/null | wc -l)
	dmabuf ps --json >out 2>err
	test "$(jq '[.gaps[] | select(.what == "GEM handles")] | length' out)" \
		-eq $((handles > 0))
	result $? no-btf-handles "$handles devices: $(cat err)"
	fails_with no-btf-hint 1 "CONFIG_DEBUG_INFO_BTF" \
		dmabuf list --collector list_walk
	umount /sys/kernel/debug
	agrees no-btf-no-debugfs
	processes_agree no-btf-no-debugfs-processes
	unknown_is_told no-btf-no-debugfs
	fails_with no-debugfs-hint 1 "mount -t debugfs" \
		dmabuf list --collector debugfs
	umount /sys/kernel/btf

	agrees no-debugfs
	mount -t debugfs none /sys/kernel/debug

	if expects iter_seq; then
		umount /sys/fs/bpf
		fails_with no-bpffs 1 "not a BPF file system; mount -t bpf -o mode=0700" \
			dmabuf pin
		mount -t bpf -o mode=0700 bpf /sys/fs/bpf
	fi
	end_scene
}

# churn SECONDS: tests the default collector with the program in a loop. The walk holds
# no lock, so soak tests it more often than a program can be started.
churn()
{
	! expects iter_open || timed iter_open test_churn iter_open $(($1 / 4)) "$1"
	timed list_walk test_churn list_walk $(($1 / 2)) $(($1 / 4))
}

[ "$(buffers_left)" = 0 ] || echo "# the guest has buffers of its own"
case $PART in
scenes)
	for scene in empty basic names shared; do
		timed $scene test_scene $scene
	done
	timed doctor test_doctor
	timed snapshot test_snapshot
	;;
# For kernels that are much like another one: any buffers show the differences.
basic)
	timed basic test_scene basic
	timed doctor test_doctor
	timed snapshot test_snapshot
	;;
# Only vgem can import buffers of other exporters.
attach) timed attach test_scene attach ;;
holders)
	for scene in maps tables kept; do
		timed $scene test_holders $scene
	done
	timed ps test_ps
	timed rss test_rss
	timed mapped test_mapped
	timed churn test_holders_of_churn
	timed shared test_shared
	timed leaks test_leaks
	timed pids test_pids
	timed namespace test_namespace
	timed same-memory test_same_memory
	;;
# Files that keep buffers, and that no process has a descriptor of.
files)
	# Not garbage: the kernel frees it when anything closes a UNIX socket.
	for scene in nested waiting scanout hostile-files; do
		timed $scene test_holders $scene
	done
	timed released test_released
	;;
# Where many files are open, a program of ours reads the tables of descriptors: the same
# scenes again, while processes come and go.
many-files)
	mkprocs -p 24 -b 0 -s 0 -o 900 >others 2>others.err &
	others=$!
	ready others others $others
	mkprocs -p 1 -b 0 -s 0 -o 200 -f 2 >children 2>children.err &
	children=$!
	ready children children $children
	open=$(cut -f 1 /proc/sys/fs/file-nr)
	test "$open" -ge 16384
	result $? many-files-are-open "$open"
	for scene in maps tables kept nested hostile-files; do
		timed $scene test_holders $scene
	done
	# Buffers without addresses are found by inode number.
	begin_scene tables && processes_agree many-files-debugfs --collector debugfs
	end_scene
	timed ps test_ps
	timed churn test_holders_of_churn
	timed shared test_shared
	timed released test_released
	kill $others $children
	wait $others $children
	;;
limits)
	timed many test_many
	timed pinned test_pinned
	timed pinned-holders test_pinned_holders
	timed pinned-many test_pinned_many
	timed bad-input test_bad_input
	;;
churn) churn 20 ;;
churn-8) churn 8 ;;
*) not_ok "$PART" "no such part" ;;
esac
nothing_left "$PART-at-the-end"
