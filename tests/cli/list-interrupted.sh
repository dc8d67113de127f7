# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal while it waits for its input: it prints a message and dies of the signal.
# Not emulated: the process has the name of the emulator, which handles its signals
mkfifo pipe
# handles_interrupt PID: succeeds once the process runs dmabuf and handles the signal
handles_interrupt()
{
	[ "$(cat "/proc/$1/comm")" = dmabuf ] &&
		(($((0x$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status"))) & 2))
}
interrupt()
{
	env --default-signal=INT dmabuf list --input - <pipe &
	exec 3>pipe
	head -c 1000 data/7.3-basic.dmabuf >&3
	until handles_interrupt $!; do
		sleep 0.01
	done
	kill -s INT $!
	wait $!
}
try "interrupt"
