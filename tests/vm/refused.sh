#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: refused.sh KERNEL WHAT. Where BPF is refused, the program says by
# whom, and debugfs and /proc still answer. WHAT is "filter", a seccomp filter that
# refuses bpf(2), "lockdown", or "proc", a /proc that does not have what it usually has.
# The line protocol is that of tests/run.
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh

# says NAME WANT COMMAND...: checks that the command fails, and its message. The user
# cannot do anything about what the other words name.
says()
{
	name=$1 want=$2
	shift 2
	"$@" >out 2>err
	status=$?
	test $status -eq 1 && grep -qF "dmabuf: $want" err &&
		! grep -qE 'RLIMIT|ulimit|run as root|CONFIG_BPF|report this' err
	result $? "$name" "[$status] $(cat err)"
}

# hints NAME CAPABILITIES COMMAND...: checks that root is told which capabilities are
# missing, and not to become root
hints()
{
	name=$1 want="; root lacks $2 here"
	shift 2
	"$@" >out 2>err
	grep -qF "$want" err && ! grep -q 'run as root' err
	result $? "$name" "$(cat err)"
}

# answers NAME COMMAND...: checks that all buffers and their holders are read
answers()
{
	name=$1
	shift
	"$@" dmabuf list --json >all 2>err
	count='.buffers | length'
	test "$(jq "$count" all)" = "$(jq "$count" truth)" &&
		test "$(jq -c .collectors all)" = '{"buffers":"debugfs","holders":"procfs"}'
	result $? "$name" "$(cat all err)"
}

# Whose user has the capabilities that BPF takes, but no other.
CAPS=+bpf,+perfmon,+syslog,+sys_ptrace,+dac_read_search
with_caps()
{
	"$@" ./setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=$CAPS \
		--ambient-caps=$CAPS dmabuf list --collector list_walk
}

filter()
{
	want="bpf() is refused by a seccomp filter or a security module"
	for errno in 1 13; do
		for collector in list_walk task_iter; do
			says "$collector-$errno" "$want" \
				no-bpf $errno dmabuf list --collector $collector
		done
		says "user-$errno" "$want" with_caps no-bpf $errno
		answers "answer-$errno" no-bpf $errno
	done
	says root-without-bpf "not permitted to load BPF programs: no CAP_BPF" \
		./setpriv --bounding-set=-bpf,-sys_admin dmabuf list --collector list_walk
	says root-without-perfmon "not permitted to load BPF programs: no CAP_PERFMON" \
		./setpriv --bounding-set=-perfmon,-sys_admin dmabuf list --collector list_walk
	hints root-without-syslog CAP_SYSLOG \
		./setpriv --bounding-set=-syslog dmabuf list --collector list_walk
	chmod 0 /sys/kernel/debug/dma_buf
	hints root-without-dac CAP_DAC_READ_SEARCH \
		./setpriv --bounding-set=-dac_read_search,-dac_override \
		dmabuf list --collector debugfs
	chmod 0755 /sys/kernel/debug/dma_buf
	hints root-without-ptrace "CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH" \
		./setpriv --bounding-set=-sys_ptrace dmabuf list --collector procfs
}

lockdown()
{
	# On v5.10 this limit would come before lockdown.
	# shellcheck disable=SC3045 # of busybox
	ulimit -l unlimited
	for collector in list_walk task_iter; do
		says $collector "lockdown=confidentiality: this kernel does not let BPF" \
			dmabuf list --collector $collector
	done
	says user "lockdown=confidentiality: this kernel does not let BPF" with_caps
	answers answer
}

# in_proc COMMAND: runs it with a /proc that has only processes
in_proc()
{
	unshare -m sh -c "mount -t proc -o subset=pid proc /proc && $1"
}

proc()
{
	in_proc "dmabuf list --json" >all 2>err
	test "$(jq -r .kernel all)" = "$(uname -r)"
	result $? subset-release "$(cat all err)"
	# A kernel that looks up symbols itself does not need the file.
	[ "$KERNEL" != 5.10 ] ||
		says subset-symbols "/proc/kallsyms: No such file or directory; mount a /proc" \
			in_proc "dmabuf list --collector list_walk"

	sed 's/ db_list$/&.llvm.3433979326929198294/' /proc/kallsyms >symbols
	mount --bind symbols /proc/kallsyms
	dmabuf list --collector list_walk --json >all 2>err
	test "$(jq '.buffers | length' all)" = "$(jq '.buffers | length' truth)"
	result $? suffix-of-symbol "$(cat all err)"
	umount /proc/kallsyms
}

hold truth basic || exit
"$2"
end_scene
