# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For tests that run in a guest. A test sources this file with KERNEL set. It has
# functions for results in the line protocol of tests/run, for scenes of mkbufs, and for
# comparing lists with the truth.

ok()
{
	echo "ok vm/$KERNEL/$1"
}

# not_ok NAME WHY: fails a test, and prints the first lines of WHY
not_ok()
{
	echo "not ok vm/$KERNEL/$1"
	printf '%s\n' "$2" | head -n 20 | cut -c 1-400 | sed 's/^/  # /'
}

# result STATUS NAME WHY: passes a test if STATUS is 0, else fails it
result()
{
	if [ "$1" -eq 0 ]; then ok "$2"; else not_ok "$2" "$3"; fi
}

# fails_with NAME STATUS PATTERN COMMAND...: checks for one line on stderr that matches,
# and for the exit status
fails_with()
{
	name=$1 want=$2 pattern=$3
	shift 3
	"$@" >out 2>err
	status=$?
	if [ $status -ne "$want" ]; then
		not_ok "$name" "exit status $status: $(cat out err)"
	elif [ "$(wc -l <err)" -ne 1 ] || ! grep -q "$pattern" err; then
		not_ok "$name" "$(cat err)"
	elif [ "$want" -ne 3 ] && [ -s out ]; then
		not_ok "$name" "it failed, and printed: $(cat out)"
	else
		ok "$name"
	fi
}

# timed WHAT COMMAND...: runs the command, and prints how long it took
timed()
{
	timed_what=$1 timed_from=$(date +%s)
	shift
	"$@"
	echo "  # time $(($(date +%s) - timed_from)) $timed_what"
}

# ready NAME FILE PROCESS: waits until the process has written its first line to FILE, or
# reports NAME with the messages in FILE.err when it ends before
ready()
{
	until [ -s "$2" ] && [ "$(tail -c 1 "$2")" = "" ]; do
		if ! kill -0 "$3" 2>/dev/null; then
			not_ok "$1" "$(cat "$2.err")"
			return 1
		fi
		sleep 0.1
	done
}

# hold FILE SCENE...: makes a scene that stays until end_scene. Writes the truth to FILE
# and the messages of mkbufs to FILE.err, and sets SCENE to the process.
hold()
{
	file=$1
	shift
	rm -f "$file"
	mkbufs "$@" --hold >"$file" 2>"$file.err" &
	SCENE=$!
	ready "scene-$1" "$file" $SCENE
}

# Ends the scene that hold made.
end_scene()
{
	kill "$SCENE"
	wait "$SCENE"
}

# Uses a path, because busybox has a smaller setpriv of its own.
as_nobody()
{
	./setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# A user who has files and processes, unlike nobody.
as_user()
{
	./setpriv --reuid=1000 --regid=1000 --clear-groups "$@"
}

# Compares the list of a collector with the part of the truth that it can know. A list
# of attachments that the collector cuts is correct if it reports a gap.
OF_BUFFERS=ino,size,exporter,name,refs,attachments

agrees()
{
	name=$1
	shift
	dmabuf list --json --columns "$OF_BUFFERS" "$@" >list.json 2>list.err
	status=$?
	used=$(jq -r .collectors.buffers list.json)
	# In debugfs, the scene "names" has a name that can be fences.
	case $used:$(jq -c '[.gaps[] | [.what, .count]]' list.json) in
	debugfs:'[["names",1]]') status=0 ;;
	esac
	case $status/$LONGEST/$used in
	0/*/procfs) not_ok "$name" "no gap for buffers that procfs cannot see" && return ;;
	0/* | 3/*/procfs) ;;
	3/1000/* | [!3]/*)
		not_ok "$name" "exit status $status: $(cat list.err)"
		return
		;;
	esac
	jq --arg collector "$used" --arg kernel "$KERNEL" \
		-f known.jq truth >known
	differences=$(jq -n -r --argjson longest "$LONGEST" \
		--slurpfile truth known --slurpfile list list.json \
		-f compare.jq 2>&1)
	test -z "$differences"
	result $? "$name" "$differences"
}

# bufinfo has the kernel's own count. Our readers must not keep a buffer alive.
buffers_left()
{
	sed -n 's/^Total \([0-9]*\) objects.*/\1/p' \
		/sys/kernel/debug/dma_buf/bufinfo
}

nothing_left()
{
	# The kernel frees a buffer a moment after its last reference is dropped.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(buffers_left)" = 0 ] && break
		sleep 0.2
	done
	left=$(buffers_left)
	test "$left" = 0
	result $? "$1" "$left buffers are left"
}
