#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: static.sh KERNEL NAME. The static program runs in a root folder that
# has nothing else, then also /proc, then also /sys. ./static is the program, and NAME is
# part of the names of tests. Prints the line protocol of tests/run. result gets
# conditions together with their output:
# shellcheck disable=SC2319
set -u

KERNEL=$1 NAME=$2
# shellcheck disable=SC2034 # guest.sh needs it
LONGEST=1000
ROOT=/tmp/empty

# shellcheck source=guest.sh
. ./guest.sh

dmabuf()
{
	chroot "$ROOT" /dmabuf "$@"
}

# chroot needs a capability. It gives the program nothing to read.
nobody_dmabuf()
{
	as_nobody --inh-caps=-all,+sys_chroot --ambient-caps=-all,+sys_chroot \
		/bin/busybox chroot "$ROOT" /dmabuf "$@"
}

# says NAME STATUS TEXT COMMAND...: checks the exit status, and TEXT in the messages
says()
{
	name=$NAME-$1 wanted=$2 text=$3
	shift 3
	"$@" >out 2>err
	status=$?
	[ $status -eq "$wanted" ] && grep -qF -e "$text" out err
	result $? "$name" "exit status $status: $(cat out err)"
}

mkdir "$ROOT"
cp ./static "$ROOT/dmabuf"

says nothing-root 1 "no collector works here" dmabuf list
says nothing-user 1 "no collector works here" nobody_dmabuf list
says nothing-version 0 "dmabuf " dmabuf --version

hold truth basic || exit

mkdir "$ROOT/proc"
mount -t proc proc "$ROOT/proc"
agrees "$NAME-proc-root"
says proc-user 1 "grant CAP_SYS_PTRACE" nobody_dmabuf list

mkdir "$ROOT/sys"
mount -t sysfs sysfs "$ROOT/sys"
agrees "$NAME-sys-root"
says sys-user 1 "no CAP_BPF" nobody_dmabuf list
for collector in iter_open iter_seq list_walk; do
	agrees "$NAME-$collector" --collector $collector
done
says holders 0 "a message in flight in a socket" dmabuf leaks

# The kernel's own libraries of groups are not there.
says group-unknown 2 "no group is called 'video': give one of /etc/group" \
	dmabuf pin --group video
mkdir "$ROOT/etc"
echo video:x:44: >"$ROOT/etc/group"
mount -t bpf bpf "$ROOT/sys/fs/bpf"
dmabuf pin --group video
group=$(stat -c %g "$ROOT/sys/fs/bpf/dmabuf/records")
test "$group" = 44
result $? "$NAME-group-known" "the group is $group"
dmabuf unpin

mkdir "$ROOT/dev"
mount -t devtmpfs dev "$ROOT/dev"
if [ -e "$ROOT/dev/dma_heap" ]; then
	says alloc 0 1265664 dmabuf alloc system 1236K -- /dmabuf list --bytes
else
	says alloc-none 1 CONFIG_DMABUF_HEAPS=y dmabuf alloc system 1236K -- /dmabuf list --bytes
fi
end_scene
