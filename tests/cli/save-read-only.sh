# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A read-only folder, as a user who is not root.
# Not emulated: another user may not read the libraries
f=data/7.3-basic.dmabuf
as=
if [ "$(id -u)" -eq 0 ]; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	$as true 2>/dev/null || skip "setpriv cannot become another user"
fi
cp $f readable
chmod 644 readable
chmod 755 .
mkdir folder
echo old >folder/old
chmod 555 folder
nobody()
{
	# Several words, or none if no other user is needed.
	# shellcheck disable=SC2086
	$as "$@"
}
try "nobody dmabuf save --input readable folder/new"
try "nobody dmabuf save --input readable folder/old; cat folder/old"
try "ls -A folder"
chmod 000 readable
try "nobody dmabuf list --input readable"
