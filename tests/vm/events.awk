# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: awk -f events.awk TRUTH EVENTS
#
# Compares events of buffers with the truth: each of its buffers was made, got a
# descriptor, was renamed, mapped and freed, in this order, by one process. TRUTH has
# lines "INO PID", and "parent PID" for a process that only tries exporters, EVENTS has "EVENT PID INO" and what is lost. Prints differences, and at
# last how many events there were and how many are lost.

BEGIN {
	count = split("made fd renamed mapped freed", order, " ")
	for (i = 1; i <= count; i++)
		place[order[i]] = i
}

FILENAME == ARGV[1] && $1 == "parent" {
	parents[$2]
	next
}

FILENAME == ARGV[1] {
	maker[$1] = $2
	buffers++
	next
}

$1 == "--" {
	lost += $2
	next
}

$2 in parents {
	next
}

# The kernel skipped what would have kept the inode number.
$1 == "freed" && $3 == "-" {
	seen++
	unnamed++
	next
}

!($1 in place) || !($3 in maker) || maker[$3] != $2 {
	print "unexpected: " $0
	next
}

{
	if (place[$1] <= last[$3])
		print "after " order[last[$3]] ": " $0
	last[$3] = place[$1]
	seen++
}

END {
	if (seen + lost != count * buffers)
		print "seen " seen + 0 " and lost " lost + 0 " are not " count * buffers
	if (unnamed && !lost)
		print "freed without an inode number: " unnamed
	print "seen " seen + 0 " lost " lost + 0
}
