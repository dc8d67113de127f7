# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For tests that run in a guest, to be sourced with KERNEL set: results in the
# line protocol of tests/run, scenes of mkbufs, and lists against their truth.

ok()
{
	echo "ok vm/$KERNEL/$1"
}

# Fails a test: its name, then why, of which the first lines are shown.
not_ok()
{
	echo "not ok vm/$KERNEL/$1"
	printf '%s\n' "$2" | head -n 20 | cut -c 1-400 | sed 's/^/  # /'
}

# A test whose outcome is that of the command before it.
result()
{
	if [ "$1" -eq 0 ]; then ok "$2"; else not_ok "$2" "$3"; fi
}

# timed WHAT COMMAND...: runs it, and prints how long that took
timed()
{
	timed_what=$1 timed_from=$(date +%s)
	shift
	"$@"
	echo "  # time $(($(date +%s) - timed_from)) $timed_what"
}

# hold FILE SCENE...: makes a scene that stays until it is told to end; the truth
# goes to FILE, what mkbufs says to FILE.err, and its process is SCENE.
hold()
{
	file=$1
	shift
	rm -f "$file"
	mkbufs "$@" --hold >"$file" 2>"$file.err" &
	SCENE=$!
	until [ -s "$file" ] && [ "$(tail -c 1 "$file")" = "" ]; do
		if ! kill -0 $SCENE 2>/dev/null; then
			not_ok "scene-$1" "$(cat "$file.err")"
			return 1
		fi
		sleep 0.1
	done
}

# Ends the scene of hold.
end_scene()
{
	kill "$SCENE"
	wait "$SCENE"
}

# By its path: busybox has a smaller one of its own.
as_nobody()
{
	./setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# The list of a collector against the truth, or as much of it as that one can
# know. An attachment list longer than the collector reads is no difference if it
# says so.
OF_BUFFERS=ino,size,exporter,name,refs,attachments

agrees()
{
	name=$1
	shift
	dmabuf list --json --columns "$OF_BUFFERS" "$@" >list.json 2>list.err
	status=$?
	used=$(jq -r .collectors.buffers list.json)
	case $status/$LONGEST/$used in
	0/*/procfs) not_ok "$name" "it does not say what it cannot see" && return ;;
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

# bufinfo is the kernel's own count; our reading must not keep a buffer alive.
buffers_left()
{
	sed -n 's/^Total \([0-9]*\) objects.*/\1/p' \
		/sys/kernel/debug/dma_buf/bufinfo
}

nothing_left()
{
	# The kernel frees a buffer a moment after its last reference went.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(buffers_left)" = 0 ] && break
		sleep 0.2
	done
	left=$(buffers_left)
	test "$left" = 0
	result $? "$1" "$left buffers are left"
}
