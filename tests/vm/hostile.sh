#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: hostile.sh KERNEL COUNT [SCENE...]. User 1000, who has no privileges,
# tries to make root read or write a wrong file, or believe a wrong answer. A scene is a
# function. A race has COUNT tries.
# shellcheck disable=SC2319
set -u

KERNEL=$1
COUNT=$2
# A file that only root may read or write
SECRET=$PWD/secret

# shellcheck source=guest.sh
. ./guest.sh

shift 2
# pin_race runs only when it is named: a try loads programs, and takes a second.
SCENES=${*:-links link_race owners forged_folder forged_holders pin_owners}

new_secret()
{
	rm -f "$SECRET"
	(umask 077 && echo secret >"$SECRET")
}

# secret_is_safe NAME WHY: the secret has its text, owner and permissions
secret_is_safe()
{
	is="$(stat -c '%u %a' "$SECRET") $(head -c 20 "$SECRET")"
	test "$is" = "0 600 secret"
	result $? "$1" "$is: $2"
}

# refuses NAME TEXT COMMAND...: the command fails with TEXT on stderr
refuses()
{
	refuses_name=$1 refuses_text=$2
	shift 2
	"$@" >out 2>err
	test $? -eq 1 && grep -q "$refuses_text" err
	result $? "$refuses_name" "$(cat err)"
}

sysctls()
{
	for setting; do
		echo "${setting#*=}" >"/proc/sys/fs/${setting%=*}"
	done
}

has_iterator()
{
	grep -qx iter_seq "$KERNEL"
}

# /tmp is as everywhere: everybody may make files, and nobody may rename those of others.
scene_links()
{
	new_secret
	sysctls protected_symlinks=1 protected_regular=2
	as_user ln -s "$SECRET" /tmp/out
	refuses link-of-another-user "Permission denied" dmabuf save /tmp/out
	secret_is_safe link-is-not-followed "$(cat err)"

	as_user touch /tmp/mine
	refuses file-of-another-user "Permission denied" dmabuf save /tmp/mine

	# Where the kernel allows it, the file is replaced, but nobody else may read it.
	sysctls protected_symlinks=0
	dmabuf save /tmp/out 2>err
	dmabuf list --input "$SECRET" >/dev/null 2>>err &&
		[ "$(stat -c '%u %a' "$SECRET")" = "0 600" ]
	result $? link-that-may-be-followed "$(cat err)"
	sysctls protected_symlinks=1
	rm -f /tmp/out /tmp/mine
}

# The link comes and goes while root saves.
scene_link_race()
{
	new_secret
	sysctls protected_symlinks=1 protected_regular=0
	dmabuf save snapshot 2>err
	as_user hostile link /tmp/out "$SECRET" &
	for _ in $(seq "$COUNT"); do
		dmabuf save --input snapshot /tmp/out 2>>err
		rm -f /tmp/out 2>/dev/null
	done
	kill $!
	secret_is_safe link-race "$(tail -n 5 err)"
	refused=$(grep -c "Permission denied" err)
	test "$refused" -gt 0 && [ "$refused" -lt "$COUNT" ]
	result $? link-race-goes-both-ways "$refused of $COUNT refused: $(tail -n 5 err)"
	rm -f /tmp/out* snapshot
	left=$(find /tmp -name '.new-*')
	test -z "$left"
	result $? link-race-leaves-nothing "$left"
}

scene_owners()
{
	mkdir -m 777 shared
	chmod 755 .
	as_user sh -c 'umask 027; echo old >shared/file'
	dmabuf save shared/file 2>err
	is=$(stat -c '%u:%g %a' shared/file)
	test "$is" = "1000:1000 640"
	result $? owner-is-kept "$is: $(cat err)"

	# A user who cannot keep the owner does not replace the file.
	echo old >shared/of-root
	chmod 666 shared/of-root
	dmabuf save snapshot 2>err
	chmod 644 snapshot
	refuses owner-cannot-be-kept "owner and group" \
		as_user ./dmabuf save --input snapshot shared/of-root
	test "$(cat shared/of-root)" = old && [ "$(ls -A shared)" = "file
of-root" ]
	result $? owner-of-another "$(ls -la shared)"
	rm -r shared snapshot
}

# The user makes the folder of pinned files, with a link to a file of their own.
scene_forged_folder()
{
	hold truth basic || return
	chmod 1777 /sys/fs/bpf
	as_user hostile records >/tmp/forged
	as_user mkdir /sys/fs/bpf/dmabuf
	as_user ln -s /tmp/forged /sys/fs/bpf/dmabuf/records

	dmabuf list --json >list.json 2>err
	test $? -eq 0 && ! grep -q forged list.json &&
		[ "$(jq '.buffers | length' list.json)" = \
			"$(jq '.buffers | length' truth)" ]
	result $? forged-folder-of-root "$(cat list.json err)"
	as_nobody dmabuf list --json >list.json 2>err
	test $? -ne 0 && ! grep -q forged list.json
	result $? forged-folder-of-nobody "$(cat list.json err)"
	refuses forged-folder-asked-for "rm -r /sys/fs/bpf/dmabuf" \
		dmabuf list --collector pinned

	if has_iterator; then
		refuses pin-in-folder-of-another "belongs to uid 1000" dmabuf pin
		refuses unpin-in-folder-of-another "belongs to uid 1000" dmabuf unpin
	fi
	rm -r /sys/fs/bpf/dmabuf
	if has_iterator; then
		as_user ln -s /tmp /sys/fs/bpf/dmabuf
		refuses pin-in-a-link "Not a directory" dmabuf pin
		rm /sys/fs/bpf/dmabuf
		mkdir -m 777 /sys/fs/bpf/dmabuf
		refuses pin-where-others-write "written by others" dmabuf pin
		rmdir /sys/fs/bpf/dmabuf
		chmod 0777 /sys/fs/bpf
		refuses pin-where-others-rename "written by others" dmabuf pin
		chmod 1777 /sys/fs/bpf
	fi
	rm /tmp/forged
	end_scene
}

# A pinned file that says who holds its buffers; nobody searched for holders.
scene_forged_holders()
{
	mkdir -p tree/sys/fs/bpf/dmabuf
	as_user hostile holders >tree/sys/fs/bpf/dmabuf/records
	refuses forged-holders "unexpected kind of record" \
		dmabuf list --root tree --collector pinned
	dmabuf --root tree --json >out 2>&1
	! grep -q task_iter out
	result $? forged-holders-by-default "$(cat out)"
	rm -r tree
}

# Files that were pinned by somebody who is neither root nor the reader.
scene_pin_owners()
{
	has_iterator || return
	hold truth basic || return
	dmabuf pin --mode 0444 2>err && chmod a+x /sys/fs/bpf
	as_nobody dmabuf list --json --columns ino >list.json 2>>err
	result $? pinned-by-root "$(cat list.json err)"

	chown 1000 /sys/fs/bpf/dmabuf/records
	as_nobody dmabuf list --json --columns ino >list.json 2>err
	test "$(jq -r .collectors.buffers list.json)" != pinned
	result $? pinned-by-another-is-not-used "$(cat list.json err)"
	as_nobody dmabuf list --json --collector pinned --columns ino >list.json 2>err
	test $? -eq 3 && grep -q '"complete":false' list.json &&
		grep -q "pinned by uid 1000" list.json
	result $? pinned-by-another "$(cat list.json err)"
	as_user ./dmabuf list --json --collector pinned --columns ino >list.json 2>err
	result $? pinned-by-oneself "$(cat list.json err)"

	chown 0 /sys/fs/bpf/dmabuf/records
	chown 1000 /sys/fs/bpf/dmabuf
	as_nobody dmabuf list --json --collector pinned --columns ino >list.json 2>err
	test $? -eq 3 && grep -q "pinned by uid 1000" list.json
	result $? pinned-in-folder-of-another "$(cat list.json err)"
	chown 0 /sys/fs/bpf/dmabuf
	dmabuf unpin
	end_scene
}

# The user makes the folder when root is about to, and links when root has pinned.
scene_pin_race()
{
	has_iterator || return
	new_secret
	chmod 1777 /sys/fs/bpf
	as_user hostile pin "$SECRET" &
	pinned=0 won=0
	for _ in $(seq "$COUNT"); do
		if dmabuf pin --mode 0444 2>>err; then
			pinned=$((pinned + 1))
			dmabuf unpin 2>>err
		fi
		if [ "$(stat -c %a "$SECRET")" != 600 ]; then
			won=$((won + 1))
			chmod 600 "$SECRET"
		fi
	done
	kill $!
	rm -rf /sys/fs/bpf/dmabuf
	test $won -eq 0
	result $? pin-race "the mode of root's file changed in $won of $COUNT pins"
	test $pinned -gt 0 && [ $pinned -lt "$COUNT" ]
	result $? pin-race-goes-both-ways "$pinned of $COUNT pinned: $(tail -n 5 err)"
	echo "  # pinned $pinned of $COUNT, lost $won"
}

chmod 755 . dmabuf hostile setpriv
for scene in $SCENES; do
	timed "$scene" "scene_$scene"
done
