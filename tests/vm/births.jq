# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares births in a list, $list, with the truth, $truth. Prints differences.
#
# "now" of the list is not known, but it is the same for all: now - age must be in the
# time in which the buffer was made.
def truth: $truth[0].births | map({key: "\(.ino)", value: .}) | from_entries;

truth as $truth |
[$list[0].buffers[] | select($truth["\(.ino)"]) | . + {made: $truth["\(.ino)"]}] as $found |
if ($found | length) != ($truth | length) then
	"\($found | length) of \($truth | length) buffers are listed"
else empty end,
([$found[] | .made.from + .age] | max) as $least |
([$found[] | .made.to + .age] | min) as $most |
if $least > $most + 1000000 then
	"the ages do not agree: \($least - $most) ns"
else empty end,
($found[] |
	select(.born_by != "\(.made.comm):\(.made.pid)" or .born_uid != .made.uid) |
	"\(.ino): \(.born_by) of \(.born_uid) instead of \(.made)")
