# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest: waits.sh KERNEL. Looks for system calls that wait, whatever the
# kernel has to do, in commands that read buffers. A grace period of RCU takes 5 to 80 ms
# on a machine with many CPUs, and none of it is seen in counted instructions.
set -u

KERNEL=$1

. ./guest.sh

# An update of a map of maps waits for a grace period, and so does membarrier(). The
# others sleep or wait for another process. save waits for the disk with fsync().
WAITS='BPF_MAP_TYPE_(ARRAY|HASH)_OF_MAPS|^[0-9]+ +(membarrier|(clock_)?nanosleep|p?poll'
WAITS="$WAITS|p?select6?|epoll_p?wait2?|pause|wait4|waitid|flock)\("

# waits NAME COMMAND...
waits()
{
	name=$1
	shift
	strace -f -o log ./dmabuf "$@" >/dev/null 2>err
	status=$?
	[ $status -eq 0 ] && grep -q ' execve(' log && ! grep -E "$WAITS" log >found
	result $? "waits/$name" "exit status $status: $(cat found err)"
}

hold truth basic
waits summary
waits list list
waits json list --json
waits dump list --format dmabuf_dump
waits ps ps
waits leaks leaks
waits show show "$(grep -o '"ino":[0-9]*' truth | head -n 1 | cut -d : -f 2)"
[ ! -d /dev/dma_heap ] || waits heaps heaps
waits save save saved
waits loaded list --input saved
end_scene
