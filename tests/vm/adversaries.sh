#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with QEMU's "edu" devices, best with a debug kernel:
# adversaries.sh KERNEL KIND SECONDS SEED. KIND is
#
#   iterators  lets each call of the iterators fail, at each place where it can
#   noiommu    the same with the calls for a device without an IOMMU
#   random     has four threads make random calls for some seconds
#
# tools/vm searches the kernel's log and asks kmemleak at the end.
# shellcheck disable=SC2319,SC3045
set -u

KERNEL=$1
KIND=$2
SECONDS_OF_CALLS=$3
SEED=$4
LONGEST=1000

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=detectors.sh
. ./detectors.sh
# shellcheck source=edu.sh
. ./edu.sh

vfio_node()
{
	echo "/dev/vfio/devices/$(ls "$PCI/devices/$1/vfio-dev")"
}

uio_node()
{
	echo "/dev/$(ls "$PCI/devices/$1/uio")"
}

# Binds the one device to VFIO, and the other one to UIO. Sets vfio and uio.
bind_both()
{
	find_edu >devices
	{ read -r first && read -r second; } <devices &&
		bind "$first" vfio-pci && bind "$second" uio_pci_generic &&
		vfio=$(vfio_node "$first") && uio=$(uio_node "$second") &&
		[ -c "$vfio" ] && [ -c "$uio" ]
	result $? "$KIND-bind" "$(cat devices; ls -lR /dev/vfio)"
}

run_iterators()
{
	hold truth basic || return
	keeper=$SCENE
	dmabuf pin || not_ok iterators-pin "see above"
	adversary "vm/$KERNEL" iterators
	result $? iterators-status "exit status $?"
	agrees iterators-iter_open --collector iter_open
	dmabuf unpin
	kill "$keeper"
	wait "$keeper"
}

run_noiommu()
{
	bind_both
	adversary "vm/$KERNEL" noiommu "$vfio" "$uio"
	result $? noiommu-status "exit status $?"
}

run_random()
{
	bind_both
	[ "$SEED" != any ] || SEED=$(od -An -N4 -t u4 /dev/urandom | tr -d ' ')
	adversary "vm/$KERNEL" random "$SECONDS_OF_CALLS" "$SEED" "$vfio" "$uio"
	result $? random-status "exit status $?"
}

case $KERNEL in
*-debug) detectors_are_there "$KIND-detectors" ;;
esac
# Stock kernels may not have VFIO.
[ ! -e /sys/module/vfio ] ||
	echo Y >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
pinned_at_start=$(pinned)
"run_$KIND"
[ "$(pinned)" = "$pinned_at_start" ]
result $? "$KIND-unpinned" "$pinned_at_start pages were pinned, now $(pinned)"
nothing_left "$KIND-freed"
case $KERNEL in
*-debug) lockdep_is_on "$KIND-lockdep" ;;
esac
