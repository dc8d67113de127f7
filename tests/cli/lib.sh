# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Functions for every script of this folder; tests/cli/run loads this file. A script
# runs in its own folder, which is empty except for "data", a link to tests/data. Its
# output is compared with the .expected file. "dmabuf" is the program. "mksnap" makes
# snapshots that no kernel gives. "../kernel" is the root of a kernel with the types of
# tests/walk/types.bpf.c, for "btfwalk". A comment "Not emulated: WHY" leaves a script out
# when the programs are of another architecture.

# try COMMAND: runs a line of shell. Prints the line, its stdout, which is a pipe, its
# stderr, marked, and its exit status.
try()
{
	local status

	printf '$ %s\n' "$1"
	(eval "$1") 2>"$TRY.err" | cat >"$TRY.out"
	status=${PIPESTATUS[0]}
	cat "$TRY.out"
	end_line "$TRY.out"
	sed 's/^/2| /' "$TRY.err"
	end_line "$TRY.err"
	echo "[$status]"
}

# end_line FILE: prints a note if the file does not end with a newline
end_line()
{
	if [ -s "$1" ] && [ -n "$(tail -c1 "$1")" ]; then
		printf '\n(no newline)\n'
	fi
}

# snap KIND [N]: makes KIND.snap
snap()
{
	mksnap "$@" >"$1.snap"
}

# skip WHY: ends the script, because the test cannot run here
skip()
{
	echo "skip: $*" >&2
	exit 77
}
