# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests/vm/holders.c printed that is wrong: in itself, and, for buffers of
# the truth of mkbufs, against that:
#
#   jq -n -r --slurpfile truth FILE --slurpfile got FILE -f holders.jq
#
# Prints a line for each difference, so nothing when they agree. What a gap says
# was not looked for is not asked.

def has_gap($what): any($got[0].gaps[]; .what == $what);

def key: "\(.ino) \(.size)";

# By descriptor or mapping: the truth has no handles.
def holders:
	map(select(.fds + .maps > 0)
	    | { pid, fds, maps: (if has_gap("holders") then 0 else .maps end) }
	    | select(.fds + .maps > 0))
	| sort_by(.pid);

def sum(f): map(f) | add // 0;

$got[0] as $got0
| ($got0.buffers | sum(.size)) as $bytes
| ($got0.processes | sum(.pss)) as $pss
| ($got0.buffers | map(select(.kernel_only)) | sum(.size)) as $only
| ($got0.buffers | map({ (key): . }) | add // {}) as $by_key
| (select(has_gap("holders") | not)
   | select($pss + $only != $bytes)
   | "PSS \($pss) and kernel-only \($only) are not \($bytes)"),
  ($got0.processes[] | select(.pss > .rss) | "PSS is more than RSS: \(.)"),
  ($got0.processes[] | . as $p
   | ([$got0.buffers[] | .size as $size | .holders[] | select(.pid == $p.pid) | . + { $size }]
      | { pid: $p.pid, buffers: length, fds: sum(.fds), maps: sum(.maps),
	  handles: sum(.handles), rss: sum(.size) }) as $want
   | select(($p | del(.pss)) != $want)
   | "process \($p) is not \($want)"),
  ($truth[0].buffers[]
   | (.holders | holders) as $want
   | $by_key[key] as $is
   | select(($is.holders // [] | holders) != $want)
   | "\(key): \($want) expected, got \($is)"),
  ($truth[0].buffers[] | $by_key[key]
   | select($got0.gaps == [] and (.unexplained != 0 or .kernel_only != (.holders == [])))
   | "not all explained: \(.)")
