# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No line is wider than the terminal, and no row is lost.
# fits COLUMNS COMMAND: prints the number of lines, or the lines that are too long
fits()
{
	script -qec "stty cols $1; $2" /dev/null | tr -d '\r' >shown
	if [ "$(wc -L <shown)" -gt "$1" ]; then
		cat shown
		return 1
	fi
	wc -l <shown
}
export NO_COLOR=1 TERM=xterm
snap wide
snap huge
for f in wide.snap huge.snap data/7.3-names.dmabuf data/7.3-basic.dmabuf; do
	try "fits 80 'dmabuf list --input $f'"
	try "fits 80 'dmabuf --input $f'"
done
try "fits 80 'dmabuf list --input wide.snap --bytes'"
try "fits 132 'dmabuf list --input wide.snap'"
try "fits 50 'dmabuf list --input data/7.3-basic.dmabuf'"
try "fits 80 'dmabuf doctor --root data/7.3-basic-root' >/dev/null"
try "fits 80 'dmabuf doctor --root data/7.3-basic-root --columns used,misses' \
>/dev/null"
try "fits 60 'dmabuf doctor --root data' >/dev/null"
for command in '' summary list doctor pin unpin save; do
	try "fits 80 'dmabuf $command --help' >/dev/null"
done
# A number is never cut, even if it does not fit.
try "script -qec 'stty cols 40; dmabuf list --input huge.snap --bytes' \
/dev/null | grep -o '[0-9]\{15,\}'"
# Output to a pipe is not cut.
try "dmabuf list --input wide.snap"
