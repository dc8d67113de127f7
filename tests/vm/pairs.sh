# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests that boot a guest per kernel, to be sourced.

# in_pairs FUNCTION KERNEL...: calls FUNCTION KERNEL for each, two at a time. What they
# print is shown in order, each as soon as it and those before it have ended.
in_pairs()
{
	local what=$1 kernel pids=()

	shift
	logs=$(mktemp -d)
	trap 'rm -rf "$logs"' EXIT
	for kernel; do
		[ ${#pids[@]} -lt 2 ] || wait -n
		"$what" "$kernel" >"$logs/$kernel" 2>&1 &
		pids+=($!)
	done
	for kernel; do
		# One that has ended already may be forgotten.
		wait "${pids[0]}" 2>/dev/null
		pids=("${pids[@]:1}")
		cat "$logs/$kernel"
	done
}

need()
{
	awk -v id="$1" '$1 == id { print $2 }' tests/vm/kernels.list
}

# ends_clean KERNEL NAME STATUS: the result vm/KERNEL/NAME of a guest that has ended. A
# kernel that has left the archive is a skip where kernels.list says that it may.
ends_clean()
{
	if [ "$3" -eq 77 ] && [ "$(need "$1")" = may ]; then
		echo "skip vm/$1/$2: the archive has this kernel no more"
	elif [ "$3" -ne 0 ]; then
		echo "not ok vm/$1/$2: exit status $3"
	else
		echo "ok vm/$1/$2"
	fi
}
