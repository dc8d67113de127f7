# SPDX-License-Identifier: GPL-2.0-or-later
#
# Checks the output of dmabuf about holders: that it is consistent, and that it agrees
# with the truth of mkbufs:
#
#   jq -n -r --slurpfile truth FILE --slurpfile list FILE --slurpfile ps FILE \
#       --slurpfile leaks FILE --slurpfile show FILE -f holders.jq
#
# The files are the output of list, ps, leaks and show for one snapshot; show has one
# output for each buffer. Prints a line for each difference. Ignores objects that a gap
# reports as not searched.

def has_gap($what): any($list[0].gaps[]; .what == $what);

def lacks_handles: has_gap("GEM handles");

def sum(f): map(f) | add // 0;

# Buffers whose references can be found. Before 5.12, the kernel does not tell which
# files are mapped.
def findable:
	.name // "" | ($list[0].kernel | startswith("5.10")) and
		(endswith("-in-mapped-ring") or endswith("-in-mapping")) | not;

def key: "\(.ino) \(.size)";

def holders:
	map({ pid, comm, fds, maps, handles: (if lacks_handles then 0 else .handles end) }
	    | select(.fds + .maps + .handles > 0))
	| sort_by(.pid);

# The number of references of each type in the output of show
def held: reduce .[] as $h ({}; .[$h.type] += $h.refs) | with_entries(select(.value > 0));

def hidden:
	[ (if lacks_handles then "gem_handle", "gem_object" else empty end),
	  (if has_gap("buffers in V4L2 queues") then "v4l2" else empty end) ];

def without_hidden: with_entries(select(.key | IN(hidden[]) | not));

$ps[0] as $p | $list[0] as $l
| ($l.buffers | map({ (key): . }) | add // {}) as $by_key
| ([$show[] | { (.buffer | key): . }] | add // {}) as $shown
| ($l.buffers | map(select(.kernel_only)) | sum(.size)) as $only
| ([$leaks[0].leaks[].inos[]] | sort) as $leaking
| (select(has_gap("holders") or lacks_handles | not)
   | ($p.processes | sum(.pss)) as $pss
   | select($pss + $p.totals.kernel_only != $p.totals.bytes)
   | "PSS \($pss) and kernel-only \($p.totals.kernel_only) are not \($p.totals.bytes)"),
  (select($p.totals.kernel_only != null and $only != $p.totals.kernel_only)
   | "kernel-only: \($only) in list, \($p.totals.kernel_only) in sum"),
  ($p.processes[] | select(.pss > .rss) | "PSS is more than RSS: \(.)"),
  ($p.processes[] | . as $one
   | ([$l.buffers[] | .size as $size | .holders[]? | select(.pid == $one.pid) | . + { $size }]
      | { buffers: length, fds: sum(.fds), maps: sum(.maps), handles: sum(.handles),
	  rss: sum(.size),
	  pss: (if any(.pss == null) then null else sum(.pss) end) }) as $want
   | select(($one | { buffers, fds, maps, handles, rss, pss }) != $want)
   | "process \($one) is not \($want)"),
  ($truth[0].pid as $pid
   | ([$truth[0].buffers[] | select(findable) | select(.held | del(.fd, .map) != {})
       | select(all(.holders[]; .pid != $pid))] | sum(.size)) as $want
   | ($p.processes | map(select(.pid == $pid)))[0] as $one
   | select($one.kept != null and $one.kept != $want)
   | "kept by \($one) should be \($want)"),
  ($l.buffers[] | select($show != []) | . as $b
   | ([$shown[key].holders[].refs] | add // 0) as $refs
   | select($refs != .explained)
   | "\(key): list explains \(.explained) references, show \($refs)"),
  ($l.buffers[] | select((.kernel_only or (.unexplained // 0) > 0) != ([.ino] | inside($leaking)))
   | "\(key): is or is not in leaks: \(.)"),
  ($truth[0].buffers[] | select(findable)
   | (.holders | holders) as $want
   | $by_key[key] as $is
   | select(($is.holders // [] | holders) != $want)
   | "\(key): \($want) expected, got \($is)"),
  ($truth[0].buffers[] | select($show != []) | select(findable)
   | (.held | without_hidden) as $want
   | ($shown[key].holders // [] | held | without_hidden) as $is
   | select($is != $want)
   | "\(key): held by \($want), not by \($is)"),
  ($truth[0].buffers[] | select(findable)
   | (.holders == []) as $only
   | $by_key[key] as $is
   # Then an unexplained reference may be a handle of a process.
   | select((lacks_handles and $is.explained != $is.refs and $is.kernel_only == null) | not)
   | select($is.kernel_only != $only)
   | "\(key): kernel-only should be \($only)"),
  ($truth[0].buffers[] | select(findable) | $by_key[key]
   | select($l.gaps == [] and .unexplained != 0)
   | "not all explained: \(.)")
