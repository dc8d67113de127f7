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
