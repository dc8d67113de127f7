# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests of our own tools. A test sources this file with $tool set, which is the
# first word of each result. Makes a folder for the test's files, and counts results.
# shellcheck disable=SC2034,SC2154

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/test-$tool.XXXXXX")
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# ok NAME COMMAND...: runs the command and prints one result
ok() {
	local name=$1
	shift
	if "$@"; then
		echo "ok $tool: $name"
		passed=$((passed + 1))
	else
		echo "not ok $tool: $name"
		failed=$((failed + 1))
		tail -n 20 "$work/out" "$work/err" | sed 's/^/# /'
	fi
}

# run COMMAND...: writes its output to $work/out and $work/err, and sets $status
run() {
	status=0
	"$@" >"$work/out" 2>"$work/err" || status=$?
}

status_is() {
	[[ $status == "$1" ]]
}
