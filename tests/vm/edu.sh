# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# QEMU's "edu" devices in a guest. A test sources this file.

PCI=/sys/bus/pci

# find_edu: prints the address of each edu device
find_edu()
{
	for device in "$PCI"/devices/*; do
		[ "$(cat "$device/vendor" "$device/device" 2>/dev/null |
			tr '\n' ' ')" = "0x1234 0x11e8 " ] && echo "${device##*/}"
	done
}

# bind DEVICE DRIVER
bind()
{
	[ ! -e "$PCI/devices/$1/driver" ] ||
		echo "$1" >"$PCI/devices/$1/driver/unbind"
	echo "$2" >"$PCI/devices/$1/driver_override"
	echo "$1" >$PCI/drivers_probe
	[ "$(basename "$(readlink "$PCI/devices/$1/driver")")" = "$2" ]
}

# pinned: prints the number of pinned pages. The kernel adds up the counts of its CPUs
# on request.
pinned()
{
	echo 1 >/proc/sys/vm/stat_refresh
	awk '$1 == "nr_foll_pin_acquired" { n += $2 }
		$1 == "nr_foll_pin_released" { n -= $2 } END { print n + 0 }' /proc/vmstat
}
