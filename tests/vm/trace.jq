# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares the slices of a trace for viewers, $trace, with the truth, $truth. Prints
# differences. The process of the truth itself only tries exporters.

def truth: $truth[0].births | map({key: "\(.ino)", value: .}) | from_entries;
def records($phase): $trace[0].traceEvents
	| map(select(.ph == $phase and .pid != $truth[0].pid));
def nanoseconds: . * 1000 | round;

truth as $births
| (records("e") | map({key: .id, value: .}) | from_entries) as $ends
| (records("b") | map({key: "\(.args.ino)", value: .}) | from_entries) as $begins
| (if (records("b") | length) != ($births | length) then "slices: \(records("b") | length)" else empty end),
  (if ($ends | length) != ($births | length) then "ends: \($ends | length)" else empty end),
  ($births | to_entries[]
	| .key as $ino | .value as $birth | $begins[$ino] as $begin | $ends[$begin.id] as $last
	| select($begin == null or $last == null or ($last.args.freed | not)
		or $begin.pid != $birth.pid or $last.name != $begin.name or $last.cat != $begin.cat
		or ($begin.ts | nanoseconds) < $birth.from - 1000 or ($begin.ts | nanoseconds) > $birth.to + 1000
		or $last.ts < $begin.ts)
	| "\($birth): \($begin) \($last)"),
  (records("C") | group_by(.name)[] | last | select(.args.bytes != 0) | "left: \(.)"),
  ($trace[0].traceEvents[]
	| select(.ph == null or .name == null or (.ts | type) != "number"
		or (.pid | type) != "number" or (.tid | type) != "number")
	| "not a record: \(.)")
