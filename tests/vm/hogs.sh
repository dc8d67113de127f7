# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Tasks that want the CPU, so that others are stopped anywhere: the kernel skips a
# program while one that was stopped in it waits.

begin_hogs()
{
	HOGS=
	for _ in 1 2 3; do
		while :; do :; done &
		HOGS="$HOGS $!"
	done
}

end_hogs()
{
	# shellcheck disable=SC2086
	kill $HOGS
}
