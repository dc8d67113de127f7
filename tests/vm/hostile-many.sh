#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: hostile-many.sh KERNEL COUNT. A user without privileges has COUNT
# processes; see mkhostile.c. Root must see all other buffers and their holders. With
# odd names this must take the time that as many objects with plain names take. The clock
# of the guest counts instructions. The line protocol is that of tests/run.
# shellcheck disable=SC2319
set -u

KERNEL=$1
COUNT=$2
LONGEST=1000

# shellcheck source=guest.sh
. ./guest.sh

# begin NAMES: starts the processes of the user, and waits until all are there
begin()
{
	mkdir -m 777 folder
	rm -f theirs
	(cd folder && exec ../setpriv --reuid=1000 --regid=1000 --clear-groups \
		../mkhostile "$1" "$COUNT") >theirs 2>theirs.err &
	USER=$!
	ready "begin-$1" theirs $USER || return
	theirs=$(jq .buffers theirs)
	echo "  # $1: $(cat theirs)"
}

end()
{
	kill $USER
	wait $USER
	rmdir folder
}

# look NAMES COMMAND: runs a command of dmabuf and writes its output to COMMAND.json, and
# its instructions to COMMAND.NAMES
look()
{
	cost spent dmabuf "$2" --json >"held-$2.json" 2>err
	status=$?
	case $status in 0 | 3) true ;; *) false ;; esac && jq -e . "held-$2.json" >/dev/null
	result $? "$1-$2" "exit status $status: $(cat err)"
	cut -d' ' -f1 spent >"$2.$1"
}

# Compares what root sees of the scene with its truth.
sees_all()
{
	jq --slurpfile truth truth '.buffers |=
		map(select(.ino as $ino | any($truth[0].buffers[]; .ino == $ino)))' \
		held-list.json >list.json
	jq --arg collector "$(jq -r .collectors.buffers list.json)" \
		--arg kernel "$KERNEL" -f known.jq truth >known
	differences=$(jq -n -r --argjson longest $LONGEST --slurpfile truth known \
		--slurpfile list list.json -f compare.jq 2>&1)
	test -z "$differences"
	result $? sees-buffers "$differences"
	: >held-show.json
	differences=$(jq -n -r --slurpfile truth truth --slurpfile list held-list.json \
		--slurpfile ps held-ps.json --slurpfile leaks held-leaks.json \
		--slurpfile show held-show.json -f holders.jq 2>&1)
	test -z "$differences"
	result $? sees-holders "$differences"
	test "$(jq '.buffers | length' held-list.json)" -eq \
		$(($(jq '.buffers | length' truth) + theirs))
	result $? sees-count "$(jq -c .totals held-list.json)"
	test "$(jq -c '[.gaps[].what]' held-list.json)" = "[]"
	result $? sees-whole "$(jq -c .gaps held-list.json)"
}

# A row is a line, and no byte of a name controls the terminal.
prints_lines()
{
	for command in list ps leaks; do
		dmabuf $command --no-headings >out 2>err
		LC_ALL=C tr -d '\n -~' <out >controls
		rows=$(jq '.buffers // .processes // .leaks | length' held-$command.json)
		test ! -s controls && [ "$(wc -l <out)" -eq "$rows" ]
		result $? "prints-$command" "$(wc -l <out) lines for $rows rows; $(head -n 5 out)"
	done
}

hold truth shared || exit 1
for command in list ps leaks; do
	look alone $command
done
[ ! -e /dev/dma_heap/system ] || chmod 666 /dev/dma_heap/system
for names in plain odd; do
	begin $names || exit 1
	for command in list ps leaks; do
		look $names $command
	done
	if [ $names = odd ]; then
		sees_all
		prints_lines
	fi
	end
done
for command in list ps leaks; do
	alone=$(cat $command.alone) plain=$(cat $command.plain) odd=$(cat $command.odd)
	echo "  # $command: $alone instructions alone, $plain with plain names, $odd with odd names"
	test $((odd - alone)) -lt $(((plain - alone) * 3 / 2))
	result $? "cost-of-$command" "alone $alone, plain $plain, odd $odd"
done
end_scene
