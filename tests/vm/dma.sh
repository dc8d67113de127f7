#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with QEMU's "edu" device: dma.sh KERNEL BACKEND. BACKEND is the best
# one of this kernel, and selects the driver of the device.
#
#   noiommu  VFIO without an IOMMU, addresses from GET_PA
#   iommu    VFIO with an IOMMU
#   group    VFIO without an IOMMU and without GET_PA, addresses from pagemap
#   uio      uio_pci_generic, addresses from pagemap
# shellcheck disable=SC2319,SC3045,SC2016
set -u

KERNEL=$1
BACKEND=$2

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=edu.sh
. ./edu.sh

# says TEXT FILE: succeeds if the file contains the text
says()
{
	grep -qF -- "$1" "$2"
}

# Succeeds if the device may master the bus.
is_master()
{
	[ $(($(od -An -t u1 -j 4 -N 1 "$PCI/devices/$EDU/config") & 4)) -ne 0 ]
}

# The device copies memory, and the copies must be correct.
test_copies()
{
	example-edu-dma "$@" "$EDU" >out 2>err && says "DMA by $WAY" out &&
		says 'all as they should be' out && says 'a page: 4096 bytes' out &&
		says 'scattered pages: 32768 bytes' out && says 'unaligned: 8193 bytes' out &&
		{ says 'a memfd below a dma-buf: 8192 bytes' out || [ ! -e /dev/udmabuf ]; }
	result $? "$BACKEND/copies" "$(cat err out)"
	! is_master
	result $? "$BACKEND/not-master-after-close" "it still masters the bus"
}

# With an IOMMU scattered pages become one segment.
test_segments()
{
	case $WAY in
	iommu) says 'scattered pages: 32768 bytes, 1 segment,' out ;;
	*) says 'scattered pages: 32768 bytes,' out &&
		! says 'scattered pages: 32768 bytes, 1 segment,' out ;;
	esac
	result $? "$BACKEND/segments" "$(cat out)"
}

# Dangerous routes print a warning.
test_warning()
{
	case $WAY in
	iommu) ! says warning err ;;
	noiommu) says 'warning: no IOMMU' err ;;
	pagemap) says 'warning: nothing is pinned' err ;;
	esac
	result $? "$BACKEND/warning" "$(cat err)"
}

test_memfd()
{
	example-edu-dma "$@" --fd 9 "$EDU" 9<>memfd.file >out 2>err
	status=$?
	[ $status -eq 0 ] && says 'a descriptor: 16384 bytes' out
	result $? "$BACKEND/file" "exit status $status: $(cat err out)"
}

# A dma-buf of the system heap: 5.10 maps it as pages, which can be pinned. Later
# kernels do not give its addresses, and the error names an alternative.
test_dmabuf()
{
	[ -e /dev/dma_heap/system ] || return
	dmabuf alloc system 16K -- sh -c \
		'exec example-edu-dma "$@" --fd "$DMABUF_FDS" "$EDU"' sh "$@" >out 2>err
	case $?/$KERNEL in
	0/5.10*) says 'a descriptor: 16384 bytes' out ;;
	1/*) says 'cannot pin the memory of this buffer' err && says udmabuf err ;;
	*) false ;;
	esac
	result $? "$BACKEND/dma-buf" "$(cat err out)"
}

# A device with fewer address lines must not get an address beyond these.
test_bits()
{
	example-edu-dma "$@" --bits 20 "$EDU" >out 2>err
	status=$?
	case $WAY in
	iommu) [ $status -eq 0 ] && awk '/first at/ && length($NF) > 7 { exit 1 }' out &&
		# Below 4 GiB the IOMMU has holes, for MSI.
		example-edu-dma --bits 32 "$EDU" >out 2>err ;;
	*) [ $status -eq 1 ] && says 'can address only up to 0xfffff' err ;;
	esac
	result $? "$BACKEND/bits" "exit status $status: $(cat err out)"
}

# Starts a program that copies until it is killed, and sets copier to its process. The
# shell of a command in the background empties its output later than this one goes on.
copy_forever()
{
	: >out
	example-edu-dma "$@" --forever "$EDU" >out 2>err &
	copier=$!
	until says 'copying until killed' out || ! kill -0 $copier 2>/dev/null; do
		sleep 0.1
	done
}

# Only one program at a time can use the device; the other one gets an error.
test_busy()
{
	copy_forever "$@"
	example-edu-dma "$@" "$EDU" >out 2>err
	[ $? -eq 1 ] && says 'another program' err
	result $? "$BACKEND/busy" "$(cat err out)"
	kill $copier
	wait $copier 2>/dev/null
}

# When the program is killed during a copy, the kernel stops bus mastering and unpins
# the memory.
test_kill()
{
	before=$(pinned)
	copy_forever "$@"
	sleep 0.3
	is_master
	result $? "$BACKEND/kill/master-before" "it does not master the bus: $(cat err)"
	during=$(pinned)
	[ "$WAY" = pagemap ] || [ $((during - before)) -ge 16 ]
	result $? "$BACKEND/kill/pinned-before" "$before pages were pinned, then $during"
	kill -9 $copier
	wait $copier 2>/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(pinned)" = "$before" ] && ! is_master && break
		sleep 0.2
	done
	! is_master
	result $? "$BACKEND/kill/not-master" "it still masters the bus"
	[ "$(pinned)" = "$before" ]
	result $? "$BACKEND/kill/unpinned" "$before pages were pinned, now $(pinned)"
	example-edu-dma "$@" "$EDU" >out 2>err
	result $? "$BACKEND/kill/works-again" "$(cat err out)"
}

without_rawio()
{
	./setpriv --bounding-set -sys_rawio --inh-caps -sys_rawio "$@"
}

# Without permission the error names the missing permission.
test_refused()
{
	case $WAY in
	noiommu)
		without_rawio example-edu-dma "$EDU" >out 2>err
		[ $? -eq 1 ] && says CAP_SYS_RAWIO err
		;;
	pagemap)
		example-edu-dma "$EDU" >out 2>err
		[ $? -eq 1 ] && says 'only pagemap would work' err && says 'dmabuf doctor' err
		;;
	iommu)
		as_nobody example-edu-dma "$EDU" >out 2>err
		[ $? -eq 1 ] && says 'Permission denied' err && says 'udev' err
		;;
	esac
	result $? "$BACKEND/refused" "$(cat err out)"
}

test_errors()
{
	example-edu-dma nonsense >out 2>err
	[ $? -eq 1 ] && says "invalid PCI address 'nonsense'" err
	result $? "$BACKEND/no-address" "$(cat err)"
	example-edu-dma 0000:1f:1f.7 >out 2>err
	[ $? -eq 1 ] && says 'no PCI device 0000:1f:1f.7' err
	result $? "$BACKEND/no-device" "$(cat err)"
	echo "$EDU" >"$PCI/devices/$EDU/driver/unbind"
	example-edu-dma "$EDU" >out 2>err
	[ $? -eq 1 ] && says 'needs the driver vfio-pci, but has none' err && says driver_override err
	result $? "$BACKEND/no-driver" "$(cat err)"
}

# The selftest of the kernel series. A skipped test is a failure.
test_selftest()
{
	[ -e iommufd_noiommu ] || return
	./iommufd_noiommu >selftest.out 2>&1
	sed -n -e "s|^ok [0-9]* \(.*\) # SKIP|not ok vm/$KERNEL/noiommu/selftest/\1 is skipped: |p" \
		-e "/# SKIP/d" -e "s|^ok [0-9]* *|ok vm/$KERNEL/noiommu/selftest/|p" \
		-e "s|^not ok [0-9]* *|not ok vm/$KERNEL/noiommu/selftest/|p" selftest.out
	grep -q '^# Totals' selftest.out && ! grep -q '^not ok' selftest.out
	result $? noiommu/selftest/ends "$(grep -v -e '^ok' -e 'RUN' -e ' OK ' selftest.out)"
}

# bind_uio [SUFFIX]: binds the device to UIO, and sets node
bind_uio()
{
	bind "$EDU" uio_pci_generic && node=/dev/$(ls "$PCI/devices/$EDU/uio")
	result $? "$BACKEND/uio/bind${1:-}" "$(ls -l "$PCI/devices/$EDU")"
	sh -c ": <>$node" 2>err
	result $? "$BACKEND/uio/opens${1:-}" "$(cat err)"
}

# opens_freely [SUFFIX]: succeeds if node can be opened without CAP_SYS_RAWIO
opens_freely()
{
	without_rawio sh -c ": <>$node" 2>err
	result $? "$BACKEND/uio/needs-nothing${1:-}" "$(cat err)"
}

needs_rawio()
{
	! without_rawio sh -c ": <>$node" 2>err && says 'Operation not permitted' err
	result $? "$BACKEND/uio/needs-rawio${1:-}" "$(cat err)"
}

# Before v5.11 the kind of translation cannot be changed.
test_uio_passthrough()
{
	echo "$EDU" >"$PCI/devices/$EDU/driver/unbind"
	echo identity >"$PCI/devices/$EDU/iommu_group/type"
	bind_uio -passthrough
	needs_rawio -passthrough
}

# bind_platform DRIVER FOLDER: binds a platform device of ACPI or of a device tree that has
# no driver, and sets device. The driver makes a folder for it. Until v6.1 uio_pdrv_genirq
# only takes those of a device tree.
bind_platform()
{
	for device in /sys/bus/platform/devices/*; do
		[ ! -e "$device/driver" ] || continue
		[ -e "$device/firmware_node" ] || [ -e "$device/of_node" ] || continue
		echo "$1" >"$device/driver_override"
		echo "${device##*/}" >/sys/bus/platform/drivers_probe
		[ ! -e "$device/$2" ] || break
	done
}

# Not all kernels have the driver.
test_uio_platform()
{
	[ -e /sys/bus/platform/drivers/uio_pdrv_genirq ] || return
	bind_platform uio_pdrv_genirq uio
	node=/dev/$(ls "$device/uio")
	sh -c ": <>$node" 2>err
	result $? "$BACKEND/uio/opens-platform" "${device##*/}: $(cat err)"
	needs_rawio -platform
}

# VFIO has no reset for this platform device, so the device would go on writing to memory
# that is no longer pinned. Mainline gives it a cdev all the same.
test_unstoppable()
{
	[ -e /sys/bus/platform/drivers/vfio-platform ] || return
	bind_platform vfio-platform vfio-dev
	name=$(ls "$device/vfio-dev")
	set -- /dev/vfio/noiommu-*
	[ -n "$name" ] && [ $# -eq 2 ]
	result $? "$BACKEND/unstoppable/bind" "${device##*/}: $(ls /dev/vfio)"
	case $KERNEL in
	7.3*)
		echo "skip vm/$KERNEL/$BACKEND/unstoppable/no-cdev: mainline"
		return
		;;
	esac
	[ ! -e "$device/vfio-dev/$name/dev" ] && [ ! -e "/dev/vfio/devices/$name" ]
	result $? "$BACKEND/unstoppable/no-cdev" "$(ls /dev/vfio/devices)"
	dmesg | grep -q "${device##*/}: No vfio-noiommu cdev"
	result $? "$BACKEND/unstoppable/logged" "$(dmesg | grep -i vfio)"
}

# UIO needs CAP_SYS_RAWIO if this is enabled and no IOMMU translates for the device.
test_uio()
{
	bind_uio
	case $(cat /sys/module/uio/parameters/dma_needs_rawio 2>/dev/null)/$WAY/$KERNEL in
	Y/iommu/5.10*) opens_freely -translated ;;
	Y/iommu/*)
		opens_freely -translated
		test_uio_passthrough
		;;
	Y/*) needs_rawio ;;
	*) opens_freely ;;
	esac
	case $(cat /sys/module/uio/parameters/dma_needs_rawio 2>/dev/null)/$KERNEL in
	Y/5.10* | Y/6.1-*) ;;
	Y/*) test_uio_platform ;;
	esac
}

# dmabuf doctor reports that the route works.
test_doctor()
{
	dmabuf doctor --json >doctor.json 2>err
	[ "$(jq -r ".probes[] | select(.collector == \"dma_$WAY\") | .state" doctor.json)" = works ]
	result $? "$BACKEND/doctor" "$(jq -c '.probes[] | select(.collector | test("^dma"))' doctor.json)"
}

EDU=$(find_edu)
export EDU
[ -n "$EDU" ] || {
	not_ok "$BACKEND/device" "no edu device: $(cat $PCI/devices/*/device | tr '\n' ' ')"
	exit
}
dd if=/dev/zero of=memfd.file bs=4096 count=4 2>/dev/null
FLAG='' DRIVER=vfio-pci WAY=$BACKEND
case $BACKEND in
group) FLAG=--pagemap WAY=pagemap ;;
uio) FLAG=--pagemap WAY=pagemap DRIVER=uio_pci_generic ;;
esac
[ "$WAY" = iommu ] || [ $DRIVER != vfio-pci ] ||
	echo Y >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
bind "$EDU" $DRIVER
result $? "$BACKEND/bind" "$(ls -l "$PCI/devices/$EDU")"

# FLAG is one word or empty.
# shellcheck disable=SC2086
{
	test_copies $FLAG
	test_segments
	test_warning
	test_memfd $FLAG
	test_dmabuf $FLAG
	test_bits $FLAG
	test_busy $FLAG
	test_kill $FLAG
}
test_refused
test_doctor
test_selftest
[ "$BACKEND" != noiommu ] || test_unstoppable
test_uio
test_errors
