# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests of checks: a check is given a copy that is broken in one place, and must
# say so. Whoever sources this sets $check, the name of the check, and defines
# fresh_copy, which makes a good copy in $copy, and run_check, which runs it there.
# It ends with "exit $failed".
# shellcheck disable=SC2034,SC2154

set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath -m "${1:-$root/build}")
work=$(mktemp -d)
copy=$work/copy
failed=0
trap 'rm -rf "$work"' EXIT

# result NAME: what the last command made of it; its output is in $work/out
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

# passes NAME: the check has nothing against a good copy
passes() {
	rm -rf "$copy"
	fresh_copy
	run_check >"$work/out" 2>&1 && ! grep -q '^not ok ' "$work/out"
	result "$1"
}

# finds NAME WANTED COMMAND...: after COMMAND has changed the copy, the check fails
# and says WANTED
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
