# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Runs in a guest: track-exporter.sh KERNEL. Births of the buffers of one
# exporter: the others have none, and are not lost.
set -u

KERNEL=$1

# shellcheck source=guest.sh
. ./guest.sh
# shellcheck source=hogs.sh
. ./hogs.sh
# shellcheck source=births.sh
. ./births.sh

fails_with long-exporter 1 '63 bytes' dmabuf track on --exporter "$(printf '%064d' 0)"
fails_with no-exporter 1 'empty name' dmabuf track on --exporter ''
hold truth basic
dmabuf list --json | jq -r '[.buffers[].exporter] | unique[]' >exporters
end_scene
one=$(tail -n 1 exporters)
rest=${one#?}
dmabuf track on
programs=$(ls $PINNED/track)
dmabuf track off
dmabuf track on --exporter "[${one%"$rest"}]*${rest#?}"
result $? on-exporter "$(cat exporters)"
[ "$(ls $PINNED/track)" = "$programs" ]
result $? same-programs "$(ls $PINNED/track)"
begin_hogs
hold truth basic
end_hogs
sleep 1
dmabuf list --json -o ino,exporter,age >list.json && [ "$(wc -l <exporters)" -gt 1 ] && jq -e --arg one "$one" \
	--slurpfile truth truth '[$truth[0].buffers[].ino] as $made |
	[.buffers[] | select([.ino] | inside($made))] | length > 1 and
	all((.age != null) == (.exporter == $one))' list.json >out
result $? births-of-exporter "$(jq -c '.gaps, [.buffers[] | [.exporter, .age]]' list.json; cat exporters)"
births=$(jq --arg one "$one" '[.buffers[] | select(.exporter == $one and .age)] | length' list.json)
[ "$(status births)/$(status lost)" = "$births/0" ] && [ "$(status others)" -gt 0 ]
result $? others-are-not-lost "$(dmabuf track status)"
got=$(dmabuf doctor --json | jq -c '.probes[] | select(.collector == "births") | [.why, .hint]')
echo "$got" | grep -q "of exporter \[.* alone ($(status others) of others): .*,null\]$"
result $? doctor-tells-of-exporter "$got"
dmabuf list --json --older-than 0s >out
[ "$(jq -r '[.buffers[].exporter] | unique[]' out)" = "$one" ]
result $? others-are-not-old "$(jq -c .buffers out)"
ino=$(jq --arg one "$one" '[.buffers[] | select(.exporter != $one)][-1].ino' list.json)
dmabuf show "$ino" >shown
grep -q '^who made it is not noted: .*exporter \[' shown
result $? others-are-explained "$(cat shown)"
# On 5.10, it has gaps.
dmabuf save saved 2>err
dmabuf show "$ino" --input saved 2>>err | grep -q '^who made it is not noted'
result $? others-are-explained-saved "$(dmabuf show "$ino" --input saved)"
end_scene
dmabuf track off
