# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# At 80 columns all that matters can be read: prose, lists and headings are wrapped, names
# are shortened, numbers and words are whole.
tty()
{
	script -qec "stty cols ${2:-80}; $1" /dev/null | tr -d '\r'
}
export NO_COLOR=1 TERM=xterm
snap wide
try "tty 'dmabuf doctor --root data/7.3-basic-root'"
try "tty 'dmabuf doctor --root data/7.3-basic-root --columns collector,misses'"
try "tty 'dmabuf list --root data/7.3-shared-root' 2>&1"
try "tty 'dmabuf list --input wide.snap'"
try "tty 'dmabuf --input wide.snap'"
try "tty 'dmabuf leaks --root data/7.3-shared-root'"
try "tty 'dmabuf show 2 --root data/7.3-shared-root'"
try "tty 'dmabuf heaps --root data/6.12-heaps-root'"
try "tty 'dmabuf heaps --root data/6.12-heaps-root' 60"
# Three dots, where the terminal has no UTF-8.
try "LC_ALL=C tty 'dmabuf heaps --root data/6.12-heaps-root'"
