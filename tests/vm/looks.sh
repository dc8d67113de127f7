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
