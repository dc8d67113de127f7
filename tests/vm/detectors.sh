# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For tests in guests with a debug kernel. A test sources this file after guest.sh.
# result gets conditions together with their output:
# shellcheck disable=SC2319

# detectors_are_there NAME: without these options a clean log means little
detectors_are_there()
{
	zcat /proc/config.gz >config 2>/dev/null
	lacking=
	for option in KASAN PROVE_LOCKING DEBUG_ATOMIC_SLEEP DEBUG_KMEMLEAK \
		FAULT_INJECTION; do
		grep -qx "CONFIG_$option=y" config || lacking="$lacking $option"
	done
	test -z "$lacking"
	result $? "$1" "this kernel lacks$lacking"
}

# lockdep_is_on NAME: lockdep turns itself off at its first report, and when its tables
# are full
lockdep_is_on()
{
	grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats 2>/dev/null
	result $? "$1" "lockdep has turned itself off: $(grep debug_locks \
		/proc/lockdep_stats 2>&1)"
}
