# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Runs programs of another architecture. A program is of another architecture if it is in
# a build folder with the name of one.

# find_emulator FOLDER PROGRAM: sets emulator, an array, to the words before the command,
# and sysroot to the folder of the libraries. Both are empty if this machine runs PROGRAM
# without. x86-64 runs i386, which needs only its libraries; QEMU emulates the others. Pages
# of arm64 have 16 KiB, so that data of machines with other pages is read on both.
find_emulator() {
	local arch=${1%%/*} name loader
	emulator=() sysroot=''
	case $arch in
	arm64 | armhf | i386) ;;
	*) return ;;
	esac
	"$2" --version >/dev/null 2>&1 && return
	read -r _ sysroot name < <(tools/setup --show-arch "$arch") || exit
	emulator=("$name" -L "$sysroot")
	[[ $arch != arm64 ]] || emulator+=(-p 16384)
	loader=$sysroot/lib/ld-linux.so.2
	if [[ $arch == i386 ]] && "$loader" --version >/dev/null 2>&1; then
		emulator=("$loader" --library-path "$sysroot/lib/i386-linux-gnu:$sysroot/usr/lib/i386-linux-gnu")
	fi
}

# input_emulator: prints the emulator and its libraries as inputs of a test
input_emulator() {
	[[ $sysroot ]] || return 0
	input "$("${emulator[0]}" --version)" the emulator
	input_files "$sysroot"/lib
}

# copy_program FILE DIR: puts a program into DIR. An emulated one gets a script with its
# name, and is beside it.
copy_program() {
	local name=${1##*/} option=-0
	[[ ${emulator[0]:-} == qemu-* ]] || option=--argv0
	if [[ ! $sysroot ]]; then
		cp "$1" "$2/"
		return
	fi
	cp "$1" "$2/$name.bin"
	cat >"$2/$name" <<-EOF
	#!/bin/sh
	exec ${emulator[*]} $option $name "$2/$name.bin" "\$@"
	EOF
	chmod +x "$2/$name"
}
