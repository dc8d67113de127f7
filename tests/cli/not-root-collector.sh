# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Without privileges the error names the missing one, and how to get it.
# Not emulated: QEMU does not know bpf(), another user may not read the libraries
dir=/sys/kernel/btf/vmlinux
[ -r $dir ] || skip "this kernel has no BTF"
as=
if [ "$(id -u)" -eq 0 ]; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	as+=' --inh-caps=-all --ambient-caps=-all'
	$as true 2>/dev/null || skip "setpriv cannot become another user"
fi
# shellcheck disable=SC2086
why=$($as dmabuf list --collector iter_open 2>&1)
case $why in
*"this kernel has no"*) skip "$why" ;;
esac
nobody()
{
	# shellcheck disable=SC2086
	$as "$@"
}
try "nobody dmabuf list --collector iter_open"
try "nobody dmabuf list --collector iter_open --json"
try "nobody dmabuf save --collector iter_open -"
