# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions for tests of births, after guest.sh.

# shellcheck disable=SC2034
PINNED=/sys/fs/bpf/dmabuf
BY=

# same NAME OPTION...: the births of a list, as $BY runs it, are the truth
same()
{
	name=$1
	shift
	$BY dmabuf list --json "$@" >list.json 2>err
	status=$?
	differences=$(jq -n -r --slurpfile truth truth --slurpfile list list.json \
		-f births.jq 2>&1)
	[ $status -eq 0 ] && [ -z "$differences" ]
	result $? "$name" "exit status $status: $differences $(cat err)"
}

# status COLUMN
status()
{
	dmabuf track status -n -o "$1" | tr -d ' '
}
