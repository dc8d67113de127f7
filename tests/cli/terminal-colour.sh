# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Colour is used on terminals, unless the user turns it off.
tty()
{
	script -qec "stty cols 80; $1" /dev/null | tr -d '\r' | cat -v
}
f=data/7.3-empty.dmabuf
g=data/6.1-basic.dmabuf
export TERM=xterm
try "tty 'dmabuf --input $g'"
try "tty 'dmabuf list --input $g' | head -n 2"
try "tty 'dmabuf list --input $f'"
try "tty 'dmabuf list --input $g --json' | grep -c '\^\['"
try "tty 'dmabuf --help' | grep -c '\^\['"
try "NO_COLOR=1 tty 'dmabuf --input $g' | grep -c '\^\['"
# An empty NO_COLOR counts as unset: https://no-color.org
try "NO_COLOR= tty 'dmabuf --input $g' | grep -c '\^\['"
try "TERM=dumb tty 'dmabuf --input $g' | grep -c '\^\['"
try "(unset TERM; tty 'dmabuf --input $g' | grep -c '\^\[')"
try "dmabuf --input $g | grep -c \$'\\033'"
try "NO_COLOR= dmabuf --input $g | grep -c \$'\\033'"
