#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: stripped.sh KERNEL PART. Modules were loaded without type information
# (BTF); PART says which, see run-stripped. All buffers are listed. What cannot be seen
# then is a gap that names the modules, nothing else is guessed, and nothing is called a
# leak. The line protocol is that of tests/run.
# shellcheck disable=SC2319
set -u

KERNEL=$1
PART=$2
LONGEST=1000

# shellcheck source=guest.sh
. ./guest.sh

# The modules that each gap must name. Drivers have all types that V4L2 needs, too.
case $PART in
all) WANT='GEM handles: drm
buffers in V4L2 queues: videodev, videobuf2_common' ;;
drm) WANT='GEM handles: drm' ;;
video) WANT= ;;
esac

# names_modules NAME: compares the gaps of list.json, and what they tell to do
names_modules()
{
	got=$(jq -r '.gaps[] | select(.what | test("GEM|V4L2")) |
		"\(.what): " + (.why | capture(
			"BTF. in (?<m>[a-z0-9_, ]*): load modules that have it").m)' list.json)
	want=$(echo "$WANT" | sed '/^$/d')
	test "$got" = "$want"
	result $? "$PART/$1-names-modules" "$(cat list.json)"
}

# guesses_nothing NAME: an answer is the truth, or null where types are missing
guesses_nothing()
{
	wrong=$(jq -n -c --slurpfile truth truth --slurpfile list list.json --arg part "$PART" '
		($list[0].buffers | map({ (.name): . }) | add) as $by_name
		| $truth[0].buffers[]
		| $by_name[.name] as $is
		| (.held | del(.fd, .map, .message, .io_uring)) as $of_modules
		| (if $part == "video" then {}
		   elif $part == "drm" then $of_modules | del(.v4l2)
		   else $of_modules end) as $hidden
		| { kernel_only: (.holders == []), unexplained: 0 } as $want
		| ($is | { kernel_only, unexplained }) as $got
		# A descriptor makes it certain that the buffer has a holder.
		| (if $hidden == {} then $want
		   else { kernel_only: (if $got.kernel_only then null else $got.kernel_only end),
			  unexplained: null } end) as $right
		| select($got != $right)
		| "\(.name): \($got) instead of \($right)"')
	test -z "$wrong"
	result $? "$PART/$1-guesses-nothing" "$wrong $(cat list.json)"
}

for scene in kept attach; do
	hold truth $scene || continue
	agrees "$PART/$scene-all-buffers"
	dmabuf list --json >list.json 2>err
	names_modules $scene
	guesses_nothing $scene
	want=3
	[ -n "$WANT" ] || want=0
	dmabuf leaks --fail-if 'unexplained>0' >out 2>err
	status=$?
	test $status -eq $want && ! grep -q 'leaked' out
	result $? "$PART/$scene-no-false-leak" "exit status $status: $(cat out err)"
	end_scene
done

# No file of a module is open: there is no gap.
if hold truth clean; then
	dmabuf leaks --fail-if 'unexplained>0,kernel_only>0' >out 2>err
	status=$?
	test $status -eq 0 && [ ! -s err ]
	result $? "$PART/clean" "exit status $status: $(cat out err)"
	end_scene
fi
nothing_left "$PART/freed"
