#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: unprivileged.sh KERNEL. Programs that have capabilities by setcap, and
# a user who has none: the user must not be able to read or write with them what the user
# could not without. The line protocol is that of tests/run.
# shellcheck disable=SC2319
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh

MINE=/tmp/user
WORD=swordfish

# grant CAPABILITIES FOLDER: copies the programs to the folder, with capabilities
grant()
{
	mkdir -p "$2"
	cp dmabuf btfwalk "$2"
	./setcap "$1" "$2/dmabuf" && ./setcap "$1" "$2/btfwalk"
}

# Files of root that a user cannot read, and a tree of links to one of them.
make_files()
{
	mkdir -p $MINE /tmp/root
	echo "$WORD" >/tmp/root/secret
	chmod 600 /tmp/root/secret
	cp 7.3-basic.dmabuf $MINE/saved
	cp 7.3-basic.dmabuf /tmp/root/saved
	cp 7.3-basic.dmabuf /tmp/sticky
	chmod 600 /tmp/root/saved /tmp/sticky
	while read -r file; do
		mkdir -p "$MINE/tree/${file%/*}"
		ln -s /tmp/root/secret "$MINE/tree/$file"
	done <<-END
		proc/sys/kernel/osrelease
		proc/kallsyms
		proc/meminfo
		proc/mounts
		proc/1/maps
		proc/1/comm
		proc/1/cgroup
		proc/1/status
		proc/1/fdinfo/3
		sys/kernel/btf/vmlinux
		sys/kernel/debug/dma_buf/bufinfo
		sys/kernel/dmabuf/buffers/1/size
		sys/kernel/dmabuf/buffers/1/exporter_name
		sys/fs/bpf/dmabuf/records
		sys/fs/bpf/dmabuf/prog_dmabufIter_iter_dmabuf
		sys/kernel/mm/cma/region/total_pages
		dev/dma_heap/region
	END
	mkdir -p $MINE/tree/proc/1/fd
	ln -s /dmabuf: $MINE/tree/proc/1/fd/3
	cp /sys/kernel/btf/vmlinux $MINE/types
	echo 'what: tasks' >$MINE/recipe
	echo '5.10..: init_task{task_struct}.tasks task_struct.tasks pid' >>$MINE/recipe
	chown -R 1000:1000 $MINE
}

# Commands that open files of the user, after the permitted capabilities that they may
# have then. None is effective.
OPENS="0 dmabuf list --input $MINE/saved
0 dmabuf save --input $MINE/saved $MINE/copy
0 dmabuf list --root $MINE/tree
0 dmabuf ps --root $MINE/tree
0 dmabuf doctor --root $MINE/tree
0 dmabuf heaps --root $MINE/tree
0 dmabuf heaps --resolve default-cma --root $MINE/tree
0 dmabuf save $MINE/copy
0 btfwalk --root $MINE/tree --explain init_task task_struct.tasks pid
0 btfwalk --explain -r $MINE/recipe
1<<CAP_BPF btfwalk -r $MINE/recipe"

# opens WHO WANT BEFORE COMMAND: runs a command after the words BEFORE, and checks the
# capabilities at each open of a file of the user
opens()
{
	# shellcheck disable=SC2086 # words
	strace -y -o log -e trace=execve,capset,open,openat,openat2 \
		$3$4 >out 2>err </dev/null
	awk -v folder=$MINE -f opens.awk log | sort -u >got
	test "$(cat got)" = "$2"
	result $? "opens-$1: $4" "$(cat got err; grep -E '^(cap|open)' log | tail -n 20)"
}

# Root keeps what root needs to open files. The log has the arguments of capset(2).
test_opens()
{
	files=$(printf '|1<<CAP_%s' CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER SYS_PTRACE)
	files=${files#|}
	echo "$OPENS" >commands
	while read -r rest command; do
		opens user "0 $rest" "./setpriv --reuid=1000 --regid=1000 --clear-groups /tmp/all/" \
			"$command"
		[ "$rest" = 0 ] && rest=$files || rest="$files|$rest"
		opens root "$files $rest" "" "$command"
	done <commands
	# Root reads the kernel with these types, so that capabilities stay.
	opens user "0 0" "./setpriv --reuid=1000 --regid=1000 --clear-groups /tmp/all/" \
		"dmabuf list --collector list_walk --btf $MINE/types"
}

# Output of commands that would read the file of root.
test_reads()
{
	for command in "dmabuf doctor --root $MINE/tree" "dmabuf heaps --root $MINE/tree" \
		"dmabuf list --root $MINE/tree" "dmabuf ps --root $MINE/tree" \
		"dmabuf leaks --root $MINE/tree --json" \
		"dmabuf list --root $MINE/tree --format dmabuf_dump" \
		"dmabuf list --root $MINE/tree --collector debugfs" \
		"dmabuf list --root $MINE/tree --collector pinned" \
		"dmabuf list --root $MINE/tree --collector sysfs" \
		"dmabuf list --root $MINE/tree --collector procfs" \
		"dmabuf save --root $MINE/tree -" \
		"dmabuf list --input /tmp/root/secret" \
		"btfwalk --root $MINE/tree --explain $WORD task_struct.tasks pid" \
		"btfwalk -r /tmp/root/secret" \
		"btfwalk --explain -r /tmp/root/secret"; do
		# shellcheck disable=SC2086 # words
		as_user /tmp/all/$command >out 2>err </dev/null
		status=$?
		# doctor lists the collectors, also when none finds anything.
		case $command in *doctor*) status=1 ;; esac
		sed "s/ '$WORD'//" out err | grep -q "$WORD"
		test $? -ne 0 && [ $status -ne 0 ]
		result $? "reads: $command" "exit status $status: $(cat out err)"
	done
	# The user cannot even learn whether a folder exists.
	mkdir -m 700 /tmp/closed
	as_user /tmp/all/dmabuf list --root /tmp/closed/none >out 2>err
	grep -q 'Permission denied' err
	result $? reads-no-folder "$(cat out err)"
}

# The mount of the guest lets everybody make files below /sys/fs/bpf.
test_pinned_link()
{
	chmod 1777 /sys/fs/bpf
	as_user mkdir /sys/fs/bpf/dmabuf
	for file in records prog_dmabufIter_iter_dmabuf; do
		as_user ln -s /tmp/root/secret /sys/fs/bpf/dmabuf/$file
	done
	as_user /tmp/all/dmabuf list --collector pinned >out 2>err
	test $? -ne 0 && ! grep -q $WORD out err
	result $? reads-no-link-of-bpffs "$(cat out err)"
	rm -r /sys/fs/bpf/dmabuf
	chmod 700 /sys/fs/bpf
}

test_writes()
{
	for file in /tmp/root/saved /tmp/root/new /tmp/sticky; do
		for input in "--input $MINE/saved" "--root /"; do
			# shellcheck disable=SC2086 # words
			as_user /tmp/all/dmabuf save $input $file >out 2>err
			test $? -eq 1 && grep -q "not permitted\|Permission denied" err
			result $? "writes: save $input $file" "$(cat out err)"
		done
	done
	cmp /tmp/root/saved 7.3-basic.dmabuf >err && cmp /tmp/sticky 7.3-basic.dmabuf >err &&
		[ "$(ls /tmp/root)" = "$(printf 'saved\nsecret')" ]
	result $? writes-nothing "$(cat err; ls -l /tmp/root /tmp)"
}

# What the capabilities are for still works.
test_works()
{
	hold truth basic || return
	as_user /tmp/few/dmabuf list --json --columns ino >list.json 2>err
	jq -r '.buffers[].ino' truth | sort >want
	jq -r '.buffers[].ino' list.json | sort >got
	test -s want && cmp want got >>err
	result $? works-list "$(cat got err)"
	as_user /tmp/few/dmabuf doctor >out 2>err
	result $? works-doctor "$(cat out err)"
	as_user /tmp/few/dmabuf save $MINE/snapshot >out 2>err
	test $? -ne 1 && [ "$(dmabuf list --input $MINE/snapshot --json --columns ino |
		jq -r '.buffers[].ino' | sort)" = "$(cat want)" ]
	result $? works-save "$(cat out err)"
	end_scene
	as_user /tmp/few/btfwalk -r $MINE/recipe --count >out 2>err
	result $? works-recipe "$(cat out err)"
	as_user /tmp/few/btfwalk -r modules name --no-headings >got 2>err
	cut -d' ' -f1 /proc/modules | sort >want
	sort got | cmp - want >>err
	result $? works-modules "$(cat got err)"
}

# Root reads what root can read without the program.
test_root()
{
	mkdir -p tree/sys/kernel/dmabuf/buffers/7
	echo 4096 >tree/sys/kernel/dmabuf/buffers/7/size
	echo system >tree/sys/kernel/dmabuf/buffers/7/exporter_name
	chmod -R go= tree
	chown -R 1000 tree
	chmod 400 tree/sys/kernel/dmabuf/buffers/7/*
	dmabuf list --root tree --json --columns ino >out 2>err
	jq -e '.buffers == [{ino: 7}]' out >/dev/null
	result $? root-reads "$(cat out err)"
	cp 7.3-basic.dmabuf closed
	chown 1000 closed
	chmod 0 closed
	dmabuf list --input closed >out 2>err
	result $? root-reads-input "$(cat out err)"
	mkdir folder
	chown 1000 folder
	dmabuf save --input closed folder/saved >out 2>err
	result $? root-writes "$(cat out err)"
	# A user's own capabilities, too.
	as_user --inh-caps=+dac_read_search --ambient-caps=+dac_read_search \
		dmabuf list --input closed >out 2>err
	result $? own-capability-reads "$(cat out err)"
}

test_setuid()
{
	cp dmabuf btfwalk /tmp
	chmod 4755 /tmp/dmabuf
	chmod 2755 /tmp/btfwalk
	for command in "dmabuf list --input /tmp/root/secret" "btfwalk -r /tmp/root/secret"; do
		# shellcheck disable=SC2086 # words
		as_user /tmp/$command >out 2>err
		test $? -eq 1 && grep -q setcap err && ! grep -q $WORD out err
		result $? "refuses-setuid: ${command%% *}" "$(cat out err)"
	done
}

# The command gets the buffers, and nothing else.
test_alloc()
{
	[ -e /dev/dma_heap/system ] || return
	for how in "/tmp/all/dmabuf" \
		"--inh-caps=+dac_override,+sys_ptrace --ambient-caps=+dac_override,+sys_ptrace ./dmabuf"; do
		# shellcheck disable=SC2086 # words
		./setpriv --reuid=1000 --regid=1000 --clear-groups \
			$how alloc --count 2 system 4096 -- sleep 1000 </dev/null >out 2>err &
		until [ "$(cat /proc/$!/comm)" = sleep ] || ! kill -0 $!; do
			sleep 0.1
		done
		sed -n 's/^Cap\(Inh\|Prm\|Eff\|Amb\):\t0*/\1 /p' /proc/$!/status >capabilities
		find /proc/$!/fd -type l | sed 's/.*\///' | sort >fds
		tr '\0' '\n' </proc/$!/environ | sed -n 's/^DMABUF_FDS=/0 1 2 /p' | tr ' ' '\n' |
			sort >want
		kill $!
		test "$(tr -d '\n' <capabilities)" = "Inh Prm Eff Amb " && cmp want fds >>err
		result $? "alloc: ${how##* }" "$(cat out err capabilities fds)"
	done
}

# The advice is the capability that is missing, even for root.
test_advice()
{
	hold truth basic || return
	./setpriv --bounding-set=-syslog dmabuf list --collector list_walk >out 2>err
	test $? -eq 1 && grep -q CAP_SYSLOG err
	result $? advises-syslog "$(cat out err)"
	./setpriv --bounding-set=-perfmon,-sys_admin dmabuf list --collector list_walk >out 2>err
	test $? -eq 1 && grep -q CAP_PERFMON err && ! grep -q CAP_BPF err
	result $? advises-perfmon "$(cat out err)"
	end_scene
}

# A process that /proc hides is not one that does not exist.
test_hidden()
{
	sleep 1000 &
	mount -o remount,hidepid=2 /proc
	as_user /tmp/few/dmabuf ps $! >out 2>err
	case $? in 0 | 3) true ;; *) false ;; esac
	result $? hidden-process "$(cat out err)"
	as_user /tmp/few/dmabuf ps 4194303 >out 2>err
	test $? -eq 1 && grep -q 'no such process' err
	result $? hidden-or-gone "$(cat out err)"
	mount -o remount,hidepid=0 /proc
	kill $!
}

make_files
grant "=ep" /tmp/all
grant cap_bpf,cap_perfmon,cap_syslog,cap_sys_resource+ep /tmp/few
for what in opens reads pinned_link writes works root setuid alloc advice hidden; do
	timed $what test_$what
done
