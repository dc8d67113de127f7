#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: walk.sh KERNEL PART. Compares the output of btfwalk with other output
# of the kernel about the same objects. Prints the line protocol of tests/run.
# shellcheck disable=SC2016,SC2034,SC2181,SC2319
set -u

KERNEL=$1
PART=$2

# shellcheck source=guest.sh
. ./guest.sh

# Prints the fields of all objects, one object a line, with spaces between.
fields()
{
	btfwalk --json "$@" 2>err | jq -r '.objects[] | map(tostring) | join(" ")'
}

# same_set NAME WANT GOT: compares two files of lines
same_set()
{
	sort "$2" >"$2.sorted"
	sort "$3" >"$3.sorted"
	difference=$(diff "$2.sorted" "$3.sorted")
	[ -z "$difference" ] && [ -s "$2" ]
	result $? "$1" "$(cat err; wc -l "$2" "$3"; echo "$difference")"
}

# within NAME BEFORE GOT AFTER: for sets that change by themselves. GOT must have the
# lines that are in both BEFORE and AFTER, and no line that is in neither.
within()
{
	for file in "$2" "$3" "$4"; do
		sort -u "$file" >"$file.sorted"
	done
	comm -12 "$2.sorted" "$4.sorted" >stayed
	sort -u "$2" "$4" >some
	missing=$(comm -23 stayed "$3.sorted")
	more=$(comm -13 some "$3.sorted")
	[ -z "$missing$more" ] && [ -s stayed ]
	result $? "$1" "missing: $missing more: $more $(cat err)"
}

# The recipe selects the walk of this kernel.
test_dmabufs()
{
	hold truth basic || return
	jq -r '.buffers[] | "\(.ino) \(.size) \(.exporter) \(.name // "null")"' truth >want
	fields -r dmabufs file.f_inode.i_ino size exp_name name:str | sed 's/ ok$//' >got
	same_set dmabufs want got

	# Nested lists: the attachments of each buffer.
	jq -r '.buffers[] | select(.attachments > []) | .attachments[] as $device | "\(.ino)"' truth >want
	if [ -s want ]; then
		fields -r dmabuf-attachments dev.kobj.name | cut -d' ' -f1 >got
		same_set dmabuf-attachments want got
	fi

	# A check that fails marks all objects, and is a gap.
	btfwalk -r dmabufs --check 'size == 1' >out 2>err
	[ $? -eq 3 ] && grep -q 'a check failed' err &&
		[ "$(grep -c ' failed$' out)" -eq "$(jq '.buffers | length' truth)" ]
	result $? check-fails "$(cat out err)"

	# An object whose condition cannot be read is not skipped: letters are not a pointer.
	btfwalk -r dmabufs size --where 'exp_name{dma_buf}.file.f_inode == NULL' \
		--no-headings >out 2>err
	[ $? -eq 3 ] && grep -q 'leads nowhere' err &&
		[ "$(wc -l <out)" -eq "$(jq '.buffers | length' truth)" ]
	result $? where-unreadable "$(cat out err)"

	# Conditions with a number and with a pattern.
	jq -r '.buffers[] | select(.size >= 65536 and (.name // "" | endswith("-dup"))).ino' \
		truth >want
	fields -r dmabufs --where 'size >= 64K && name ~ *-dup' file.f_inode.i_ino |
		sed 's/ ok$//' >got
	same_set where want got
	end_scene
}

test_modules()
{
	cut -d' ' -f1 /proc/modules >want
	fields -r modules name >got
	same_set modules want got
}

test_slabs()
{
	sed 1,2d /proc/slabinfo | cut -d' ' -f1 >want
	fields -r slabs name >got
	same_set slabs want got
}

# A chain of pointers up to 7.0, a hash list since then.
test_filesystems()
{
	awk '{ print $NF }' /proc/filesystems >want
	fields -r filesystems name >got
	same_set filesystems want got
}

test_netdevs()
{
	unshare -n sh -c '
		for i in $(seq 100); do
			ip link add "left$i" type veth peer name "right$i" || exit
		done
		touch made
		sleep 1000' &
	pid=$!
	while [ ! -e made ] && kill -0 $pid; do
		sleep 0.2
	done
	ns=$(readlink /proc/$pid/ns/net | tr -dc 0-9)
	nsenter -t $pid -n ip -o link | sed 's/^\([0-9]*\): \([^:@]*\).*/\1 \2/' >want
	fields -r netdevs --where "ns.inum == $ns" ifindex name |
		cut -d' ' -f2- >got
	[ "$(wc -l <want)" -gt 200 ]
	result $? netdevs-200-veth "$(wc -l <want)"
	same_set netdevs want got

	# A limit in nested lists, namespaces and devices, is not a gap.
	btfwalk -r netdevs --where "ns.inum == $ns" --limit 7 --no-headings >out 2>err
	[ $? -eq 0 ] && [ "$(wc -l <out)" -eq 7 ] && grep -q 'there are more' err
	result $? limit "$(cat out err)"
	kill $pid
}

# Red-black trees: vmalloc's areas. %pK shows their addresses to root. Unpurged areas
# are no longer in the tree. Skip areas of BPF and of stacks, because btfwalk makes
# some itself.
TRANSIENT='bpf\|execmem\|map_alloc\|copy_process\|kernel_clone\|dup_task\|thread_stack'

vmallocinfo()
{
	sed -n -e '/unpurged/d' -e "/$TRANSIENT/d" \
		-e 's/^0x\([0-9a-f]*\)-0x\([0-9a-f]*\) .*/0x\1 0x\2/p' /proc/vmallocinfo
}

test_vmalloc()
{
	echo 1 >/proc/sys/kernel/kptr_restrict
	vmallocinfo >before
	fields -r vmalloc va_start:hex va_end:hex vm.caller:sym |
		sed -e "/$TRANSIENT/d" -e 's/ [^ ]*$//' >got
	vmallocinfo >after
	within vmalloc before got after
	echo 0 >/proc/sys/kernel/kptr_restrict
}

# An xarray of several levels with holes: the pages of a file.
test_xarray()
{
	mkdir -p /walked
	mount -t tmpfs walked /walked
	echo 0 1 63 64 70 4095 4096 5000 262143 300000 | tr ' ' '\n' >want
	while read -r page; do
		dd if=/dev/zero of=/walked/file bs=4096 count=1 seek="$page" \
			conv=notrunc 2>/dev/null
	done <want
	ino=$(stat -c %i /walked/file)
	dev=$(stat -c %d /walked)
	fields super_blocks super_block.s_list \
		/ s_inodes inode.i_sb_list \
		/ i_mapping.i_pages page @ \
		--where "i_ino == $ino && s_dev == $dev" >got
	same_set xarray want got

	# A single page is an entry without a node.
	dd if=/dev/zero of=/walked/alone bs=4096 count=1 2>/dev/null
	echo 0 >want
	ino=$(stat -c %i /walked/alone)
	fields super_blocks super_block.s_list / s_inodes inode.i_sb_list \
		/ i_mapping.i_pages page @ \
		--where "i_ino == $ino && s_dev == $dev" >got
	same_set xarray-one-entry want got
}

# Hash tables: users with processes.
test_users()
{
	for uid in 1001 1002 70000; do
		./setpriv --reuid=$uid --clear-groups sleep 100 &
	done
	sleep 1
	for task in /proc/[0-9]*; do
		stat -c %u "$task"
	done 2>/dev/null | sort -u >want
	fields -r users uid >got
	same_set users want got
}

# Each recipe works or prints what this kernel does not have. try-recipe runs one.
test_recipes()
{
	cat >try-recipe <<'EOT'
timeout 60 btfwalk -r "$1" >"$1.out" 2>"$1.err"
status=$?
[ $status -eq 0 ] ||
	{ [ $status -eq 1 ] && [ "$(wc -l <"$1.err")" -eq 1 ] &&
		grep -Eq "has no (struct|symbol|member)" "$1.err"; } ||
	echo "$1: $status: $(cat "$1.err")"
EOT
	faulty=$(btfwalk --list | cut -d' ' -f1 | xargs -n 1 -P 2 sh try-recipe)
	[ -z "$faulty" ]
	result $? recipes "$faulty"
}

says()
{
	name=$1
	pattern=$2
	shift 2
	btfwalk "$@" >out 2>err
	[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] &&
		grep -Eq "$pattern" err
	result $? "$name" "$(cat out err)"
}

test_errors()
{
	says wrong-symbol 'modulse.*did you mean .modules.' modulse module.list name
	says wrong-type 'modul.*did you mean .module.' modules modul.list name
	says wrong-member 'lsit.*did you mean .list.' modules module.lsit name
	says wrong-path 'cra_nam.*did you mean .cra_name.' crypto_alg_list \
		crypto_alg.cra_list cra_nam
	# Unmapped memory: a fault gives an error, not a crash.
	btfwalk 0xffff000000000000 module.list name --timeout 2 >out 2>err
	[ $? -eq 3 ] && grep -q 'never closed' err
	result $? no-memory "$(cat out err)"
	# Memory that is not a list.
	btfwalk 'init_task{task_struct}.comm{list_head}' module.list name \
		--timeout 2 >out 2>err
	[ $? -eq 3 ] && grep -q 'never closed' err
	result $? no-list "$(cat out err)"
}

test_privileges()
{
	as_nobody ./btfwalk -r modules >out 2>err
	[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] && grep -Eq 'CAP_|as root' err
	result $? nobody "$(cat err)"
	./setpriv --reuid=65534 --regid=65534 --clear-groups \
		--inh-caps=-all,+bpf,+perfmon,+syslog,+sys_resource \
		--ambient-caps=-all,+bpf,+perfmon,+syslog,+sys_resource \
		./btfwalk -r modules name --no-headings >got 2>err
	cut -d' ' -f1 /proc/modules >want
	same_set least-capabilities want got
}

case $PART in
objects)
	for what in errors privileges dmabufs modules slabs filesystems netdevs \
		vmalloc xarray users; do
		timed $what test_$what
	done
	;;
recipes) test_recipes ;;
*) not_ok "walk-$PART" "no such part" ;;
esac
