# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest with PREEMPT_RT: renames.sh KERNEL. Reads names while they change; see
# renames.c.
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh

while read -r collector; do
	case $collector in
	iter_* | list_walk) ;;
	*) continue ;;
	esac
	renames "$collector" 100 >out 2>&1
	result $? "renames-$collector" "$(cat out)"
	echo "  # $collector: $(tail -n 1 out)"
done <"$KERNEL"
