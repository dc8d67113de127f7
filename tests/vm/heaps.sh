#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: heaps.sh KERNEL SCENE NAME...; the names are heaps that must exist
# or, with '-' before the name, must not exist. The scene depends on the kernel's
# command line:
#
#   regions  cma=64M cma_region=camera:16M
#   names    the same, but tests only the names
#   tree     the regions of regions.dts, cma_region= as in run-heaps
#   clashes  cma_region= with names and a place that others have, see run-heaps
#   many     more cma_region= than the kernel has room for
#   charged  cma=64M dma_heap.mem_accounting=1
#   uncharged  cma=64M
#   none     no region, or no heap for it
#   nothing  no heap at all
# shellcheck disable=SC2319,SC3045,SC2016
set -u

KERNEL=$1
SCENE=$2
shift 2

# shellcheck source=guest.sh
. ./guest.sh

# The default region, which is 64M
DEFAULT=reserved
[ "$SCENE" != tree ] || DEFAULT=linux,cma

# says TEXT FILE: succeeds if the file contains the text
says()
{
	grep -qF -- "$1" "$2"
}

# figure REGION FILE: prints a figure of the kernel about it
figure()
{
	cat "/sys/kernel/debug/cma/$1/$2" 2>/dev/null ||
		cat "/sys/kernel/debug/cma/cma-$1/$2"
}

# used REGION: prints the kernel's count of its allocated pages
used()
{
	figure "$1" used
}

# reserved_is KIB: compares the size of all regions
reserved_is()
{
	total=$(awk '/^CmaTotal:/ { print $2 }' /proc/meminfo)
	test "$total" = "$1"
	result $? "$SCENE/nothing-else-is-reserved" "$total kB instead of $1"
}

# log_says NAME TEXT: looks for the text in the kernel's log
log_says()
{
	dmesg | grep -qF -- "$2"
	result $? "$SCENE/log-tells-of-$1" "$(dmesg | grep -e 'cma: ' -e heap:)"
}

# keep HEAP SIZE [BY]: makes a buffer that stays, and sets KEPT to its process, which BY
# runs if it is given
keep()
{
	rm -f kept
	${3-} dmabuf alloc "$1" "$2" --hold --json >kept 2>kept.err &
	KEPT=$!
	until grep -qs '^]}' kept; do
		if ! kill -0 $KEPT 2>/dev/null; then
			not_ok "keep-$1" "$(cat kept.err)"
			return 1
		fi
		sleep 0.1
	done
}

# drop PROCESS...
drop()
{
	kill "$@"
	wait "$@" 2>/dev/null
}

# The selftest of the kernel series. A skipped test is a failure.
test_names()
{
	heap-names "$@" >names.out 2>&1
	sed -n -e "s|^ok [0-9]* # SKIP|not ok vm/$KERNEL/$SCENE/skipped:|p" \
		-e "s|^ok [0-9]* |ok vm/$KERNEL/$SCENE/|p" \
		-e "s|^not ok [0-9]* |not ok vm/$KERNEL/$SCENE/|p" \
		-e 's|^# |  # |p' names.out
	grep -q '^1\.\.' names.out
	result $? "$SCENE/heap-names-ran" "$(cat names.out)"
}

# row HEAP FILTER: prints a part of the row of one heap
row()
{
	dmabuf heaps --json 2>err | jq -c --arg heap "$1" \
		".heaps[] | select(.heap == \$heap) | $2"
}

# Compares the list with /dev, the command line, and the kernel's counts.
test_list()
{
	nodes=$(dmabuf heaps --json | jq -r '.heaps[] | .heap, .aliases[]' | sort)
	test "$nodes" = "$(ls /dev/dma_heap)"
	result $? "$SCENE/all-nodes" "$nodes"

	for heap in default_cma_region camera; do
		want=$(printf '"%d:%d"' "0x$(stat -c %t /dev/dma_heap/$heap)" \
			"0x$(stat -c %T /dev/dma_heap/$heap)")
		got=$(row $heap .device)
		test "$got" = "$want"
		result $? "$SCENE/device-$heap" "$got instead of $want"
	done

	got=$(row default_cma_region '[.region, .size, .aliases, .access]')
	alias=
	[ ! -e "/dev/dma_heap/$DEFAULT" ] || alias="\"$DEFAULT\""
	test "$got" = "[\"$DEFAULT\",67108864,[$alias],true]"
	result $? "$SCENE/default-region" "$got"
	got=$(row camera '[.region, .size, .aliases, .buffers]')
	test "$got" = '["camera",16777216,[],0]'
	result $? "$SCENE/second-region" "$got"
	got=$(row system '[.region, .size, .largest_run]')
	test "$got" = '[null,null,null]'
	result $? "$SCENE/no-region" "$got"
	dmabuf heaps >out 2>err && [ ! -s err ]
	result $? "$SCENE/no-gap" "$(cat out err)"
}

# test_alloc HEAP NODE REGION OTHER: 4M from HEAP must come from REGION, not from OTHER,
# and have the exporter NODE
test_alloc()
{
	before=$(used "$3")
	other=$(used "$4")
	keep "$1" 4M || return
	test $(($(used "$3") - before)) -eq 1024 && [ "$(used "$4")" = "$other" ]
	result $? "$SCENE/from-its-region-$1" "$(used "$3") pages of $3"

	fd=$(jq '.buffers[0].fd' kept)
	exporter=$(sed -n 's/^exp_name:\t//p' "/proc/$KEPT/fdinfo/$fd")
	test "$exporter" = "$2" &&
		[ "$(jq -r '.buffers[0].exporter' kept)" = "$2" ] &&
		[ "$(dmabuf list --json | jq -r ".buffers[] | .exporter")" = "$2" ]
	result $? "$SCENE/named-after-$1" "$exporter instead of $2"

	heap=$2
	[ "$heap" != "$DEFAULT" ] || heap=default_cma_region
	got=$(row "$heap" '[.used_bytes, .buffers, .bytes,
		.top_holders[0].pid, .top_holders[0].bytes]')
	test "$got" = "[$(($(used "$3") * 4096)),1,4194304,$KEPT,4194304]"
	result $? "$SCENE/who-has-it-$1" "$got"
	drop $KEPT
}

# keep_16 SIZE: makes 16 buffers of camera, and sets all to their processes
keep_16()
{
	all=
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		keep camera "$1" || return
		all="$all $KEPT"
	done
}

# every_second PROCESS...: drops these, and sets rest to the others
every_second()
{
	odd=
	rest=
	for process; do
		if [ -z "$odd" ]; then
			drop "$process"
			odd=1
		else
			rest="$rest $process"
			odd=
		fi
	done
}

# Frees every second of 16 buffers: half of the region is free, in pieces of 1M.
test_pieces()
{
	keep_16 1M || return
	dmabuf alloc camera 4K >out 2>err
	test $? -eq 1 && says "0M of 16M is free" err
	result $? "$SCENE/full" "$(cat out err)"

	# The kernel uses the first free place, so the buffers are in this order.
	# shellcheck disable=SC2086
	every_second $all
	dmabuf alloc camera 2M >out 2>err
	test $? -eq 1 && says "no 2M in one piece: 8M of 16M is free, the largest run is 1M" err
	result $? "$SCENE/in-pieces" "$(cat out err)"
	got=$(row camera '[.free_bytes, .largest_run, .largest_alloc, .buffers]')
	test "$got" = '[8388608,1048576,1048576,8]'
	result $? "$SCENE/largest-run" "$got"
	# shellcheck disable=SC2086
	drop $rest
}

# fits_exactly: a buffer of largest_alloc can be allocated, and one of a page more cannot
fits_exactly()
{
	largest=$(dmabuf heaps --json --columns heap,largest_alloc 2>err |
		jq '.heaps[] | select(.heap == "camera").largest_alloc')
	dmabuf alloc camera "$largest" >out 2>>err &&
		! dmabuf alloc camera $((largest + 4096)) >out 2>>err
}

# Buffers of 604K, which are aligned to 1M: free runs are longer than what fits.
test_alignment()
{
	keep_16 604K || return
	fits_exactly
	result $? "$SCENE/fits-between" "$largest $(cat err)"
	# shellcheck disable=SC2086
	every_second $all
	fits_exactly
	result $? "$SCENE/fits-aligned" "$largest $(cat err)"
	got=$(row camera '[.largest_run, .largest_alloc]')
	test "$got" = '[1478656,1048576]'
	result $? "$SCENE/largest-alloc" "$got"
	dmabuf alloc camera 1444K >out 2>err
	test $? -eq 1 && says "the largest run is 1444K, but CMA aligns buffers: 1M fits" err
	result $? "$SCENE/alignment-is-why" "$(cat out err)"

	# The configuration of this kernel is in /proc/config.gz.
	: >empty
	mount --bind empty /proc/config.gz
	got=$(row camera .largest_alloc)
	test "$got" = null && dmabuf heaps >out 2>err
	test $? -eq 3 && says "from 1M to 1440K, since CONFIG_CMA_ALIGNMENT is not known" err
	result $? "$SCENE/unknown-alignment" "$got $(cat out err)"
	umount /proc/config.gz

	# Until the region is free, from its end, so that free runs begin anywhere.
	reverse=
	for process in $rest; do
		reverse="$process $reverse"
	done
	wrong=
	for process in $reverse; do
		drop "$process"
		fits_exactly || wrong="$wrong $largest"
	done
	test -z "$wrong"
	result $? "$SCENE/fits-as-it-empties" "$wrong $(cat err)"
}

# refuses NAME TEXT ARGUMENT...: dmabuf alloc must fail with one line that has the text
refuses()
{
	name=$1
	text=$2
	shift 2
	dmabuf alloc "$@" >out 2>err
	test $? -ne 0 && [ ! -s out ] && says "$text" err
	result $? "$SCENE/refuses-$name" "$(cat out err)"
}

test_bad_input()
{
	refuses unknown "there is no heap 'nope'; there are: camera" nope 4K
	refuses path "there is no heap '../null'" ../null 4K
	refuses no-size "0 bytes" system 0
	refuses bad-size "invalid size '4x'" system 4x
	refuses larger-than-region "larger than its region 'camera', 16M" camera 20M
	refuses larger-than-memory "would kill processes" system 900G
	refuses many "would kill processes" system 1M --count 100000
	refuses long-name "at most 31 bytes" system 4K \
		--name 12345678901234567890123456789012
	(
		ulimit -n 20
		refuses descriptors "ulimit -n" system 4K --count 30
	)
	chmod a+r /dev/dma_heap/system
	as_nobody dmabuf alloc system 4K >out 2>err
	result $? "$SCENE/nobody-may-when-let" "$(cat err)"
	chmod go= /dev/dma_heap/system
	as_nobody dmabuf alloc system 4K >out 2>err
	test $? -eq 1 && says "/dev/dma_heap/system: Permission denied" err
	result $? "$SCENE/refuses-nobody" "$(cat out err)"
	as_nobody dmabuf heaps --json >list.json 2>err
	test $? -eq 3 && [ "$(jq -c '[.complete, ([.heaps[].access] | any)]' list.json)" = \
		'[false,false]' ]
	result $? "$SCENE/list-of-nobody" "$(cat list.json err)"
}

test_command()
{
	dmabuf alloc system 5000 --name box --count 2 -- sh -c '
		for fd in $DMABUF_FDS; do
			sed -n "s/^\(size\|name\):\t//p" /proc/self/fdinfo/$fd
		done; exit 7' >out 2>err
	test $? -eq 7 && [ "$(tr '\n' ' ' <out)" = "8192 box 8192 box " ]
	result $? "$SCENE/command-has-buffers" "$(cat out err)"
}

# A program that uses the library: names, CPU access, sync files.
test_example()
{
	for heap in default-cma system; do
		./example-alloc $heap >out 2>&1
		result $? "$SCENE/example-alloc-$heap" "$(cat out)"
	done
	./example-alloc nope >out 2>&1
	test $? -eq 1 && says "there is no heap 'nope'" out
	result $? "$SCENE/example-says-why" "$(cat out)"
}

# resolves HEAP NODE
resolves()
{
	got=$(dmabuf heaps --resolve "$1" 2>&1)
	test "$got" = "/dev/dma_heap/$2"
	result $? "$SCENE/resolve-$1" "$got"
}

# has_region NAME: succeeds if the kernel has a CMA region with this name
has_region()
{
	[ -d "/sys/kernel/debug/cma/$1" ]
}

# What is special about regions of a device tree.
test_tree()
{
	for heap in video@a0000000 acme,isp radio far; do
		got=$(row $heap '[.region, .size, .aliases]')
		test "$got" = "[\"$heap\",8388608,[]]"
		result $? "$SCENE/region-of-$heap" "$got"
		resolves $heap $heap
		test_alloc $heap $heap $heap "$DEFAULT"
	done

	got=$(figure far base_pfn)
	test "$got" = $((5 << 18))
	result $? "$SCENE/far-at-its-place" "$got"

	# The region exists, and the heap of this name has other memory.
	has_region system && dmesg | grep -q "no heap for the region system\|Failed to add CMA heap system"
	result $? "$SCENE/no-heap-for-system" "$(dmesg | grep -i heap)"
	test "$(row system .region)" = null
	result $? "$SCENE/no-region-for-system" "$(row system .)"
	log_says camera 'cma_region=camera: the name is taken'
	for region in modem@a1000000 large; do
		! has_region $region
		result $? "$SCENE/no-region-$region" "$(ls /sys/kernel/debug/cma)"
	done
	log_says large "failed to allocate memory for node 'large'"
}

GROUP=/sys/fs/cgroup/heaps

# enter_group COMMAND...: runs it in the cgroup, instead of this shell
enter_group()
{
	exec sh -c "echo \$\$ >$GROUP/cgroup.procs && exec \"\$@\"" sh "$@"
}

# charged_to_group HEAP SIZE: sets CHARGED to the bytes that the cgroup has while one of
# its processes has a buffer, OF_KERNEL to those of them that memory.stat says are the
# kernel's, if it does, and REST to those that the cgroup has when the buffer is freed
charged_to_group()
{
	keep "$1" "$2" enter_group || return
	CHARGED=$(cat $GROUP/memory.current)
	# Since 5.18.
	OF_KERNEL=$(sed -n 's/^kernel //p' $GROUP/memory.stat)
	# What the process has, such as this program, goes with it.
	drop $KEPT
	for _ in $(seq 50); do
		REST=$(cat $GROUP/memory.current)
		[ "$REST" -lt 1048576 ] && break
		sleep 0.1
	done
}

# charges HEAP BYTES: a buffer of 32M must be charged BYTES more than one of 4K. The
# kernel charges some pages ahead for each CPU.
charges()
{
	charged_to_group "$1" 4K
	base=$CHARGED of_kernel=$OF_KERNEL
	charged_to_group "$1" 32M
	difference=$((CHARGED - base - $2))
	[ "${difference#-}" -lt 2097152 ]
	result $? "$SCENE/charges-$1" "$CHARGED bytes, $base with 4K: $(cat kept.err)"
	if [ "$OF_KERNEL" ]; then
		difference=$((OF_KERNEL - of_kernel - $2))
		[ "${difference#-}" -lt 2097152 ]
		result $? "$SCENE/stat-of-$1" "$OF_KERNEL bytes, $of_kernel with 4K"
	fi
	[ "$REST" -lt 2097152 ]
	result $? "$SCENE/uncharges-$1" "$REST bytes are left"
}

# A buffer can stay longer than the cgroup that it is charged to.
test_removal()
{
	keep system 16M enter_group || return
	echo "$KEPT" >/sys/fs/cgroup/cgroup.procs
	rmdir $GROUP
	result $? "$SCENE/group-goes-first" "$(cat $GROUP/cgroup.procs 2>&1)"
	drop "$KEPT"
}

test_charges()
{
	mkdir -p /sys/fs/cgroup
	mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control && mkdir $GROUP
	result $? "$SCENE/cgroup" "$(cat /sys/fs/cgroup/cgroup.controllers)"

	parameter=/sys/module/dma_heap/parameters/mem_accounting
	got=$(stat -c %a $parameter),$(cat $parameter)
	[ "$got" = "444,$1" ]
	result $? "$SCENE/parameter" "$got instead of $1"

	# Buffers of the system heap have pages of three sizes.
	if [ "$1" = Y ]; then bytes=33554432; else bytes=0; fi
	charges system $bytes
	# Charged pages can be mapped. If not, the kernel's log tells, which fails the guest.
	(enter_group ./example-alloc system) >out 2>&1
	result $? "$SCENE/maps" "$(cat out)"
	# As in mainline, CMA is not charged.
	[ ! -e /dev/dma_heap/default_cma_region ] || charges default-cma 0
	test_removal
}

case $SCENE in
charged) test_charges Y ;;
uncharged) test_charges N ;;
regions)
	test_names "$@"
	test_list
	resolves default-cma default_cma_region
	resolves camera camera
	test_alloc default-cma default_cma_region reserved camera
	test_alloc camera camera camera reserved
	[ ! -e /dev/dma_heap/reserved ] || test_alloc reserved reserved reserved camera
	test_pieces
	test_alignment
	test_bad_input
	test_command
	test_example
	;;
tree)
	test_names "$@"
	test_list
	resolves default-cma default_cma_region
	resolves camera camera
	test_alloc default-cma default_cma_region "$DEFAULT" camera
	test_alloc camera camera camera "$DEFAULT"
	test_alloc "$DEFAULT" "$DEFAULT" "$DEFAULT" camera
	test_tree
	test_example
	;;
names)
	# Commands without BPF, because a kernel with KASAN loads programs slowly.
	test_names "$@"
	resolves default-cma default_cma_region
	dmabuf alloc default-cma 4M >out 2>err
	result $? "$SCENE/contiguous-buffer" "$(cat out err)"
	;;
clashes)
	test_names "$@"
	for name in hugetlb0 system default_cma_region reserved camera; do
		log_says $name "cma_region=$name: the name is taken"
	done
	log_says late 'cma_region=late: 0x0000000000800000 bytes could not be reserved: error -16'
	# The default region, the one of hugetlb, camera.
	reserved_is $((65536 + 1048576 + 8192))
	got=$(figure reserved base_pfn),$(figure camera base_pfn)
	test "$got" = 262144,393216
	result $? "$SCENE/at-their-places" "$got"
	got=$(row system .region)$(row default_cma_region .region)
	test "$got" = 'null"reserved"'
	result $? "$SCENE/no-region-of-another" "$got"
	;;
many)
	test_names "$@"
	log_says r9 'cma_region=r9: there is no room for more than 8 regions'
	reserved_is $((65536 + 8 * 4096))
	;;
none)
	got=$(dmabuf heaps --json | jq -c '[.heaps[].heap]')
	test "$got" = '["system"]'
	result $? "$SCENE/just-system" "$got"
	dmabuf heaps --resolve default-cma >out 2>err
	test $? -eq 1 && says "there is no heap 'default-cma'; there are: system" err
	result $? "$SCENE/no-default" "$(cat out err)"
	dmabuf alloc default-cma 4M >out 2>err
	test $? -eq 1 && says "cma=64M" err
	result $? "$SCENE/no-contiguous-buffer" "$(cat out err)"
	dmabuf alloc system 4M >out 2>err
	result $? "$SCENE/system-buffer" "$(cat out err)"
	;;
nothing)
	dmabuf heaps >out 2>err
	test $? -eq 1 && says "/dev/dma_heap: No such file or directory; boot" err
	result $? "$SCENE/says-so" "$(cat out err)"
	;;
esac
nothing_left "$SCENE/nothing-left"
