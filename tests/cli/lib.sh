# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every script of this folder has; tests/cli/run puts it there. A script
# runs in an empty folder of its own, in which "data" is tests/data; what it
# prints is compared with the .expected beside it. "dmabuf" is the program,
# "mksnap" makes snapshots that no kernel gives; "../kernel" is the root of one that
# has the types of tests/walk/types.bpf.c, for "btfwalk".

# try COMMAND: runs a line of shell and prints it, what it writes on stdout,
# which is a pipe, then on stderr, marked, and its exit status.
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

# end_line FILE: tells when a file does not end as text does
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

# skip WHY: ends the script; what it should show cannot be shown here
skip()
{
	echo "skip: $*" >&2
	exit 77
}
