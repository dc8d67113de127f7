#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: enter.sh CMD [ARG]... runs a program of /clients with that folder as
# the root, in a mount namespace. /container is the same folder once more, without /proc
# and /dev, for container programs. The process keeps its ID.
# shellcheck disable=SC2016
exec unshare -m sh -c '
	mount --bind /clients /clients && cd /clients || exit
	for dir in dev proc sys tmp run; do
		mount --rbind "/$dir" "$dir" || exit
	done
	mount --bind /vm vm && mount --bind . container && mount --move . / &&
		exec chroot . "$@"' sh "$@"
