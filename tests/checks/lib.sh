# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests of checks: each test breaks a copy of the sources in one place, and the
# check must find it. A test that sources this file sets $check, the name of the check,
# and defines fresh_copy, which makes a good copy in $copy, and run_check, which runs
# the check there. The test ends with "exit $failed".
# shellcheck disable=SC2034,SC2154

set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath -m "${1:-$root/build}")
work=$(mktemp -d)
copy=$work/copy
failed=0
trap 'rm -rf "$work"' EXIT

# result NAME: prints the result of the last command, whose output is in $work/out
result() {
	local status=$? name="test-$check/${1// /-}"
	if [[ $status -eq 0 ]]; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/  /' "$work/out"
		failed=1
	fi
}

# passes NAME: the check must pass on a good copy
passes() {
	rm -rf "$copy"
	fresh_copy
	run_check >"$work/out" 2>&1 && ! grep -q '^not ok ' "$work/out"
	result "$1"
}

# finds NAME WANTED COMMAND...: after COMMAND has changed the copy, the check must fail
# and print WANTED
finds() {
	local name=$1 wanted=$2
	shift 2
	rm -rf "$copy"
	fresh_copy
	cp -a "$copy" "$work/good"
	"$@" >"$work/out" 2>&1
	if diff -r "$copy" "$work/good" >/dev/null; then
		echo "the test broke nothing: $*" >>"$work/out"
		false
	else
		! run_check >"$work/out" 2>&1 && grep -q '^not ok ' "$work/out" &&
			grep -qF -- "$wanted" "$work/out"
	fi
	result "finds $name"
	rm -rf "$work/good"
}

# edit FILE SED-SCRIPT...
edit() {
	local file=$copy/$1
	shift
	sed -i "$@" "$file"
}
