#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with QEMU's "edu" devices, best with a debug kernel:
# adversaries.sh KERNEL KIND EDU SECONDS SEED. KIND is
#
#   iterators  lets each call of the iterators fail, at each place where it can
#   noiommu    the same with the calls for a device without an IOMMU, and without memory
#   random     has four threads make random calls for some seconds
#   unplug     takes devices away that are open and mapped: by QEMU's monitor where the
#              kernel has hotplug, else by sysfs, and from their drivers
#
# tools/vm searches the kernel's log and asks kmemleak at the end.
# shellcheck disable=SC2319,SC3045
set -u

KERNEL=$1
KIND=$2
EDU=$3
SECONDS_OF_CALLS=$4
SEED=$5
LONGEST=1000
ROUNDS=4

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=detectors.sh
. ./detectors.sh
# shellcheck source=edu.sh
. ./edu.sh

# soon COMMAND...: waits until it succeeds, for some seconds
soon()
{
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return
		sleep 0.1
	done
}

vfio_node()
{
	echo "/dev/vfio/devices/$(ls "$PCI/devices/$1/vfio-dev")"
}

uio_node()
{
	echo "/dev/$(ls "$PCI/devices/$1/uio")"
}

# Binds the one device to VFIO, and the other one to UIO. Sets vfio and uio. Each time
# that a device is enabled ACPI looks up its interrupt, with hundreds of allocations that
# are not the subject here. So enable both once, before they have a driver.
bind_both()
{
	find_edu >devices
	while read -r device; do
		echo 1 >"$PCI/devices/$device/enable"
	done <devices
	{ read -r first && read -r second; } <devices &&
		bind "$first" vfio-pci && bind "$second" uio_pci_generic &&
		vfio=$(vfio_node "$first") && uio=$(uio_node "$second") &&
		[ -c "$vfio" ] && [ -c "$uio" ]
	result $? "$KIND-bind" "$(cat devices; ls -lR /dev/vfio)"
}

# ------------------------------------------------------------------- faults and random

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

# ----------------------------------------------------------------------------- unplug

# ask COMMAND: gives QEMU's monitor a command
ask()
{
	echo "$1" >&7
}

open_monitor()
{
	for port in /sys/class/virtio-ports/*; do
		[ "$(cat "$port/name")" != monitor ] || exec 7<>"/dev/${port##*/}"
	done
}

is_plugged()
{
	edu=$(find_edu)
	[ "$edu" ]
}

is_unplugged()
{
	! is_plugged
}

has_no_driver()
{
	[ ! -e "$PCI/devices/$edu/driver" ]
}

# Kernels with hotplug have a slot for each device that can be plugged.
has_hotplug()
{
	[ -n "$(ls $PCI/slots 2>/dev/null)" ]
}

# plug DRIVER: plugs the device, unless it is there, and binds it. Sets edu, node and bar.
plug()
{
	if ! is_plugged; then
		plugs=$((plugs + 1))
		if has_hotplug; then
			ask "device_add $EDU,id=edu0,bus=port0"
		else
			echo 1 >$PCI/rescan
		fi
	fi
	soon is_plugged && bind "$edu" "$1" || return
	bar=$PCI/devices/$edu/resource0
	case $1 in
	vfio-pci) node=$(vfio_node "$edu") ;;
	*) node=$(uio_node "$edu") ;;
	esac
	soon test -c "$node"
}

# begin_removal WAY: UIO gives the device up at once, VFIO when the last descriptor is
# closed, so that the write waits
begin_removal()
{
	case $1 in
	unplug) ask "device_del edu0" ;;
	remove) echo 1 >"$PCI/devices/$edu/remove" & ;;
	unbind) echo "$edu" >"$PCI/devices/$edu/driver/unbind" & ;;
	esac
}

# end_removal WAY: waits for what the way leaves
end_removal()
{
	case $1 in
	unbind) soon has_no_driver ;;
	*) soon is_unplugged ;;
	esac
}

# The message of a holder to which the device is taken away.
notices()
{
	grep -qsx "$1" holder
}

# take_away WAY HOLDER DRIVER MESSAGE SIGNAL: has a holder use a new device, and takes it
# away. The holder must get the message, and then ends with SIGNAL.
take_away()
{
	why="it was not plugged"
	plug "$3" || return
	before=$(pinned)
	# What the last one said is not for this one.
	rm -f holder
	adversary "vm/$KERNEL" hold "$2" "$node" "$bar" >holder 2>&1 &
	holder=$!
	why="the holder does not get ready"
	soon notices ready || return
	begin_removal "$1"
	why="the holder does not notice"
	soon notices "$4" || return
	# It goes on for a while.
	sleep 0.3
	why="the holder has ended"
	kill "-$5" $holder || return
	wait $holder 2>/dev/null
	[ "$5" = KILL ] || last=$(tail -n 1 holder)
	why="the device does not go"
	end_removal "$1" || return
	why="$before pages were pinned, now $(pinned)"
	[ "$(pinned)" = "$before" ]
}

# test_removal WAY HOLDER DRIVER MESSAGE
test_removal()
{
	round=0 failed=0 last=
	while [ $round -lt $ROUNDS ] && [ $failed -eq 0 ]; do
		round=$((round + 1))
		take_away "$@" TERM && take_away "$@" KILL || failed=1
	done
	result $failed "unplug/$2-$1" "round $round: $why; $(cat holder)"
	echo "  # $2-$1: $round rounds, each with a holder that ends and one that is killed"
	echo "  # the last one that ended: $last"
}

run_unplug()
{
	plugs=0 way=remove
	open_monitor
	result $? unplug-monitor "the guest does not have QEMU's monitor"
	! has_hotplug || way=unplug
	for way in $way unbind; do
		[ ! -e /sys/module/vfio ] || test_removal "$way" vfio vfio-pci asked
		test_removal "$way" uio uio_pci_generic gone
	done
	echo "  # $plugs plugs"
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
