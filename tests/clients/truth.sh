#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the kernel itself says of buffers, without dmabuf: a line "INO REFS FDS MAPS" for
# each buffer. References are from debugfs, descriptors and mappings from /proc.
{
	# The awk of busybox reads a number with a leading zero as octal.
	sed 's/\t0*\([0-9]\)/\t\1/g' /sys/kernel/debug/dma_buf/bufinfo |
		awk '/^[0-9]+[[:space:]]+[0-9a-f]+[[:space:]]/ { print "refs", $6, $4 }'
	# shellcheck disable=SC2012 # ls is one process, and the names are numbers
	ls -l /proc/[0-9]*/fd/* 2>/dev/null | awk '/ -> \/dmabuf:/ { print $(NF - 2) }' |
		xargs -r stat -L -c 'fd %i 1' 2>/dev/null
	awk '$6 ~ /^\/dmabuf:/ { print "map", $5, 1 }' /proc/[0-9]*/maps 2>/dev/null
} | awk '
	$1 == "refs" { refs[$2] = $3 }
	$1 == "fd" { fds[$2]++ }
	$1 == "map" { maps[$2]++ }
	END { for (ino in refs) print ino, refs[ino], fds[ino] + 0, maps[ino] + 0 }' | sort -n
