# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests whose results are kept (tests/keep.bash). A test sources this file from the
# root of the sources with its own arguments. Sets $inputs if the test must only list its
# inputs, one line "VALUE  NAME" each, and removes --inputs from the arguments.

# shellcheck disable=SC2034
inputs=
if [[ ${1:-} == --inputs ]]; then
	inputs=yes
	shift
fi

# input VALUE NAME...: prints an input that is not a file; VALUE may be any text
input() {
	printf '%s  %s\n' "$(sha256sum <<<"$1" | cut -d ' ' -f 1)" "${*:2}"
}

# input_files PATH...: prints files, and all files in folders. Follows links; prints the
# target of a dangling link.
input_files() {
	find -L "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum --
	find -L "$@" -type l -printf '%l  %p\n' | LC_ALL=C sort
}

# input_programs FILE...: prints programs and their shared libraries
input_programs() {
	local libraries
	input_files "$@" || return
	mapfile -t libraries < <(ldd "$@" 2>/dev/null |
		awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && $2 ~ /^\(/ { print $1 }' |
		sort -u)
	[[ ${#libraries[@]} -eq 0 ]] || input_files "${libraries[@]}"
}

# input_machine: prints the inputs of a test that reads data of this machine
input_machine() {
	input "$(uname -srm)" the kernel of this machine
	input "$(id -u)" the user
}
