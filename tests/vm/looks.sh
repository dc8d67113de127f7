#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: looks.sh KERNEL COUNT. One context takes many snapshots, without the
# privileges to load programs; see looks.c. The line protocol is that of tests/run.
# Conditions, and what they came to, are handed to result.
# shellcheck disable=SC2319
set -u

KERNEL=$1
COUNT=$2

# shellcheck source=guest.sh
. ./guest.sh

# drops NAME COMMAND...: while the program waits for its file, it has only the
# capabilities for files: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, and
# CAP_SYS_PTRACE. Below --root, it waits for no file.
drops()
{
	name=$1
	shift
	"$@" >/dev/null 2>&1 &
	# It opens the file after it has dropped them, and waits there.
	for _ in $(seq 300); do
		left=$(sed -n 's/^CapPrm:\t0*//p' /proc/$!/status)
		[ "$left" != 8000e ] || break
		sleep 0.1
	done
	kill $!
	test "$left" = 8000e
	result $? "drops-$name" "$left"
}

mkfifo input
drops input dmabuf list --input input

hold truth shared || exit 1
looks "$COUNT" >out
result $? "$COUNT-looks" "$(cat out)"
sed 's/^/  # /' out

# The comparison must find each kind of leak.
for leak in memory fd bpf kernel; do
	! looks 100 $leak >out && grep -q grew out
	result $? "finds-leak-$leak" "$(cat out)"
done
end_scene
nothing_left nothing-kept
