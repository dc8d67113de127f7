# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests of our own tools, to be sourced with $tool set, the name that the lines
# begin with: a folder for the test's files, and results that count themselves.
# shellcheck disable=SC2034,SC2154

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/test-$tool.XXXXXX")
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# ok NAME COMMAND...: one result
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

# run COMMAND...: its output goes to $work/out and $work/err, its status to $status
run() {
	status=0
	"$@" >"$work/out" 2>"$work/err" || status=$?
}

status_is() {
	[[ $status == "$1" ]]
}
