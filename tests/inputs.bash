# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests whose results are kept (tests/keep.bash), to be sourced from the root of the
# sources with the arguments of the test. Sets $inputs where the test is only to list
# what it is made of, a line "VALUE  NAME" each, and takes --inputs away.

# shellcheck disable=SC2034
inputs=
if [[ ${1:-} == --inputs ]]; then
	inputs=yes
	shift
fi

# input VALUE NAME...: what is no file; VALUE may be anything
input() {
	printf '%s  %s\n' "$(sha256sum <<<"$1" | cut -d ' ' -f 1)" "${*:2}"
}

# input_files PATH...: files, and all files of folders. A link is the file that it leads
# to, or where it leads if nothing is there.
input_files() {
	find -L "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum --
	find -L "$@" -type l -printf '%l  %p\n' | LC_ALL=C sort
}

# input_programs FILE...: with the libraries that they are linked with
input_programs() {
	local libraries
	input_files "$@" || return
	mapfile -t libraries < <(ldd "$@" 2>/dev/null |
		awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && $2 ~ /^\(/ { print $1 }' |
		sort -u)
	[[ ${#libraries[@]} -eq 0 ]] || input_files "${libraries[@]}"
}

# input_machine: what a test sees that looks at the machine it runs on
input_machine() {
	input "$(uname -srm)" the kernel of this machine
	input "$(id -u)" the user
}
