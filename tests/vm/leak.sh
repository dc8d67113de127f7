#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: leak.sh KERNEL. A driver takes a reference to a buffer and forgets it;
# see tests/guest/forget. dmabuf must report that, and nothing when the driver has no
# reference. Prints the line protocol of tests/run. result gets conditions together with
# their output:
# shellcheck disable=SC2319
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh

# leaks_exits NAME STATUS: checks the exit status of leaks with an alarm on leaks
leaks_exits()
{
	dmabuf leaks --fail-if 'unexplained>0' >out 2>err
	status=$?
	test $status -eq "$2"
	result $? "$1" "exit status $status: $(cat out err)"
}

insmod ./forget.ko
result $? leak-module "cannot insert the module: $(dmesg | tail -n 3)"

if hold truth clean; then
	leaks_exits leak-not-yet 0
	end_scene
fi

if hold truth forgotten; then
	leaks_exits leak-found 4
	grep -q ' forgotten ' out
	result $? leak-named "$(cat out)"
	grep -q '1 reference not found: of a driver, or leaked' out &&
		grep -q '^kinds searched: descriptors, mappings, messages, ' out
	result $? leak-verdict "$(cat out)"
	end_scene
	# The process is gone, and its buffer is not.
	leaks_exits leak-outlives-its-process 4
fi

rmmod forget
nothing_left leak-freed
leaks_exits leak-over 0
