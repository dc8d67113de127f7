# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Files in place of the kernel's types that no kernel has, and operands of one who wants
# the program to fail.
mkdir -p root/sys/kernel/btf root/proc
cp ../kernel/proc/kallsyms root/proc/
btf=root/sys/kernel/btf/vmlinux
w() { try "btfwalk --root root --explain $*"; }

# A typedef of itself, and a struct with a member of that type.
{
	printf '\237\353\1\0\30\0\0\0\0\0\0\0\44\0\0\0\44\0\0\0\5\0\0\0'
	printf '\1\0\0\0\0\0\0\10\1\0\0\0'
	printf '\1\0\0\0\1\0\0\4\10\0\0\0\3\0\0\0\1\0\0\0\0\0\0\0'
	printf '\0s\0m\0'
} >$btf
w 0x1 s.m
cp $btf cycle
head -c 50 cycle >$btf
w 0x1 s.m
: >$btf
w 0x1 s.m
rm $btf
w 0x1 s.m

# Casts inside of casts.
cp ../kernel/sys/kernel/btf/vmlinux $btf
inside=$(printf '{widget.%.0s' {1..9})
w "'all_widgets$inside}'" widget.node id
w "'all_widgets{widget.node}'" widget.node id

# A recipe that does not fit, one that just does, and one with a NUL.
recipe='what: x
1-: all_widgets widget.node id
#'
printf '%s%*s' "$recipe" $((65536 - ${#recipe})) '' >fits
w -r ./fits
printf ' ' >>fits
w -r ./fits
printf '%s\n\0%s' "$recipe" "$recipe" >nul
w -r ./nul
