# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Targets of save: new files, existing files, pipes and devices.
# Not emulated: QEMU 7.2 does not know openat2()
f=data/7.3-basic.dmabuf
try "dmabuf save --input $f new; stat -c '%a %s' new"
try "(umask 077; dmabuf save --input $f private); stat -c %a private"
echo old >old
chmod 640 old
try "dmabuf save --input $f old; cmp $f old; stat -c %a old"
long=$(printf '%0255d' 0)
try "dmabuf save --input $f \$long; cmp $f \$long"
rm "$long"
try "dmabuf save --input $f -- -x; cmp $f -- -x"
try "dmabuf save --input $f /dev/stdout | cmp - $f"
try "dmabuf save --input $f /dev/null; test -c /dev/null"
# A descriptor of this process keeps its position and O_APPEND, and one of another
# process is appended to.
for name in /dev/stdout /dev/fd/1 /proc/self/fd/1 -; do
	{ echo before && dmabuf save --input $f $name && echo after; } >log
	echo log >>log
	dmabuf save --input $f $name >>log
	{ echo before && cat $f && echo after && echo log && cat $f; } >expected
	try "cmp log expected"
done
exec 3>>log
try "dmabuf save --input $f /proc/\$\$/fd/3"
cat $f >>expected
try "cmp log expected"
exec 3>&-
try "dmabuf save --input $f /dev/fd/3"
rm log expected
mkfifo fifo
cat fifo >came &
try "dmabuf save --input $f fifo"
wait
try "cmp came $f; test -p fifo"
# No temporary file is left.
try "ls -A"
