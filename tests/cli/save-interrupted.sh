# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal while it reads: no temporary file is left, and the old file stays.
mkfifo pipe
echo old >old
# stop SIGNAL: interrupts a save that waits for the rest of its input
stop()
{
	env --default-signal="$1" dmabuf save --input pipe old &
	# Waits until the program opens the other end.
	exec 3>pipe
	head -c 1000 data/7.3-basic.dmabuf >&3
	kill -s "$1" $!
	wait $! 2>/dev/null
	status=$?
	exec 3>&-
	return $status
}
try "stop INT"
try "stop TERM"
try "stop HUP"
try "cat old; ls -A"

# A signal while it writes, as soon as its temporary file exists: the new file is
# complete, or the old one is unchanged.
snap many 100000
dmabuf save --input many.snap whole
for signal in INT QUIT XCPU XFSZ USR1 ALRM; do
	env --default-signal="$signal" dmabuf save --input whole new 2>/dev/null &
	until compgen -G '.new-*' >/dev/null || ! kill -0 $! 2>/dev/null; do
		:
	done
	kill -s "$signal" $! 2>/dev/null
	wait $! 2>/dev/null
done
try "cmp whole new; ls -A"
